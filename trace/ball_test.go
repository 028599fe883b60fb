package trace

import (
	"math"
	"testing"

	"leeway/optim"
)

// Truth: the definitions, by hand, on a loss whose gradient is known, in the norm of the
// rule: l-infinity for signs, the Euclidean one for normalised gradient descent.
func TestBall(t *testing.T) {
	theta, g := []float64{0.5, -2}, []float64{-3, 4}
	decay := optim.Regularization{WeightDecay: 0.25}
	for _, c := range []struct {
		rule        optim.Definition
		size, ratio float64
	}{
		{optim.SignGD{Regularization: decay}, 0.25 * 2, 0.25 * 9.5 / 7},
		{optim.Steepest{Norm: optim.Euclidean, Normalized: true, Regularization: decay}, 0.25 * math.Sqrt(4.25), 0.25 * 9.5 / 5},
		{optim.Steepest{Norm: optim.OneNorm, Normalized: true, Regularization: decay}, 0.25 * 2.5, 0.25 * 9.5 / 4},
	} {
		rule, err := c.rule.Rule()
		if err != nil {
			t.Fatal(err)
		}
		if k := ballOf(rule, theta, g); math.Abs(k.Size-c.size) > 1e-15 || math.Abs(k.Ratio-c.ratio) > 1e-15 {
			t.Errorf("%T: %+v, want %v and %v", c.rule, k, c.size, c.ratio)
		}
	}
}
