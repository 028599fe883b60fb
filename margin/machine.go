package margin

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// machine is the hard-margin support vector machine, min |w|_2 with y_i <w, x_i> >= 1,
// as non-negative least squares (Lawson and Hanson, "Solving Least Squares Problems",
// chapter 23): the q >= 0 that bring the sum of q_i (z_i/s, 1) nearest to (0, 1). Its
// columns that carry weight are independent, whatever the rows are, and it ends after
// finitely many steps.
func (p *Problem) machine() (*Solution, error) {
	// Whether there is a margin at all, and about which, the linear program knows
	// exactly; s makes both parts of a column alike.
	first, err := p.program(LInf)
	if err != nil {
		return nil, err
	}
	scale := first.Margin / Norm(first.Direction, L2)
	h := &hull{p: p, scale: 1 / scale, in: make([]bool, p.n), q: make([]float64, p.n), w: make([]float64, p.d)}
	if err := h.descend(); err != nil {
		return nil, err
	}
	w, q := h.polished()
	s := p.prove(L2, w, q)
	if other := p.prove(L2, h.w, h.q); s == nil || other != nil && other.Gap < s.Gap {
		s = other
	}
	if s == nil || !p.positive(s.Direction) {
		return nil, errors.New("margin: rounding hides the Euclidean margin. Try: standardized features, without nearly equal ones")
	}
	return s, nil
}

// hull is the search for the point nearest to the origin in the convex hull.
type hull struct {
	p      *Problem
	scale  float64
	in     []bool
	active []int
	q      []float64
	w      []float64 // sum of q_i z_i scale
	lack   float64   // 1 - sum of q
	chol   mat.Cholesky
}

// descend adds the most violated row and takes out those that lose their weight,
// until no row is violated.
func (h *hull) descend() error {
	p := h.p
	for range 20*(p.n+p.d) + 100 {
		h.sum()
		worst, at := 1e-13*(1+h.lack), -1
		for i := range p.n {
			// The gradient: how much closer the sum comes with weight on row i.
			if g := h.lack - h.scale*dot(p.row(i), h.w); !h.in[i] && g > worst {
				worst, at = g, i
			}
		}
		if at < 0 {
			return nil
		}
		if !h.add(at) {
			return nil // dependent to rounding accuracy: nothing is to be gained
		}
		for {
			s, err := h.best()
			if err != nil {
				return err
			}
			// As far toward s as no weight becomes negative.
			step := 1.0
			for k, i := range h.active {
				if s[k] <= 0 {
					step = min(step, h.q[i]/(h.q[i]-s[k]))
				}
			}
			kept := h.active[:0]
			dropped := false
			for k, i := range h.active {
				h.q[i] += step * (s[k] - h.q[i])
				if step < 1 && s[k] <= 0 && h.q[i] <= 1e-15 {
					h.q[i], h.in[i], dropped = 0, false, true
					continue
				}
				kept = append(kept, i)
			}
			h.active = kept
			if step >= 1 || !dropped {
				break
			}
			if !h.refactor() {
				return errors.New("margin: the support vectors are dependent to rounding accuracy. Try: standardized features, without nearly equal rows")
			}
		}
	}
	return errors.New("margin: the search for support vectors found no end. Try: standardized features")
}

// sum brings w and lack up to date.
func (h *hull) sum() {
	clear(h.w)
	h.lack = 1
	for _, i := range h.active {
		h.lack -= h.q[i]
		for j, v := range h.p.row(i) {
			h.w[j] += h.scale * h.q[i] * v
		}
	}
}

// product is the inner product of two columns.
func (h *hull) product(i, k int) float64 {
	return 1 + h.scale*h.scale*dot(h.p.row(i), h.p.row(k))
}

// add takes a row in; false if it depends on those that are in.
func (h *hull) add(i int) bool {
	n := len(h.active)
	if n == 0 {
		h.active, h.in[i] = append(h.active, i), true
		return h.refactor()
	}
	column := mat.NewVecDense(n+1, nil)
	for k, other := range h.active {
		column.SetVec(k, h.product(i, other))
	}
	column.SetVec(n, h.product(i, i))
	var larger mat.Cholesky
	if !larger.ExtendVecSym(&h.chol, column) || larger.Cond() > 1e15 {
		return false
	}
	h.chol.Clone(&larger)
	h.active, h.in[i] = append(h.active, i), true
	return true
}

func (h *hull) refactor() bool {
	n := len(h.active)
	if n == 0 {
		return true
	}
	gram := mat.NewSymDense(n, nil)
	for a, i := range h.active {
		for b := a; b < n; b++ {
			gram.SetSym(a, b, h.product(i, h.active[b]))
		}
	}
	return h.chol.Factorize(gram)
}

// best are the weights of the active rows without regard to their signs.
func (h *hull) best() ([]float64, error) {
	n := len(h.active)
	if n == 0 {
		return nil, nil
	}
	ones, s := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for k := range n {
		ones.SetVec(k, 1)
	}
	if err := h.chol.SolveVecTo(s, ones); err != nil {
		if c, poor := err.(mat.Condition); !poor || math.IsInf(float64(c), 1) {
			return nil, errors.New("margin: the support vectors are dependent. Try: standardized features, without equal rows")
		}
	}
	return s.RawVector().Data, nil
}

// polished computes weights anew from the support vectors by orthogonal steps, which
// square no condition number: all of them have margin 1, so that with Z^T = Q R the
// weights are alpha = R^-1 R^-T 1, and w = Q R^-T 1.
func (h *hull) polished() (w, q []float64) {
	n, d := len(h.active), h.p.d
	w, q = make([]float64, d), make([]float64, h.p.n)
	if n == 0 || n > d {
		return w, q
	}
	columns := mat.NewDense(d, n, nil)
	for k, i := range h.active {
		columns.SetCol(k, h.p.row(i))
	}
	var qr mat.QR
	qr.Factorize(columns)
	ones, alpha := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for k := range n {
		ones.SetVec(k, 1)
	}
	var least mat.VecDense
	if qr.SolveVecTo(&least, true, ones) != nil { // the shortest w with margins 1
		return w, q
	}
	if qr.SolveVecTo(alpha, false, &least) != nil {
		return w, q
	}
	copy(w, least.RawVector().Data)
	for k, i := range h.active {
		q[i] = alpha.AtVec(k)
	}
	return w, q
}
