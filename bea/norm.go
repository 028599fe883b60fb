package bea

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"leeway/optim"
)

// PerturbedOneNorm is sum_j sqrt(v_j^2 + eps) (arXiv 2309.00079), a norm only in
// name: at v = 0 it is len(v) sqrt(eps). With eps = 0 it is the one-norm.
func PerturbedOneNorm(v []float64, eps float64) float64 {
	sum := 0.0
	if eps == 0 {
		// The square of a tiny gradient would vanish.
		for _, x := range v {
			sum += math.Abs(x)
		}
		return sum
	}
	for _, x := range v {
		sum += math.Sqrt(x*x + eps)
	}
	return sum
}

// DriftNorm is the function of the gradient whose gradient H(P g) stands in the
// bias of an optimizer with stability constant eps: the perturbed one-norm for
// eps inside the root, and sum_j (|v_j| - eps log(1 + |v_j|/eps)) for eps
// outside.
func DriftNorm(v []float64, eps float64, mode optim.EpsMode) float64 {
	if mode == optim.Inside || eps == 0 {
		return PerturbedOneNorm(v, eps)
	}
	sum := 0.0
	for _, x := range v {
		x = math.Abs(x)
		sum += x - eps*math.Log1p(x/eps)
	}
	return sum
}

// OneNorm is sum_j |v_j|.
func OneNorm(v []float64) float64 { return PerturbedOneNorm(v, 0) }

// TwoNorm is the Euclidean norm; it neither overflows nor underflows on the way.
func TwoNorm(v []float64) float64 { return floats.Norm(v, 2) }

// Distance is the l-infinity distance between a and b; NaN if a component of
// the difference is.
func Distance(a, b []float64) float64 {
	worst := 0.0
	for j, x := range a {
		d := math.Abs(x - b[j])
		if math.IsNaN(d) {
			return d
		}
		worst = max(worst, d)
	}
	return worst
}
