package explain

import (
	"math"
	"strings"
	"testing"

	"leeway/bea"
	"leeway/optim"
)

func of(t *testing.T, def optim.Definition, lr float64) Explanation {
	t.Helper()
	opt, err := optim.New(def, lr, optim.Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	return Of(opt)
}

// The numbers are closed forms worked out by hand: a = (1+beta1)/(1-beta1), b =
// (1+beta2)/(1-beta2), the switch at sqrt(eps a/(b-a)) inside and eps a/(b-a)
// outside (arXiv 2309.00079).
func TestAdamDefaults(t *testing.T) {
	adam := optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}
	e := of(t, adam, 1e-3)
	if e.A != 19 || e.B != 1999 || e.Coefficient != -1980 || e.HalfHCoefficient != -0.99 {
		t.Errorf("a %v, b %v, coefficient %v, half h %v; want 19, 1999, -1980, -0.99", e.A, e.B, e.Coefficient, e.HalfHCoefficient)
	}
	if math.Abs(e.SwitchGradient-9.79590e-6) > 1e-11 {
		t.Errorf("switch gradient %v, want 9.7959e-6", e.SwitchGradient)
	}
	if e.RegimeLargeGradient != bea.AntiPenalized || e.RegimeSmallGradient != bea.Penalized {
		t.Errorf("regimes %q and %q", e.RegimeLargeGradient, e.RegimeSmallGradient)
	}
	if *e.NeutralBeta2 != 0.9 || *e.NeutralBeta1 != 0.999 {
		t.Errorf("neutral at beta2 %v or beta1 %v, want 0.9 or 0.999", *e.NeutralBeta2, *e.NeutralBeta1)
	}
	if e.MemorySteps != 999 || math.Abs(e.TrustedRate-0.3/0.999) > 1e-9 {
		t.Errorf("memory %v, trusted rate %v; want 999, %v", e.MemorySteps, e.TrustedRate, 0.3/0.999)
	}
	if e.EpsMode != "inside" || !strings.Contains(e.Sentence, "-0.99") || !strings.Contains(e.Sentence, "against") {
		t.Errorf("eps mode %q, sentence %q", e.EpsMode, e.Sentence)
	}
	adam.EpsMode = optim.Outside
	if e := of(t, adam, 1e-3); math.Abs(e.SwitchGradient/(1e-8*19/1980)-1) > 1e-6 {
		t.Errorf("switch gradient with eps outside %v, want %v", e.SwitchGradient, 1e-8*19/1980)
	}
}

// Every kind is explained, on the side that its coefficients say.
func TestEveryKind(t *testing.T) {
	for kind, want := range map[string]struct {
		regime string
		says   string
	}{
		"gd":         {bea.Penalized, "squared two-norm"},
		"heavy-ball": {bea.Penalized, "(h/4) 19"},
		"nesterov":   {bea.Penalized, "squared two-norm"},
		"rmsprop":    {bea.AntiPenalized, "against"},
		"adam":       {bea.AntiPenalized, "against"},
		"adamw":      {bea.AntiPenalized, "against"},
		"nadam":      {bea.AntiPenalized, "against"},
		"nadamw":     {bea.AntiPenalized, "against"},
		"sign-gd":    {bea.Neutral, "signs"},
		"signum":     {bea.Neutral, "signs"},
		"lion":       {bea.Neutral, "signs"},
		"lion-k":     {bea.Neutral, "where they are small"},
	} {
		def, err := optim.Default(kind)
		if err != nil {
			t.Fatal(err)
		}
		e := of(t, def, 1e-3)
		if e.RegimeLargeGradient != want.regime || !strings.Contains(e.Sentence, want.says) {
			t.Errorf("%s: regime %q, %q; want %q, saying %q", kind, e.RegimeLargeGradient, e.Sentence, want.regime, want.says)
		}
		if e.Optimizer != kind {
			t.Errorf("%s is called %q", kind, e.Optimizer)
		}
	}
	if len(optim.Kinds()) != 12 {
		t.Error("a kind was added: explain it here")
	}
}

// The neutral betas are where they say: put in, they make the coefficient zero.
func TestNeutralBetas(t *testing.T) {
	for _, kind := range []string{"adam", "nadam"} {
		make := func(beta1, beta2 float64) optim.Definition {
			if kind == "nadam" {
				return optim.NAdam{Beta1: beta1, Beta2: beta2, Eps: 1e-8, BiasCorrection: true}
			}
			return optim.Adam{Beta1: beta1, Beta2: beta2, Eps: 1e-8, BiasCorrection: true}
		}
		e := of(t, make(0.9, 0.99), 1e-3)
		for _, neutral := range []Explanation{of(t, make(0.9, *e.NeutralBeta2), 1e-3), of(t, make(*e.NeutralBeta1, 0.99), 1e-3)} {
			if neutral.RegimeLargeGradient != bea.Neutral || neutral.Coefficient != 0 {
				t.Errorf("%s: %+v is not neutral", kind, neutral)
			}
			if !strings.Contains(neutral.Sentence, "neutral") {
				t.Errorf("%s: %q", kind, neutral.Sentence)
			}
		}
	}
	if e := of(t, optim.RMSProp{Beta2: 0.9, Eps: 1e-8}, 1e-3); e.NeutralBeta1 != nil || *e.NeutralBeta2 != 0 {
		t.Errorf("rmsprop: neutral at beta1 %v, beta2 %v; want none, 0", e.NeutralBeta1, *e.NeutralBeta2)
	}
	if e := of(t, optim.Adam{Beta1: 0.9, Beta2: 0.9}, 1e-3); !strings.Contains(e.Sentence, "cancel") {
		t.Errorf("eps 0 and equal betas: %q", e.Sentence)
	}
	if e := of(t, optim.Adam{Beta1: 0.99, Beta2: 0.9, Eps: 1e-8}, 1e-3); !strings.Contains(e.Sentence, "for small gradients") {
		t.Errorf("beta1 above beta2: %q", e.Sentence)
	}
}

func TestTidy(t *testing.T) {
	for x, want := range map[float64]float64{18.999999999999996: 19, -1.0 / 3: -0.333333333333, 0: 0, 1e-300: 1e-300} {
		if got := tidy(x); math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Errorf("tidy(%v) = %v, want %v", x, got, want)
		}
	}
	if got := tidy((1 + 0.9) / (1 - 0.9)); got != 19 {
		t.Errorf("got %v, want 19 exactly", got)
	}
	if !math.IsInf(tidy(math.Inf(1)), 1) {
		t.Error("infinity is not kept")
	}
}
