package explain

import (
	"math"
	"strings"
	"testing"

	"leeway/bea"
	"leeway/optim"
)

// Truth: without noise the coefficient is beta1/(1-beta1) - beta2/(1-beta2), which
// vanishes at equal betas; at the noise of the turn it vanishes by definition.
func TestNoise(t *testing.T) {
	rule := func(beta1, beta2 float64) *optim.Rule {
		opt, err := optim.New(optim.Adam{Beta1: beta1, Beta2: beta2, Eps: 1e-8, BiasCorrection: true}, 1e-3, optim.Schedule{})
		if err != nil {
			t.Fatal(err)
		}
		return opt.Rule
	}
	n, ok := OfNoise(rule(0.9, 0.999), 0)
	if !ok || math.Abs(n.Coefficient+990) > 1e-6 || n.Turn == nil || math.Abs(*n.Turn-0.49769) > 1e-5 {
		t.Errorf("%+v", n)
	}
	if n.NeutralBeta2 == nil || math.Abs(*n.NeutralBeta2-0.9) > 1e-9 || !strings.Contains(n.Sentence, "against") {
		t.Errorf("%+v", n)
	}
	n, _ = OfNoise(rule(0.9, 0.999), 2)
	if n.Coefficient <= 0 || !strings.Contains(n.Sentence, "works for") {
		t.Errorf("%+v", n)
	}
	if n.NeutralBeta2 != nil {
		if c := bea.NoiseCoefficientsOf(0.9, *n.NeutralBeta2).Total(2); math.Abs(c) > 1e-6 {
			t.Errorf("at the neutral beta2 the coefficient is %g", c)
		}
	}
	gd, err := optim.New(optim.GD{}, 0.1, optim.Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := OfNoise(gd.Rule, 1); ok {
		t.Error("gradient descent has Adam's coefficients")
	}
}
