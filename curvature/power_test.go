package curvature_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"leeway/curvature"
)

// The truth is the planted spectrum; and Lanczos needs far fewer products.
func TestPowerIteration(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 13))
	spectrum := append([]float64{-4, 3}, filled(80, func(i int) float64 { return float64(i) / 40 })...)
	op := curvature.NewDense(planted(rng, spectrum))
	p, products, err := curvature.PowerIteration(op, &curvature.PowerSettings{Seed: 5})
	if err != nil || !p.Converged || math.Abs(p.Value+4) > 1e-10 {
		t.Errorf("%v, error %v", p.Value, err)
	}
	checkPairs(t, op, spectrum, []curvature.Pair{p}, 0, 4)
	e := must(curvature.Lanczos(op, &curvature.LanczosSettings{Bottom: 1}))
	if 2*e.Products > products {
		t.Errorf("%d products, Lanczos %d", products, e.Products)
	}
	// Shifted, the largest.
	p, _, err = curvature.PowerIteration(curvature.NewAffine(op, 1, 4), nil)
	if err != nil || math.Abs(p.Value-4-3) > 1e-9 {
		t.Errorf("shifted: %v, error %v", p.Value, err)
	}
	if p, products, err := curvature.PowerIteration(curvature.NewAffine(op, 0, 0), nil); err != nil || p.Value != 0 || products != 1 {
		t.Errorf("zero: %v, error %v", p.Value, err)
	}
}

// The failing half: two eigenvalues of equal modulus and opposite sign.
func TestPowerIterationThatCannotConverge(t *testing.T) {
	op := curvature.NewDense(planted(rand.New(rand.NewPCG(14, 14)), []float64{2, -2, 1, 0.5, 0}))
	p, products, err := curvature.PowerIteration(op, &curvature.PowerSettings{MaxProducts: 50})
	var e *curvature.ConvergenceError
	if !errors.As(err, &e) || products != 50 || p.Converged || !(p.Residual > 0.01) {
		t.Errorf("%+v after %d, error %v", p, products, err)
	}
}
