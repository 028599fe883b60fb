package margin

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// tableau is a linear program at a vertex, all variables from 0 to their bounds:
//
//	maximise   value + sum_j gain_j x_j   over the nonbasic x_j, which are 0,
//	subject to y_i = level_i + sum_j t_ij x_j   for the basic y_i.
//
// A variable that has reached its bound is replaced by what is left to it, so that
// nonbasic ones are always 0. gonum's lp.Simplex works on the standard form, which
// needs bounds as rows and stops with errors where a vertex is degenerate.
type tableau struct {
	rows, cols int
	t          []float64
	level      []float64
	gain       []float64
	// bound of each variable, +Inf for none; variable k < cols is the k-th nonbasic
	// one in the beginning and cols+i the i-th basic one.
	bound           []float64
	turned          []bool // whether a variable is measured from its bound
	basic, nonbasic []int  // variables

	start struct{ t, level, gain []float64 } // as it was in the beginning
}

func newTableau(rows, cols int) *tableau {
	s := &tableau{
		rows: rows, cols: cols, t: make([]float64, rows*cols), level: make([]float64, rows), gain: make([]float64, cols),
		bound: make([]float64, rows+cols), turned: make([]bool, rows+cols), basic: make([]int, rows), nonbasic: make([]int, cols),
	}
	for k := range s.bound {
		s.bound[k] = math.Inf(1)
		if k < cols {
			s.nonbasic[k] = k
		} else {
			s.basic[k-cols] = k
		}
	}
	return s
}

var errPivots = errors.New("margin: the simplex method found no end. Try: standardized features")

// maximise walks from vertex to vertex until no gain is left.
func (s *tableau) maximise() error {
	s.start.t, s.start.level, s.start.gain = slices.Clone(s.t), slices.Clone(s.level), slices.Clone(s.gain)
	// The entering variable is the one of largest gain. After as many steps without
	// progress as could be a cycle it is the first one (Bland), which cannot cycle.
	still := 0
	for range 200 * (s.rows + s.cols + 50) {
		j := s.entering(still > s.rows+s.cols)
		if j < 0 {
			return nil
		}
		if s.move(j, still > s.rows+s.cols) > 1e-13 {
			still = 0
		} else {
			still++
		}
	}
	return errPivots
}

// entering is the column that should grow, -1 if none should.
func (s *tableau) entering(first bool) int {
	const least = 1e-11
	best, at := least, -1
	for j, g := range s.gain {
		switch {
		case g <= least:
		case first:
			if at < 0 || s.nonbasic[j] < s.nonbasic[at] {
				at = j
			}
		case g > best:
			best, at = g, j
		}
	}
	return at
}

// move lets column j grow as far as the bounds allow and returns how far.
func (s *tableau) move(j int, first bool) float64 {
	const flat = 1e-10 // smaller coefficients are rounding, and no pivots
	far, at, size := s.bound[s.nonbasic[j]], -1, 0.0
	for i := range s.rows {
		a := s.t[i*s.cols+j]
		room := math.Inf(1)
		switch {
		case a < -flat:
			room = max(s.level[i], 0) / -a
		case a > flat:
			room = max(s.bound[s.basic[i]]-s.level[i], 0) / a
		}
		tie := at >= 0 && room <= far+1e-14
		switch {
		case room < far-1e-14, at < 0 && room < far:
		case tie && first && s.basic[i] < s.basic[at], tie && !first && math.Abs(a) > size:
		default:
			continue
		}
		far, at, size = min(room, far), i, math.Abs(a)
	}
	if at < 0 {
		if math.IsInf(far, 1) {
			panic("margin: an unbounded program") // the weights are in a ball
		}
		s.turn(j, far)
		return far
	}
	if s.t[at*s.cols+j] > 0 {
		s.flip(at)
	}
	s.pivot(at, j)
	return far
}

// turn brings nonbasic column j to its bound and measures it from there.
func (s *tableau) turn(j int, bound float64) {
	for i := range s.rows {
		a := &s.t[i*s.cols+j]
		s.level[i] += *a * bound
		*a = -*a
	}
	s.gain[j] = -s.gain[j]
	v := s.nonbasic[j]
	s.turned[v] = !s.turned[v]
}

