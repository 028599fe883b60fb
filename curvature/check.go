package curvature

import (
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
)

// CheckReport says how far an operator is from a fixed symmetric matrix, by
// products with random vectors u and v of norm 1. All numbers are relative to
// the norms of the products.
type CheckReport struct {
	// Repeat is |A v - A v|_2 of two products with the same vector: 0 unless
	// the operator changes.
	Repeat float64
	// Asymmetry is |u . A v - v . A u|.
	Asymmetry float64
	// Nonlinearity is |A (u + 2 v) - A u - 2 A v|_2.
	Nonlinearity float64
}

// Check spends four products to see whether op is what an [Operator] has to be.
// A correct one in float64 has numbers of about 1e-15, in float32 1e-6, and
// with products from finite differences 1e-6 or more.
func Check(op Operator, seed uint64) (CheckReport, error) {
	n := op.Dim()
	if n < 1 {
		return CheckReport{}, errNoDimension
	}
	rng := rand.New(rand.NewPCG(seed, stream))
	x, products := [4][]float64{}, [4][]float64{} // v, v, u, u + 2 v
	for i := range x {
		x[i], products[i] = make([]float64, n), make([]float64, n)
	}
	for i := range n {
		x[0][i], x[2][i] = rng.NormFloat64(), rng.NormFloat64()
	}
	normalize(x[0])
	normalize(x[2])
	copy(x[1], x[0])
	floats.AddScaledTo(x[3], x[2], 2, x[0])
	for i := range x {
		if err := multiply(op, products[i], x[i], "check", i+1); err != nil {
			return CheckReport{}, err
		}
	}
	av, again, au, sum := products[0], products[1], products[2], products[3]
	size := max(floats.Norm(av, 2), floats.Norm(again, 2), floats.Norm(au, 2), floats.Norm(sum, 2))
	if size == 0 {
		return CheckReport{}, nil
	}
	gap := floats.Dot(x[2], av) - floats.Dot(x[0], au)
	floats.Sub(sum, au)
	floats.AddScaled(sum, -2, av)
	return CheckReport{
		Repeat:       floats.Distance(av, again, 2) / size,
		Asymmetry:    max(gap, -gap) / size,
		Nonlinearity: floats.Norm(sum, 2) / size,
	}, nil
}

// Err is nil if no number of the report exceeds the tolerance, and otherwise an
// error that names the first that does and its likely cause.
func (r CheckReport) Err(tolerance float64) error {
	switch {
	case r.Repeat > tolerance:
		return fmt.Errorf("curvature: two products with the same vector differ by %.2g: the operator is not fixed. Try: an explicit batch, without shuffling, augmentation or dropout", r.Repeat)
	case r.Nonlinearity > tolerance:
		return fmt.Errorf("curvature: products are not linear in the vector, by %.2g. Try: exact Hessian-vector products, or a larger tolerance for finite differences", r.Nonlinearity)
	case r.Asymmetry > tolerance:
		return fmt.Errorf("curvature: u . A v and v . A u differ by %.2g: the operator is not symmetric. Try: Preconditioned in place of a product with P^-1 H; a loss that is twice differentiable here", r.Asymmetry)
	}
	return nil
}
