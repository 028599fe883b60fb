package objective

import (
	"fmt"

	"gonum.org/v1/gonum/floats"
)

// LinearSettings choose the loss of a [Linear] model. The zero value is
// full-batch logistic regression without an intercept.
type LinearSettings struct {
	// Loss is Logistic (also ""), Exponential or LeastSquares.
	Loss string
	// Intercept adds a constant to the prediction, as the last parameter.
	Intercept bool
	// Attack names the norm of the ball in which an adversary moves each row:
	// LInf (also ""), L2 or L1. Radius is the ball's; 0 means no adversary.
	Attack string
	Radius float64
	// Batches is the number of batches of consecutive rows, or BatchSize the
	// size of each but the last. Both zero: one batch.
	Batches, BatchSize int
}

// Linear is a linear model of one output, f(x) = w . x (+ b), with the loss
//
//	E_k = mean over the rows of batch k of loss(m),  m = y f(x) - r ||w||_q,
//
// y = -1 or +1, and r ||w||_q the exact price of an attack of radius r in the
// p-ball with 1/p + 1/q = 1 (r = 0: none). Least squares has the mean of
// 1/2 (f(x) - y)^2. Parameters are w and then, with an intercept, b, which no
// attack touches.
//
// Where ||w||_q has a kink (a zero weight for q = 1, w = 0 for q = 2, tied
// largest weights for q = inf), Gradient takes the subgradient of smallest
// Euclidean norm, and HVP the Hessian of the smooth part with that
// subgradient; elsewhere both are exact.
//
// Source of the robust loss: Tsilivis, Frank, Srebro and Kempe, "The Price of
// Implicit Bias in Adversarially Robust Generalization" (NeurIPS 2024).
type Linear struct {
	rows
	kind      string // of the loss
	loss      scalarLoss
	intercept bool
	attack    attack
	sign      []float64 // +-1 a row, all +1 for least squares; shared
	target    []float64 // least squares only; shared

	// Kept from the last forward pass of each batch, a row or a batch each.
	margin, slope, bend []float64
	value, price        []float64   // loss; weight c of the subgradient
	kink                [][]float64 // subgradient of ||w||_q, with an attack only
	row, full           []float64   // scratch: a value a row; a gradient
}

var (
	_ TwiceDifferentiable = (*Linear)(nil)
	_ Cloner              = (*Linear)(nil)
	_ Weighted            = (*Linear)(nil)
	_ Classifier          = (*Linear)(nil)
)

// NewLinear returns a two-class model on the rows of x (row-major, kept, not
// copied) with classes y in {0, 1}, which stand for -1 and +1 in every loss.
// Data that is empty, ragged or not finite, another class, and a batch that
// does not fit are errors.
func NewLinear(x []float64, y []int, features int, s LinearSettings) (*Linear, error) {
	if err := checkClasses("linear", y, 2); err != nil {
		return nil, err
	}
	signs := make([]float64, len(y))
	for i, c := range y {
		signs[i] = float64(2*c - 1)
	}
	return newLinear(x, signs, features, s)
}

// NewLeastSquares returns a regression of real targets y (copied) on the rows
// of x (row-major, kept, not copied). The loss is LeastSquares whatever s says.
func NewLeastSquares(x, y []float64, features int, s LinearSettings) (*Linear, error) {
	if i := nonFinite(y); i >= 0 {
		return nil, fmt.Errorf("linear: the target of row %d is %v. Try: removing the row", i, y[i])
	}
	s.Loss = LeastSquares
	return newLinear(x, append([]float64(nil), y...), features, s)
}

func newLinear(x, y []float64, features int, s LinearSettings) (*Linear, error) {
	r, err := newRows("linear", x, len(y), features, s.Batches, s.BatchSize)
	if err != nil {
		return nil, err
	}
	l := &Linear{rows: r, kind: s.Loss, intercept: s.Intercept, sign: y, target: y}
	if l.loss, err = scalarLossOf(s.Loss); err != nil {
		return nil, err
	}
	if l.attack, err = newAttack(s.Attack, s.Radius, features); err != nil {
		return nil, err
	}
	if s.Loss == LeastSquares {
		if s.Radius > 0 {
			return nil, fmt.Errorf("linear: least squares has no robust form here. Try: loss %s or %s, or radius 0", Logistic, Exponential)
		}
		l.sign = make([]float64, r.n)
		floats.AddConst(1, l.sign)
	}
	l.allocate()
	return l, nil
}

