package bea_test

import (
	"fmt"
	"math"
	"testing"

	"leeway/bea"
	"leeway/optim"
	"pgregory.net/rapid"
)

func rule(t testing.TB, def optim.Definition) *optim.Rule {
	t.Helper()
	return must[*optim.Rule](t)(def.Rule())
}

func near(got, want, tol float64) bool {
	return got == want || math.Abs(got-want) <= tol*math.Max(math.Abs(want), 1e-300)
}

// Truth: the braces of the full-batch result, (1+b)/(1-b) for each average, and
// the gradient at which they change sign.
func TestCoefficientsOfAdam(t *testing.T) {
	c := bea.CoefficientsOf(rule(t, optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}), -1)
	if !near(c.A, 19, 1e-9) || !near(c.B, 1999, 1e-9) || !near(c.Coefficient(), -1980, 1e-9) {
		t.Errorf("defaults: A = %v, B = %v, A-B = %v; want 19, 1999, -1980", c.A, c.B, c.Coefficient())
	}
	if c.Large() != bea.AntiPenalized || c.Small() != bea.Penalized {
		t.Errorf("defaults: large gradients %s, small ones %s", c.Large(), c.Small())
	}
	for b := 0.01; b < 1; b += 0.01 { // equal up to rounding is equal
		c := bea.CoefficientsOf(rule(t, optim.Adam{Beta1: b, Beta2: b, Eps: 1e-8, BiasCorrection: true}), -1)
		if c.Switch != 0 || c.Large() != bea.Neutral {
			t.Errorf("equal decays %g: switch at %g, large gradients %s", b, c.Switch, c.Large())
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		beta1 := rapid.Float64Range(0, 0.999).Draw(t, "beta1")
		beta2 := rapid.Float64Range(0, 0.9999).Draw(t, "beta2")
		eps := math.Pow(10, rapid.Float64Range(-16, 3).Draw(t, "log eps"))
		n := rapid.IntRange(-1, 100).Draw(t, "n")
		mode := optim.EpsMode(rapid.IntRange(0, 2).Draw(t, "mode"))
		r, err := optim.Adam{Beta1: beta1, Beta2: beta2, Eps: eps, EpsMode: mode, BiasCorrection: true}.Rule()
		if err != nil {
			t.Fatal(err)
		}
		c := bea.CoefficientsOf(r, n)
		a, b := 2*lag(beta1, n)+1, 2*lag(beta2, n)+1
		// lag subtracts numbers of size tau: that many digits are gone.
		tol := 1e-9 * max(1, lag(beta1, -1), lag(beta2, -1))
		if !near(c.A, a, tol) || !near(c.B, b, tol) {
			t.Fatalf("A = %v, B = %v; want %v, %v", c.A, c.B, a, b)
		}
		want := 0.0
		if b > a*(1+1e-9) {
			want = c.A / (c.B - c.A)
			switch mode {
			case optim.Inside:
				want = math.Sqrt(eps * want)
			case optim.OutsideUncorrected:
				if n >= 0 {
					eps /= math.Sqrt(1 - math.Pow(beta2, float64(n+1)))
				}
				want *= eps
			default:
				want *= eps
			}
		}
		if !near(c.Switch, want, 1e-9) {
			t.Fatalf("switch at %v, want %v", c.Switch, want)
		}
	})
}

// Truth: the table of thresholds, to five digits.
func TestSwitchTable(t *testing.T) {
	for _, row := range []struct {
		beta1, beta2 float64
		want         string
	}{{0.9, 0.999, "0.09796"}, {0.9, 0.99, "0.32489"}, {0.9, 0.95, "0.97468"}, {0.99, 0.999, "0.33250"}} {
		c := bea.CoefficientsOf(rule(t, optim.Adam{Beta1: row.beta1, Beta2: row.beta2, Eps: 1e-8, BiasCorrection: true}), -1)
		if got := fmt.Sprintf("%.5f", c.Switch/1e-4); got != row.want {
			t.Errorf("(%g, %g): switch at %s sqrt(eps), want %s", row.beta1, row.beta2, got, row.want)
		}
	}
}

