package explain

import (
	"math"
	"strings"
	"testing"

	"leeway/optim"
)

func formula(direction string, constants optim.Constants, accumulators ...optim.Accumulator) optim.Custom {
	return optim.Custom{Accumulators: accumulators, Direction: direction, Constants: constants}
}

// Truth: the built-in Adam, of which this is the definition.
func TestAdamAsFormula(t *testing.T) {
	custom := of(t, formula("m / sqrt(v + eps)", optim.Constants{{Name: "eps", Value: 1e-8}},
		optim.Accumulator{Name: "m", Of: "g", Decay: 0.9, BiasCorrection: true},
		optim.Accumulator{Name: "v", Of: "g^2", Decay: 0.999, BiasCorrection: true}), 1e-3)
	adam := of(t, optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}, 1e-3)
	if math.Abs(custom.Coefficient-adam.Coefficient) > 1e-6 || custom.MemorySteps != adam.MemorySteps || custom.RegimeLargeGradient != adam.RegimeLargeGradient {
		t.Errorf("%+v\nwant the numbers of\n%+v", custom, adam)
	}
	for _, want := range []string{"m <- 0.9 m + 0.1 g, divided by its weights so far", "v <- 0.999 v + 0.001 g^2", "theta <- theta - h (m / sqrt(v + eps))"} {
		if !strings.Contains(custom.Definition, want) {
			t.Errorf("the definition %q lacks %q", custom.Definition, want)
		}
	}
	if adam.Definition != "" {
		t.Error("a built-in rule has a definition")
	}
}

// A formula of its own shape is read at gradients of four sizes: the smooth sign
// tanh(m) of one momentum is gradient descent with momentum where gradients are
// small, a = (1+beta)/(1-beta) = 9, and has no memory left where they are large.
func TestShapeless(t *testing.T) {
	e := of(t, formula("tanh(m)", nil, optim.Accumulator{Name: "m", Of: "g", Decay: 0.8, BiasCorrection: true}), 1e-3)
	if !strings.Contains(e.Sentence, "9 at |g_j| = 1e-06") || !strings.Contains(e.Sentence, "0 at |g_j| = 1000") {
		t.Errorf("%q", e.Sentence)
	}
	if len(e.Factors) != 4 || math.Abs(e.Factors[0].Factor-9) > 1e-9 || e.Factors[0].Gradient != 1e-6 || e.Factors[3].Factor != 0 {
		t.Errorf("factors %v, want 9 at 1e-6 and 0 at 1000", e.Factors)
	}
	// Divided by nothing that is left at a constant gradient it is linear, and c is
	// the same everywhere.
	e = of(t, formula("m / sqrt(v - w^2 + 1)", nil, optim.Accumulator{Name: "m", Of: "g", Decay: 0.8, BiasCorrection: true},
		optim.Accumulator{Name: "w", Of: "g", Decay: 0.5, BiasCorrection: true}, optim.Accumulator{Name: "v", Of: "g^2", Decay: 0.5, BiasCorrection: true}), 1e-3)
	if !strings.Contains(e.Sentence, "c is 9 at every size") {
		t.Errorf("%q", e.Sentence)
	}
	if e := of(t, formula("m", nil, optim.Accumulator{Name: "m", Of: "g", Decay: 0.8}), 1e-3); e.Factors != nil {
		t.Errorf("a momentum has factors %v", e.Factors)
	}
}

// The definition is the whole step: with both decays, and with that of the formula
// once.
func TestDefinitionHasTheDecays(t *testing.T) {
	o := formula("m + 0.5 * theta", nil, optim.Accumulator{Name: "m", Of: "g", Decay: 0.8})
	o.WeightDecay, o.L2 = 0.25, 0.125
	e := of(t, o, 1e-3)
	if want := "g <- g + 0.125 theta; m <- 0.8 m + 0.2 g; theta <- theta - h (m + 0.5 * theta + 0.25 theta)"; e.Definition != want {
		t.Errorf("definition %q, want %q", e.Definition, want)
	}
	if e.WeightDecay != 0.75 {
		t.Errorf("weight decay %v, want 0.75 in all", e.WeightDecay)
	}
	if e := of(t, formula("tanh(m)", nil, optim.Accumulator{Name: "m", Of: "g", Decay: 0.8}), 1e-3); strings.Contains(e.Definition, "theta)") {
		t.Errorf("%q", e.Definition)
	}
}

// An average that looks ahead or back has no beta1 to be neutral at; the way it is
// read is said.
func TestLookAhead(t *testing.T) {
	e := of(t, formula("m / sqrt(v + eps)", optim.Constants{{Name: "eps", Value: 1e-8}},
		optim.Accumulator{Name: "m", Of: "g", Decay: 0.9, New: 0.5, Old: 0.25, Direct: 0.25},
		optim.Accumulator{Name: "v", Of: "g * tanh(g)", Decay: 0.99}), 1e-3)
	if e.NeutralBeta1 != nil {
		t.Errorf("neutral at beta1 = %g", *e.NeutralBeta1)
	}
	if !strings.Contains(e.Definition, "read as 0.5 m_new + 0.25 m_old + 0.25 g") || !strings.Contains(e.Definition, "0.01 (g * tanh(g))") {
		t.Errorf("%q", e.Definition)
	}
}
