package curvature

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// Preconditioned is the operator P^(-1/2) A P^(-1/2) for a diagonal P > 0. It is
// symmetric and has the eigenvalues of P^-1 A, the matrix that governs a method
// theta <- theta - h P^-1 g: its largest is the preconditioned sharpness.
//
// If u is an eigenvector of it then x = P^(-1/2) u is one of P^-1 A, see
// [Preconditioned.Recover]. Residuals carry over in the matching norm:
// |A x - lambda P x| in the norm sqrt(r^T P^-1 r) is that of u.
//
// Source: J. Cohen et al., "Adaptive Gradient Methods at the Edge of
// Stability", arXiv 2207.14484.
type Preconditioned struct {
	op      Operator
	root    []float64 // sqrt(P)
	scratch []float64
}

var _ Operator = (*Preconditioned)(nil)

// NewPreconditioned returns the operator for op and the diagonal p, of which
// only the roots are kept. A p of the wrong length, or with an entry that is
// not positive and finite, is an error.
func NewPreconditioned(op Operator, p []float64) (*Preconditioned, error) {
	n := op.Dim()
	c := &Preconditioned{op: op, root: make([]float64, n), scratch: make([]float64, n)}
	return c, c.SetDiagonal(p)
}

// SetDiagonal replaces P. After an error the old one is still in force.
func (c *Preconditioned) SetDiagonal(p []float64) error {
	if len(p) != len(c.root) {
		return fmt.Errorf("curvature: preconditioner has length %d. Try: length %d, one value for each parameter", len(p), len(c.root))
	}
	for i, v := range p {
		if !(v > 0) || math.IsInf(v, 1) {
			return fmt.Errorf("curvature: preconditioner is %g at component %d. Try: positive finite values; an eps > 0 where no gradient was ever seen", v, i)
		}
	}
	for i, v := range p {
		c.root[i] = math.Sqrt(v)
	}
	return nil
}

// Dim is that of the operator inside.
func (c *Preconditioned) Dim() int { return len(c.root) }

// Apply writes P^(-1/2) A P^(-1/2) v into dst. Wrong lengths are an error.
func (c *Preconditioned) Apply(dst, v []float64) error {
	if err := checkLengths("preconditioned operator", len(c.root), dst, v); err != nil {
		return err
	}
	floats.DivTo(c.scratch, v, c.root)
	if err := c.op.Apply(dst, c.scratch); err != nil {
		return err
	}
	floats.Div(dst, c.root)
	return nil
}

// Recover turns an eigenvector u of this operator into the eigenvector
// P^(-1/2) u of P^-1 A with the same eigenvalue, scaled to |dst|_2 = 1 (zero
// stays zero). dst may be u. It panics unless both have length Dim.
func (c *Preconditioned) Recover(dst, u []float64) {
	floats.DivTo(dst, u, c.root)
	normalize(dst)
}

// Symmetrize is the inverse of Recover: it turns an eigenvector x of P^-1 A
// into the eigenvector P^(1/2) x of this operator, scaled to |dst|_2 = 1. It
// carries a starting vector from one P to the next. dst may be x. It panics
// unless both have length Dim.
func (c *Preconditioned) Symmetrize(dst, x []float64) {
	floats.MulTo(dst, x, c.root)
	normalize(dst)
}

// normalize scales v to norm 1 and returns the norm it had; zero stays zero.
func normalize(v []float64) float64 {
	norm := floats.Norm(v, 2)
	if norm > 0 {
		for i := range v {
			v[i] /= norm
		}
	}
	return norm
}