// flip measures basic row i from its bound.
func (s *tableau) flip(i int) {
	v := s.basic[i]
	s.level[i] = s.bound[v] - s.level[i]
	row := s.t[i*s.cols : (i+1)*s.cols]
	for j := range row {
		row[j] = -row[j]
	}
	s.turned[v] = !s.turned[v]
}

// pivot exchanges basic row i with nonbasic column j.
func (s *tableau) pivot(i, j int) {
	row := s.t[i*s.cols : (i+1)*s.cols]
	a := row[j]
	for k := range row {
		row[k] /= -a
	}
	row[j] = 1 / a
	s.level[i] /= -a
	for r := range s.rows {
		if r != i {
			other := s.t[r*s.cols : (r+1)*s.cols]
			s.level[r] += replace(other, row, j) * s.level[i]
		}
	}
	replace(s.gain, row, j)
	s.basic[i], s.nonbasic[j] = s.nonbasic[j], s.basic[i]
}

// replace puts the row of the entering variable j into another row, and returns the
// coefficient that it had there.
func replace(other, row []float64, j int) float64 {
	c := other[j]
	if c == 0 {
		return 0
	}
	other[j] = 0
	for k, v := range row {
		other[k] += c * v
	}
	return c
}

// solve computes values of all variables, from where they began, and their reduced
// gains anew from the first tableau, so that what rounding the pivots have gathered
// is gone.
func (s *tableau) solve() (value, reduced []float64, err error) {
	value, reduced = make([]float64, s.rows+s.cols), make([]float64, s.rows+s.cols)
	var in, out []int // columns that became basic, rows that became nonbasic
	for _, v := range s.basic {
		if v < s.cols {
			in = append(in, v)
		}
	}
	for _, v := range s.nonbasic {
		if v >= s.cols {
			out = append(out, v-s.cols)
		}
		if s.turned[v] {
			value[v] = s.bound[v]
		}
	}
	t, k := s.start.t, len(in)
	if k > 0 {
		a, b, c := mat.NewDense(k, k, nil), mat.NewVecDense(k, nil), mat.NewVecDense(k, nil)
		for r, i := range out {
			rest := value[s.cols+i] - s.start.level[i] - dot(t[i*s.cols:(i+1)*s.cols], value[:s.cols])
			b.SetVec(r, rest)
			for q, j := range in {
				a.Set(r, q, t[i*s.cols+j])
			}
		}
		for q, j := range in {
			c.SetVec(q, s.start.gain[j])
		}
		var lu mat.LU
		lu.Factorize(a)
		x, y := mat.NewVecDense(k, nil), mat.NewVecDense(k, nil)
		if err := refined(&lu, a, x, b, false); err != nil {
			return nil, nil, err
		}
		if err := refined(&lu, a, y, c, true); err != nil {
			return nil, nil, err
		}
		for q, j := range in {
			value[j] = x.AtVec(q)
		}
		for r, i := range out {
			reduced[s.cols+i] = y.AtVec(r)
		}
	}
	for j := range s.cols {
		if !slices.Contains(in, j) {
			reduced[j] = s.start.gain[j]
			for _, i := range out {
				reduced[j] -= reduced[s.cols+i] * t[i*s.cols+j]
			}
		}
	}
	return value, reduced, nil
}

// refined solves a x = b, or with the transpose, and improves the solution once.
func refined(lu *mat.LU, a *mat.Dense, x, b *mat.VecDense, transposed bool) error {
	var m mat.Matrix = a
	if transposed {
		m = a.T()
	}
	err := lu.SolveVecTo(x, transposed, b)
	if _, poor := err.(mat.Condition); err != nil && (!poor || math.IsInf(float64(err.(mat.Condition)), 1)) {
		return errors.New("margin: the vertex of the linear program is singular. Try: standardized features, without equal ones")
	}
	rest, better := mat.NewVecDense(b.Len(), nil), mat.NewVecDense(b.Len(), nil)
	rest.MulVec(m, x)
	rest.SubVec(b, rest)
	if lu.SolveVecTo(better, transposed, rest) == nil {
		x.AddVec(x, better)
	}
	return nil
}
