package curvature

import (
	"fmt"

	"gonum.org/v1/gonum/floats"
)

// Operator multiplies with one symmetric matrix A, the same one every time.
//
// An implementation may use scratch memory of its own, so one value serves one
// goroutine at a time.
type Operator interface {
	// Dim is the number n of rows of A, at least 1.
	Dim() int
	// Apply writes A v into dst; both have length Dim, dst does not alias v,
	// and v is left alone. A non-finite product is a result, not an error.
	Apply(dst, v []float64) error
}

// Func makes an operator of dimension n of a function that multiplies, such as
// the HVP of a loss that has been linearized at one theta.
func Func(n int, apply func(dst, v []float64) error) Operator { return function{n, apply} }

type function struct {
	n     int
	apply func(dst, v []float64) error
}

func (f function) Dim() int                     { return f.n }
func (f function) Apply(dst, v []float64) error { return f.apply(dst, v) }

// Counter is an operator that counts its products.
type Counter struct {
	op       Operator
	products int
}

var _ Operator = (*Counter)(nil)

// Counting wraps op in a counter that starts at zero.
func Counting(op Operator) *Counter { return &Counter{op: op} }

// Dim is that of the operator inside.
func (c *Counter) Dim() int { return c.op.Dim() }

// Apply counts and multiplies.
func (c *Counter) Apply(dst, v []float64) error {
	c.products++
	return c.op.Apply(dst, v)
}

// Products is the number of products so far, failed ones included.
func (c *Counter) Products() int { return c.products }

// Affine is the operator scale A + shift I. With scale -1 the smallest
// eigenvalue becomes the largest; with a shift above the modulus of the most
// negative eigenvalue [PowerIteration] finds the largest instead of the largest
// in modulus. Its eigenvectors are those of A.
type Affine struct {
	op           Operator
	scale, shift float64
}

var _ Operator = (*Affine)(nil)

// NewAffine returns scale op + shift I.
func NewAffine(op Operator, scale, shift float64) *Affine {
	return &Affine{op: op, scale: scale, shift: shift}
}

// Dim is that of the operator inside.
func (a *Affine) Dim() int { return a.op.Dim() }

// Apply writes scale A v + shift v into dst.
func (a *Affine) Apply(dst, v []float64) error {
	if err := a.op.Apply(dst, v); err != nil {
		return err
	}
	floats.Scale(a.scale, dst)
	floats.AddScaled(dst, a.shift, v)
	return nil
}

// checkLengths says which of the vectors of a product has the wrong length.
func checkLengths(what string, n int, dst, v []float64) error {
	if len(dst) != n || len(v) != n {
		return fmt.Errorf("curvature: %s of dimension %d: lengths of dst and v are %d and %d. Try: both of length %d",
			what, n, len(dst), len(v), n)
	}
	return nil
}
