package curvature_test

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
	"leeway/objective"
)

// Truth: the spectra of diagonal quadratics.
func TestLipschitz(t *testing.T) {
	spectra := [][]float64{{1, 2, 3}, {0.5, -7, 1}, {4, 1, 1}}
	at := func(k int) (curvature.Objective, []float64, error) {
		a := mat.NewSymDense(3, nil)
		for i, v := range spectra[k] {
			a.SetSym(i, i, v)
		}
		q, err := objective.NewQuadratic(a, nil)
		return q, make([]float64, 3), err
	}
	got, products, err := curvature.Lipschitz(3, at, &curvature.PowerSettings{Tolerance: 1e-6})
	if err != nil || math.Abs(got-7) > 1e-5 || products < 3 {
		t.Errorf("%v after %d products, error %v; want 7", got, products, err)
	}
	var slow *curvature.ConvergenceError
	if _, _, err := curvature.Lipschitz(1, at, &curvature.PowerSettings{MaxProducts: 1}); !errors.As(err, &slow) {
		t.Errorf("error %v of one product", err)
	}
	if _, _, err := curvature.Lipschitz(0, at, nil); err == nil {
		t.Error("no points without an error")
	}
	broken := errors.New("broken")
	if _, _, err := curvature.Lipschitz(1, func(int) (curvature.Objective, []float64, error) { return nil, nil, broken }, nil); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