// allocate makes the memory that clones do not share.
func (l *Linear) allocate() {
	l.remember(l.Dim())
	l.margin, l.slope, l.bend = make([]float64, l.n), make([]float64, l.n), make([]float64, l.n)
	l.value, l.price = make([]float64, l.Batches()), make([]float64, l.Batches())
	l.row, l.full = make([]float64, l.n), make([]float64, l.Dim())
	l.attack.sorted = make([]float64, l.d)
	l.kink = make([][]float64, l.Batches())
	for k := range l.kink {
		if l.attack.radius > 0 {
			l.kink[k] = make([]float64, l.d)
		}
	}
}

// Dim is the number of features, plus one with an intercept.
func (l *Linear) Dim() int {
	if l.intercept {
		return l.d + 1
	}
	return l.d
}

// split returns the weights and the intercept of theta.
func (l *Linear) split(theta []float64) (w []float64, b float64) {
	if l.intercept {
		return theta[:l.d], theta[l.d]
	}
	return theta, 0
}

// Gradient writes the mean over batch k of the gradients of the rows.
func (l *Linear) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := ask(l.name, l.Dim(), l.Batches(), k, dst, theta); err != nil {
		return 0, err
	}
	lo, hi := l.edges[k], l.edges[k+1]
	known := l.visited(theta, k)
	if !known {
		l.forward(theta, k)
	}
	share := 1 / float64(hi-lo)
	for i := lo; i < hi; i++ {
		l.row[i] = share * l.slope[i] * l.sign[i]
	}
	l.backward(dst, k)
	if s := l.kink[k]; s != nil {
		w, _ := l.split(theta)
		g, _ := l.split(dst)
		if !known {
			l.attack.subgradient(s, w, g, l.price[k])
		}
		addKink(g, l.price[k], s)
	}
	return l.value[k], nil
}

// HVP writes the mean over batch k of bend a (a . v), a = y (x, 1) - r s with s
// in the subdifferential of ||w||_q, plus the curvature of r ||w||_q itself.
// After a Gradient of the same batch at the same theta it costs two passes over
// the rows, otherwise four.
func (l *Linear) HVP(dst, theta, v []float64, k int) error {
	if err := ask(l.name, l.Dim(), l.Batches(), k, dst, theta, v); err != nil {
		return err
	}
	if !l.visited(theta, k) {
		l.seen[k] = false
		if _, err := l.Gradient(l.full, theta, k); err != nil {
			return err
		}
	}
	lo, hi := l.edges[k], l.edges[k+1]
	w, _ := l.split(theta)
	vw, vb := l.split(v)
	times(l.row[lo:hi], l.x[lo*l.d:hi*l.d], vw, l.d, vb)
	s, r, along, total := l.kink[k], l.attack.radius, 0.0, 0.0
	if s != nil {
		along = r * inner(s, vw)
	}
	share := 1 / float64(hi-lo)
	for i := lo; i < hi; i++ {
		q := share * l.bend[i] * (l.sign[i]*l.row[i] - along)
		l.row[i] = l.sign[i] * q
		total += q
	}
	l.backward(dst, k)
	if s == nil {
		return nil
	}
	axpy(dst[:l.d], -r*total, s)
	if norm := floats.Norm(w, 2); l.attack.kind == L2 && norm != 0 {
		// Hess ||w||_2 = (I - s s^T) / ||w||_2 with s = w / ||w||_2.
		axpy(dst[:l.d], l.price[k]/norm, vw)
		axpy(dst[:l.d], -l.price[k]/norm*inner(s, vw), s)
	}
	return nil
}

// forward fills margin, slope and bend of the rows of batch k, its loss, and
// the weight price = -r mean(slope) with which ||w||_q enters the gradient.
func (l *Linear) forward(theta []float64, k int) {
	lo, hi := l.edges[k], l.edges[k+1]
	w, b := l.split(theta)
	times(l.margin[lo:hi], l.x[lo*l.d:hi*l.d], w, l.d, b)
	cost, loss, slope := l.attack.cost(w), 0.0, 0.0
	for i := lo; i < hi; i++ {
		l.margin[i] = l.sign[i]*l.margin[i] - cost
		e, first, second := l.loss(l.margin[i], l.target[i])
		l.slope[i], l.bend[i] = first, second
		loss += e
		slope += first
	}
	l.value[k] = loss / float64(hi-lo)
	l.price[k] = -l.attack.radius * slope / float64(hi-lo)
}

// backward writes the sum over the rows of batch k of l.row times (x, 1).
func (l *Linear) backward(dst []float64, k int) {
	lo, hi := l.edges[k], l.edges[k+1]
	clear(dst)
	addTransposed(dst[:l.d], l.x[lo*l.d:hi*l.d], l.row[lo:hi], l.d)
	if l.intercept {
		dst[l.d] = sum(l.row[lo:hi])
	}
}

// Clone shares the data and nothing else.
func (l *Linear) Clone() TwiceDifferentiable {
	c := *l
	c.allocate()
	return &c
}