// The switch is where the bias itself changes sign.
func TestSwitchTurnsTheBias(t *testing.T) {
	for _, def := range []optim.Definition{
		optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: 0.04, BiasCorrection: true},
		optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: 0.2, EpsMode: optim.Outside, BiasCorrection: true},
		optim.NAdam{Beta1: 0.7, Beta2: 0.9, Eps: 0.04, BiasCorrection: true},
	} {
		opt := constant(t, def, 0.1)
		at := bea.CoefficientsOf(opt.Rule, -1).Switch
		meter := must[*bea.Meter](t)(bea.NewMeter(opt, parabola{}))
		bias := make([]float64, 1)
		for factor, sign := range map[float64]float64{0.999: 1, 1.001: -1} {
			if err := meter.Bias(bias, []float64{at * factor}, -1); err != nil {
				t.Fatal(err)
			}
			if bias[0]*sign <= 0 {
				t.Errorf("%s: bias %g at %g times the switch", opt.Rule.Name, bias[0], factor)
			}
		}
	}
}

// parabola is theta^2/2 in one parameter, whose gradient is theta.
type parabola struct{}

func (parabola) Dim() int     { return 1 }
func (parabola) Batches() int { return 1 }
func (parabola) Gradient(dst, theta []float64, _ int) (float64, error) {
	dst[0] = theta[0]
	return theta[0] * theta[0] / 2, nil
}
func (parabola) HVP(dst, _, v []float64, _ int) error { copy(dst, v); return nil }

// Truth: what the papers say of each rule, in words.
func TestRegimes(t *testing.T) {
	for name, c := range map[string]struct {
		def          optim.Definition
		large, small string
	}{
		"adam beta1 > beta2":  {optim.Adam{Beta1: 0.95, Beta2: 0.9, Eps: 1e-8, BiasCorrection: true}, bea.Penalized, bea.Penalized},
		"adam beta1 = beta2":  {optim.Adam{Beta1: 0.9, Beta2: 0.9, Eps: 1e-8, BiasCorrection: true}, bea.Neutral, bea.Penalized},
		"adam eps = 0":        {optim.Adam{Beta1: 0.9, Beta2: 0.95, BiasCorrection: true}, bea.AntiPenalized, bea.Penalized},
		"heavy ball":          {optim.HeavyBall{Beta: 0.9}, bea.Penalized, bea.Penalized},
		"lion-k":              {optim.LionK{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6, BiasCorrection: true}, bea.Neutral, bea.Penalized},
		"sign descent":        {optim.SignGD{}, bea.Neutral, bea.Neutral},
		"rmsprop":             {optim.RMSProp{Beta2: 0.9, Eps: 1e-8}, bea.AntiPenalized, bea.Penalized},
		"gd":                  {optim.GD{}, bea.Penalized, bea.Penalized},
		"adam, huge eps only": {optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e6, BiasCorrection: true}, bea.AntiPenalized, bea.Penalized},
	} {
		got := bea.CoefficientsOf(rule(t, c.def), -1)
		if got.Large() != c.large || got.Small() != c.small {
			t.Errorf("%s: %+v: large %s, small %s; want %s, %s", name, got, got.Large(), got.Small(), c.large, c.small)
		}
	}
	if c := bea.CoefficientsOf(rule(t, optim.HeavyBall{Beta: 0.9}), -1); !near(c.A, 19, 1e-12) || c.B != 0 || c.Switch != 0 {
		t.Errorf("heavy ball: %+v, want A = 19 alone", c)
	}
	if got := bea.NeutralBeta(rule(t, optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true})); !near(got, 0.9, 1e-12) {
		t.Errorf("neutral beta2 %v, want beta1 = 0.9", got)
	}
}
