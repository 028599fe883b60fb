package objective

import "fmt"

// SoftmaxSettings choose the shape of a [Softmax] model. The zero value is
// full batch without intercepts.
type SoftmaxSettings struct {
	// Intercept adds one parameter a class.
	Intercept bool
	// Batches is the number of batches of consecutive rows, or BatchSize the
	// size of each but the last. Both zero: one batch.
	Batches, BatchSize int
}

// Softmax is multinomial logistic regression: C classes, scores
// z_c = w_c . x (+ b_c), and the mean cross-entropy
//
//	E_k = mean over the rows of batch k of log sum_c exp(z_c) - z_y.
//
// Parameters are class by class: w_0, ..., w_{C-1} (C x d) and then, with
// intercepts, b_0, ..., b_{C-1}. One value runs on one thread.
type Softmax struct {
	rows
	y         []int
	classes   int
	intercept bool

	// Kept from the last forward pass of each batch. The probabilities of a
	// tile of m rows lie class by class, C x m. miss is 1 - p_y of a row, but
	// summed from the other classes: where a row is fitted well, p_y rounds to
	// 1 and only miss still knows the gradient.
	prob, miss []float64
	value      []float64
	// Scratch: scores or residuals of a tile, and one value a row of it.
	score, shift []float64
}

var (
	_ TwiceDifferentiable = (*Softmax)(nil)
	_ Cloner              = (*Softmax)(nil)
	_ Weighted            = (*Softmax)(nil)
	_ Classifier          = (*Softmax)(nil)
)

// NewSoftmax returns the model on the rows of x (row-major, kept, not copied)
// with classes y in 0 ... classes-1 (kept, not copied). Data that is empty,
// ragged or not finite, a class out of range, and a batch that does not fit
// are errors.
func NewSoftmax(x []float64, y []int, features, classes int, s SoftmaxSettings) (*Softmax, error) {
	r, err := newRows("softmax", x, len(y), features, s.Batches, s.BatchSize)
	if err != nil {
		return nil, err
	}
	if classes < 2 {
		return nil, fmt.Errorf("softmax: %d classes. Try: at least 2", classes)
	}
	if err := checkClasses("softmax", y, classes); err != nil {
		return nil, err
	}
	o := &Softmax{rows: r, y: y, classes: classes, intercept: s.Intercept}
	o.allocate()
	return o, nil
}

// allocate makes the memory that clones do not share.
func (o *Softmax) allocate() {
	o.remember(o.Dim())
	o.prob, o.miss = make([]float64, o.n*o.classes), make([]float64, o.n)
	o.value = make([]float64, o.Batches())
	o.score, o.shift = make([]float64, tile*o.classes), make([]float64, tile)
}

// Dim is C d, plus C with intercepts.
func (o *Softmax) Dim() int {
	if o.intercept {
		return o.classes * (o.d + 1)
	}
	return o.classes * o.d
}

// interceptOf is the intercept of class c in theta.
func (o *Softmax) interceptOf(theta []float64, c int) float64 {
	if o.intercept {
		return theta[o.classes*o.d+c]
	}
	return 0
}

// Gradient writes mean (p - e_y) x^T, p the softmax of the scores.
func (o *Softmax) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := ask(o.name, o.Dim(), o.Batches(), k, dst, theta); err != nil {
		return 0, err
	}
	if !o.visited(theta, k) {
		o.forward(theta, k)
	}
	clear(dst)
	lo, hi := o.edges[k], o.edges[k+1]
	share := 1 / float64(hi-lo)
	for i := lo; i < hi; i += tile {
		m := min(tile, hi-i)
		residual := o.score[:m*o.classes]
		for j, p := range o.prob[i*o.classes:][:len(residual)] {
			residual[j] = share * p
		}
		for j, c := range o.y[i : i+m] {
			residual[c*m+j] = -share * o.miss[i+j]
		}
		o.backward(dst, residual, i, m)
	}
	return o.value[k], nil
}

// HVP writes mean (p * (u - p . u)) x^T with u_c = v_c . x (+ intercept), the
// product with the Hessian mean (diag(p) - p p^T) kron x x^T. After a Gradient
// of the same batch at the same theta it costs two matrix products.
func (o *Softmax) HVP(dst, theta, v []float64, k int) error {
	if err := ask(o.name, o.Dim(), o.Batches(), k, dst, theta, v); err != nil {
		return err
	}
	if !o.visited(theta, k) {
		o.forward(theta, k)
	}
	clear(dst)
	lo, hi := o.edges[k], o.edges[k+1]
	share := 1 / float64(hi-lo)
	for i := lo; i < hi; i += tile {
		m := min(tile, hi-i)
		p, u := o.prob[i*o.classes:][:m*o.classes], o.score[:m*o.classes]
		o.scores(u, o.x[i*o.d:(i+m)*o.d], v, m)
		// p * (u - p . u) does not change when a row's u is shifted. With
		// u_y = 0 nothing of size 1 cancels where p_y is nearly 1.
		average := o.shift[:m]
		for j, c := range o.y[i : i+m] {
			average[j] = u[c*m+j]
		}
		for c := range o.classes {
			uc := u[c*m:][:m]
			for j, a := range average {
				uc[j] -= a
			}
		}
		clear(average)
		for c := range o.classes {
			pc, uc := p[c*m:][:m], u[c*m:][:m]
			for j, a := range pc {
				average[j] += a * uc[j]
			}
		}
		for c := range o.classes {
			pc, uc := p[c*m:][:m], u[c*m:][:m]
			for j, a := range pc {
				uc[j] = share * a * (uc[j] - average[j])
			}
		}
		o.backward(dst, u, i, m)
	}
	return nil
}

// Accuracy is the share of rows whose largest score is that of their class.
func (o *Softmax) Accuracy(theta, x []float64, y []int) (float64, error) {
	n, err := checkRows(o.name, x, y, o.d, o.classes)
	if err != nil {
		return 0, err
	}
	if err := ask(o.name, o.Dim(), 1, 0, theta); err != nil {
		return 0, err
	}
	z, right := make([]float64, n*o.classes), 0
	o.scores(z, x, theta, n)
	for i, class := range y {
		best := true
		for c := range o.classes {
			// Negated, so that a NaN is not best either.
			if c != class && !(z[class*n+i] > z[c*n+i]) {
				best = false
			}
		}
		if best {
			right++
		}
	}
	return float64(right) / float64(n), nil
}

// Clone shares the data and nothing else.
func (o *Softmax) Clone() TwiceDifferentiable {
	c := *o
	c.allocate()
	return &c
}
