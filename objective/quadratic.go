package objective

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/mat"
)

// Quadratic is E(theta) = 1/2 theta^T A theta - b^T theta with a symmetric A,
// which need not be positive definite. Its gradient flow, and every flow that
// is linear in it, has a closed form.
type Quadratic struct {
	b    []float64
	diag []float64 // A = diag(diag), or
	full []float64 // A row by row
}

var (
	_ TwiceDifferentiable = (*Quadratic)(nil)
	_ Cloner              = (*Quadratic)(nil)
)

// NewQuadratic returns the objective with the dense matrix a (copied) and the
// linear term b (copied; nil for zero). Non-finite entries and a b of another
// length are errors.
func NewQuadratic(a mat.Symmetric, b []float64) (*Quadratic, error) {
	n := a.SymmetricDim()
	q := &Quadratic{full: make([]float64, n*n)}
	for i := range n {
		for j := range n {
			q.full[i*n+j] = a.At(i, j)
		}
	}
	if i := nonFinite(q.full); i >= 0 {
		return nil, fmt.Errorf("quadratic: the matrix is %v at row %d, column %d. Try: finite entries", q.full[i], i/n, i%n)
	}
	return q.withLinear(n, b)
}

// NewDiagonal returns the objective with A = diag(spectrum) (copied) and the
// linear term b (copied; nil for zero); see [LogSpectrum].
func NewDiagonal(spectrum, b []float64) (*Quadratic, error) {
	q := &Quadratic{diag: append([]float64(nil), spectrum...)}
	if i := nonFinite(q.diag); i >= 0 {
		return nil, fmt.Errorf("quadratic: eigenvalue %d is %v. Try: a finite spectrum", i, q.diag[i])
	}
	return q.withLinear(len(spectrum), b)
}

func (q *Quadratic) withLinear(n int, b []float64) (*Quadratic, error) {
	switch {
	case n == 0:
		return nil, fmt.Errorf("quadratic: the matrix is empty. Try: at least one parameter")
	case b == nil:
		b = make([]float64, n)
	case len(b) != n:
		return nil, fmt.Errorf("quadratic: the linear term has %d entries for %d parameters. Try: %d entries, or nil for zero", len(b), n, n)
	case nonFinite(b) >= 0:
		return nil, fmt.Errorf("quadratic: entry %d of the linear term is %v. Try: finite entries", nonFinite(b), b[nonFinite(b)])
	}
	q.b = append([]float64(nil), b...)
	return q, nil
}

// LogSpectrum fills dst with eigenvalues equally spaced in logarithm, from
// largest/condition up to largest, and returns it. A single eigenvalue is
// largest.
func LogSpectrum(dst []float64, largest, condition float64) []float64 {
	last := len(dst) - 1
	for i := range dst {
		dst[i] = largest
		if i < last {
			dst[i] = largest * math.Pow(condition, float64(i)/float64(last)-1)
		}
	}
	return dst
}

// Dim is the order of A.
func (q *Quadratic) Dim() int { return len(q.b) }

// Batches is 1.
func (q *Quadratic) Batches() int { return 1 }

// Minimum returns the minimiser A^-1 b and its loss; an A that is not positive
// definite is an error.
func (q *Quadratic) Minimum() (theta []float64, loss float64, err error) {
	n := len(q.b)
	theta = make([]float64, n)
	for i, a := range q.diag {
		if a <= 0 {
			return nil, 0, fmt.Errorf("quadratic: eigenvalue %d is %g, so there is no minimum. Try: positive eigenvalues", i, a)
		}
		theta[i] = q.b[i] / a
	}
	if q.diag == nil {
		var c mat.Cholesky
		if !c.Factorize(mat.NewSymDense(n, q.full)) {
			return nil, 0, fmt.Errorf("quadratic: the matrix is not positive definite, so there is no minimum. Try: positive eigenvalues")
		}
		if err := c.SolveVecTo(mat.NewVecDense(n, theta), mat.NewVecDense(n, q.b)); err != nil {
			return nil, 0, fmt.Errorf("quadratic: minimiser: %w", err)
		}
	}
	for i, t := range theta {
		loss -= q.b[i] * t / 2
	}
	return theta, loss, nil
}

// Gradient writes A theta - b.
func (q *Quadratic) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := ask("quadratic", len(q.b), 1, k, dst, theta); err != nil {
		return 0, err
	}
	q.times(dst, theta)
	loss := 0.0
	for i, t := range theta {
		loss += t * (dst[i]/2 - q.b[i])
		dst[i] -= q.b[i]
	}
	return loss, nil
}

// HVP writes A v.
func (q *Quadratic) HVP(dst, theta, v []float64, k int) error {
	if err := ask("quadratic", len(q.b), 1, k, dst, theta, v); err != nil {
		return err
	}
	q.times(dst, v)
	return nil
}

func (q *Quadratic) times(dst, v []float64) {
	if q.diag == nil {
		n := len(q.b)
		kernels.Dgemv(blas.NoTrans, n, n, 1, q.full, n, v, 1, 0, dst, 1)
		return
	}
	for i, a := range q.diag {
		dst[i] = a * v[i]
	}
}

// Clone returns the objective itself, which has no scratch memory.
func (q *Quadratic) Clone() TwiceDifferentiable { return q }
