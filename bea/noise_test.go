package bea_test

import (
	"math"
	"testing"

	"leeway/bea"
)

// Truth: an independent evaluation of the same derivation to five digits, and the
// limit without noise, tau1 - tau2. The six coefficients themselves are held
// against a simulation in papers/noise.
func TestNoiseTurn(t *testing.T) {
	for _, c := range []struct{ beta1, beta2, turn float64 }{{0.9, 0.999, 0.49769}, {0.9, 0.95, 0.35553}, {0.99, 0.999, 0.47397}} {
		n := bea.NoiseCoefficientsOf(c.beta1, c.beta2)
		if got, ok := n.Turn(); !ok || math.Abs(got-c.turn) > 1e-5 {
			t.Errorf("beta %g, %g: the sign turns at %g, want %g", c.beta1, c.beta2, got, c.turn)
		}
		if want := c.beta1/(1-c.beta1) - c.beta2/(1-c.beta2); math.Abs(n.Total(0)-want) > 1e-9*math.Abs(want) {
			t.Errorf("without noise %g, want %g", n.Total(0), want)
		}
	}
	if _, ok := bea.NoiseCoefficientsOf(0.9, 0.9).Turn(); ok {
		t.Error("a sign turns at a positive noise although there is no bias without noise")
	}
}
