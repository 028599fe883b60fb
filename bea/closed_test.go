package bea_test

import (
	"fmt"
	"math"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// full is the full loss with its gradient and Hessian at start, for closed forms
// that are written with both.
type full struct {
	objective.TwiceDifferentiable
	g []float64
}

func newFull(t testing.TB) full {
	t.Helper()
	f := full{objective.NewFullBatch(sines(t, 3)), make([]float64, 4)}
	if _, err := f.Gradient(f.g, start, 0); err != nil {
		t.Fatal(err)
	}
	return f
}

// times is H v.
func (f full) times(v []float64) []float64 {
	p := make([]float64, len(v))
	if err := f.HVP(p, start, v, 0); err != nil {
		panic(err)
	}
	return p
}

// each builds a vector from its components.
func each(f func(j int) float64) []float64 {
	v := make([]float64, 4)
	for j := range v {
		v[j] = f(j)
	}
	return v
}

// lag is the mean lag of an exponential average at step n, of the limit for
// negative n, as the paper writes it.
func lag(d float64, n int) float64 {
	tau := d / (1 - d)
	if n >= 0 {
		p := math.Pow(d, float64(n+1))
		tau -= float64(n+1) * p / (1 - p)
	}
	return tau
}

// adamBias is the bias of Adam in full batch and H F, F = g/R: Sections 5.1, 5.2
// and 5.4.
func (f full) adamBias(h, beta, rho, eps float64, outside bool, n int) (bias, r []float64) {
	r = each(func(j int) float64 {
		if outside {
			return math.Abs(f.g[j]) + eps
		}
		return math.Sqrt(f.g[j]*f.g[j] + eps)
	})
	hf := f.times(each(func(j int) float64 { return f.g[j] / r[j] }))
	return each(func(j int) float64 {
		u := math.Pow(f.g[j]/r[j], 2)
		if outside {
			u = math.Abs(f.g[j]) / r[j]
		}
		return h / 2 * (2*lag(beta, n) + 1 - (2*lag(rho, n)+1)*u) * hf[j]
	}), r
}

// Truth: the closed forms of arXiv 2309.00079 for the full batch.
func TestFullBatchAdam(t *testing.T) {
	const h, beta, rho, eps = 0.1, 0.9, 0.95, 0.3
	f := newFull(t)
	for _, mode := range []optim.EpsMode{optim.Inside, optim.Outside} {
		opt := constant(t, optim.Adam{Beta1: beta, Beta2: rho, Eps: eps, EpsMode: mode, BiasCorrection: true}, h)
		exact := must[*bea.Flow](t)(bea.NewFlow(2, opt, f, nil))
		limit := must[*bea.Flow](t)(bea.NewFlow(2, opt, f, &bea.Settings{Asymptotic: true}))
		meter := must[*bea.Meter](t)(bea.NewMeter(opt, f))
		got := make([]float64, 4)
		for _, n := range []int{-1, 0, 1, 5, 80} {
			bias, r := f.adamBias(h, beta, rho, eps, mode == optim.Outside, n)
			flow := exact
			if n < 0 {
				flow = limit
			}
			flow.SetStep(max(n, 0))
			if err := flow.Derivative(got, 0, start); err != nil {
				t.Fatal(err)
			}
			want := each(func(j int) float64 { return -(f.g[j] + bias[j]) / r[j] })
			if e := relative(got, want); !(e <= 1e-12) {
				t.Errorf("eps %v, step %d: velocity %v, want %v", mode, n, got, want)
			}
			correction := make([]float64, 4)
			for j, x := range flow.Parts(correction) {
				if x+correction[j] != -got[j] {
					t.Errorf("eps %v, step %d: parts %v + %v do not make up -(%v)", mode, n, x, correction[j], got[j])
				}
			}
			if err := meter.Bias(got, start, n); err != nil {
				t.Fatal(err)
			}
			if e := relative(got, bias); !(e <= 1e-12) {
				t.Errorf("eps %v, step %d: bias %v, want %v", mode, n, got, bias)
			}
		}
	}
}

// correct is Corr + c DF[F] and F at a step where all memory has settled.
func correct(t testing.TB, f full, def optim.Definition, n int, c float64) (correction, direction []float64) {
	t.Helper()
	e := must[*bea.Expansion](t)(bea.NewExpansion(constant(t, def, 0.1), f, nil))
	correction, direction = make([]float64, 4), make([]float64, 4)
	if err := e.Correct(correction, direction, n, start, c); err != nil {
		t.Fatal(err)
	}
	return correction, direction
}

// Truth: the corrections of arXiv 2502.02132 for n -> infinity, one closed form
// a rule, and what the step size adds to them in the flow.
func TestCorrectionsOfEveryRule(t *testing.T) {
	const beta1, beta2, eps, decay, forever = 0.7, 0.9, 0.3, 0.2, 5000
	f := newFull(t)
	r := each(func(j int) float64 { return math.Sqrt(f.g[j]*f.g[j] + eps) })
	u := each(func(j int) float64 { return f.g[j] / r[j] })
	adaptive := each(func(j int) float64 { return u[j] + decay*start[j] })
	hg, hf := f.times(f.g), f.times(adaptive)
	tau1, tau2 := beta1/(1-beta1), beta2/(1-beta2)
	// AdamW's DF[F] = (1-u^2)/R HF + decay F; so is that of Lion-K.
	slope := each(func(j int) float64 { return (1-u[j]*u[j])/r[j]*hf[j] + decay*adaptive[j] })
	adamW := func(tau float64) []float64 {
		return each(func(j int) float64 { return (tau - tau2*u[j]*u[j]) / r[j] * hf[j] })
	}
	scaled := func(c float64, v []float64) []float64 { return each(func(j int) float64 { return c * v[j] }) }
	decayed := optim.Regularization{WeightDecay: decay}
	keep := 1 - beta1
	for name, c := range map[string]struct {
		def                          optim.Definition
		direction, correction, slope []float64
	}{
		"gd":         {optim.GD{}, f.g, scaled(0, f.g), hg},
		"heavy ball": {optim.HeavyBall{Beta: beta1, Form: optim.PolyakForm}, scaled(1/keep, f.g), scaled(beta1/(keep*keep*keep), hg), scaled(1/(keep*keep), hg)},
		"ema":        {optim.HeavyBall{Beta: beta1}, f.g, scaled(tau1, hg), hg},
		"nesterov":   {optim.Nesterov{Beta: beta1}, scaled(1/keep, f.g), scaled(beta1*beta1/(keep*keep*keep), hg), scaled(1/(keep*keep), hg)},
		"adamw":      {optim.AdamW{Beta1: beta1, Beta2: beta2, Eps: eps, BiasCorrection: true, Regularization: decayed}, adaptive, adamW(tau1), slope},
		"nadamw":     {optim.NAdamW{Beta1: beta1, Beta2: beta2, Eps: eps, BiasCorrection: true, Regularization: decayed}, adaptive, adamW(beta1 * beta1 / keep), slope},
		"lion-k": {optim.LionK{Beta1: beta1, Beta2: beta2, Eps: eps, BiasCorrection: true, Regularization: decayed}, adaptive,
			each(func(j int) float64 { return beta1 / (1 - beta2) * eps / math.Pow(r[j], 3) * hf[j] }), slope},
	} {
		for _, half := range []float64{0, 0.5} {
			got, direction := correct(t, f, c.def, forever, half)
			want := each(func(j int) float64 { return c.correction[j] + half*c.slope[j] })
			if relative(direction, c.direction) > 1e-12 {
				t.Errorf("%s: F = %v, want %v", name, direction, c.direction)
			}
			if relative(got, want) > 1e-12 {
				t.Errorf("%s, c = %g: correction %v, want %v", name, half, got, want)
			}
		}
	}
}

// Truth: the finite-n forms, with the sums of arXiv 2502.02132 taken as written.
func TestFiniteStepCorrections(t *testing.T) {
	const beta, beta2, eps, decay = 0.7, 0.9, 0.3, 0.2
	f := newFull(t)
	hg := f.times(f.g)
	for _, n := range []int{0, 1, 2, 9, 40} {
		sum := 0.0
		for k := 1; k <= n; k++ {
			for s := n - k; s <= n-1; s++ {
				sum += math.Pow(beta, float64(k)) * (1 - math.Pow(beta, float64(s+1))) / (1 - beta)
			}
		}
		got, direction := correct(t, f, optim.HeavyBall{Beta: beta, Form: optim.PolyakForm}, n, 0)
		size := (1 - math.Pow(beta, float64(n+1))) / (1 - beta)
		if e := relative(direction, each(func(j int) float64 { return size * f.g[j] })); e > 1e-12 {
			t.Errorf("heavy ball, step %d: F is off by %.2g", n, e)
		}
		if e := relative(got, each(func(j int) float64 { return sum * hg[j] })); e > 1e-12 {
			t.Errorf("heavy ball, step %d: correction is off by %.2g", n, e)
		}

		got, direction = correct(t, f, optim.AdamW{Beta1: beta, Beta2: beta2, Eps: eps, BiasCorrection: true,
			Regularization: optim.Regularization{WeightDecay: decay}}, n, 0)
		r := each(func(j int) float64 { return math.Sqrt(f.g[j]*f.g[j] + eps) })
		hf := f.times(direction)
		want := each(func(j int) float64 {
			return (lag(beta, n) - lag(beta2, n)*math.Pow(f.g[j]/r[j], 2)) / r[j] * hf[j]
		})
		if e := relative(got, want); e > 1e-12 {
			t.Errorf("adamw, step %d: correction is off by %.2g", n, e)
		}
	}
}

// Adam with equal decays b and Lion-K with (b, b) have the same correction,
// b/(1-b) eps/R^3 HF (arXiv 2502.02132), and Adam without first moment is
// RMSProp.
func TestRulesThatAreOne(t *testing.T) {
	const b, eps = 0.8, 0.3
	f := newFull(t)
	for _, n := range []int{3, 5000} {
		rms, _ := correct(t, f, optim.RMSProp{Beta2: b, Eps: eps, BiasCorrection: true}, n, 0.5)
		without, _ := correct(t, f, optim.Adam{Beta2: b, Eps: eps, BiasCorrection: true}, n, 0.5)
		if fmt.Sprint(rms) != fmt.Sprint(without) {
			t.Errorf("step %d: Adam without first moment %v is not RMSProp %v", n, without, rms)
		}
	}
	adam, _ := correct(t, f, optim.Adam{Beta1: b, Beta2: b, Eps: eps, BiasCorrection: true}, 5000, 0)
	lion, _ := correct(t, f, optim.LionK{Beta1: b, Beta2: b, Eps: eps, BiasCorrection: true}, 5000, 0)
	if e := relative(lion, adam); e > 1e-12 {
		t.Errorf("Lion-K %v, Adam %v", lion, adam)
	}
	// The negative half: with other decays they are not equal.
	adam, _ = correct(t, f, optim.Adam{Beta1: b, Beta2: 0.9, Eps: eps, BiasCorrection: true}, 5000, 0)
	if relative(lion, adam) < 0.1 {
		t.Error("corrections agree where they must not")
	}
}
