package bea_test

import (
	"math"
	"sort"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// shapes are rules whose bias the meter must know, with the P of F = P g + decay
// at gradient g and the braces of the bias.
var shapes = map[string]struct {
	def   optim.Definition
	decay float64
}{
	"inside":     {optim.Adam{Beta1: 0.6, Beta2: 0.9, Eps: 0.2, BiasCorrection: true}, 0},
	"outside":    {optim.Adam{Beta1: 0.6, Beta2: 0.9, Eps: 0.2, EpsMode: optim.Outside, BiasCorrection: true}, 0},
	"decayed":    {optim.AdamW{Beta1: 0.6, Beta2: 0.9, Eps: 0.2, BiasCorrection: true, Regularization: optim.Regularization{WeightDecay: 0.3}}, 0.3},
	"lion-k":     {optim.LionK{Beta1: 0.6, Beta2: 0.9, Eps: 0.2, BiasCorrection: true}, 0},
	"heavy ball": {optim.HeavyBall{Beta: 0.6, Form: optim.PolyakForm}, 0},
	"nesterov":   {optim.Nesterov{Beta: 0.6}, 0},
	"rmsprop":    {optim.RMSProp{Beta2: 0.9, Eps: 0.2}, 0},
	"nadam":      {optim.NAdam{Beta1: 0.6, Beta2: 0.9, Eps: 0.2}, 0},
}

// Truth: the corrected flow, which is evaluated another way. Once memory has
// settled its velocity is -(F + P bias + (h/2) decay F).
func TestBiasIsWhatTheFlowAdds(t *testing.T) {
	const h, forever = 0.1, 5000
	f := newFull(t)
	for name, c := range shapes {
		opt := constant(t, c.def, h)
		flow := must[*bea.Flow](t)(bea.NewFlow(2, opt, f, nil))
		meter := must[*bea.Meter](t)(bea.NewMeter(opt, f))
		velocity, bias, correction := make([]float64, 4), make([]float64, 4), make([]float64, 4)
		flow.SetStep(forever)
		if err := flow.Derivative(velocity, 0, start); err != nil {
			t.Fatal(err)
		}
		direction := flow.Parts(correction)
		if err := meter.Bias(bias, start, -1); err != nil {
			t.Fatal(err)
		}
		want := each(func(j int) float64 {
			p := (direction[j] - c.decay*start[j]) / f.g[j]
			return -(direction[j] + p*bias[j] + h/2*c.decay*direction[j])
		})
		if e := relative(velocity, want); !(e <= 1e-12) {
			t.Errorf("%s: velocity %v, want %v", name, velocity, want)
		}
	}
}

// Truth: each number of a reading computed from its definition, with the drift
// norm as a function of theta differentiated by central differences.
func TestReadingOfAdam(t *testing.T) {
	const h, beta, rho, n = 0.1, 0.6, 0.9, 7
	f := newFull(t)
	for _, mode := range []optim.EpsMode{optim.Inside, optim.Outside} {
		for _, eps := range []float64{2, 0.2, 1e-3} {
			outside := mode == optim.Outside
			opt := constant(t, optim.Adam{Beta1: beta, Beta2: rho, Eps: eps, EpsMode: mode, BiasCorrection: true}, h)
			got := must[bea.Reading](t)(must[*bea.Meter](t)(bea.NewMeter(opt, f)).Measure(start, n))
			bias, r := f.adamBias(h, beta, rho, eps, outside, n)
			hf := f.times(each(func(j int) float64 { return f.g[j] / r[j] }))

			want := bea.Reading{}
			want.Loss = must[float64](t)(f.Gradient(make([]float64, 4), start, 0))
			size, work, trust := 0.0, 0.0, make([]float64, 4)
			for j, g := range f.g {
				want.OneNorm += math.Abs(g)
				want.TwoNorm += g * g
				want.PerturbedOneNorm += math.Sqrt(g*g + eps)
				size += math.Abs(bias[j])
				trust[j] = h * lag(rho, n) * math.Abs(hf[j]) / r[j]
				switch {
				case bias[j]*hf[j] > 0:
					want.Penalized += 0.25
				case bias[j]*hf[j] < 0:
					want.AntiPenalized += 0.25
				}
				if trust[j] > bea.TrustBound {
					want.TrustShare += 0.25
				}
			}
			sort.Float64s(trust)
			want.TrustMax, want.TrustP99 = trust[3], trust[2]
			want.TwoNorm = math.Sqrt(want.TwoNorm)
			want.BiasRatio = size / want.OneNorm
			norm := func(s float64) float64 {
				theta, g := each(func(j int) float64 { return start[j] - s*bias[j]/r[j] }), make([]float64, 4)
				if _, err := f.Gradient(g, theta, 0); err != nil {
					t.Fatal(err)
				}
				work = 0
				for _, x := range g {
					if x = math.Abs(x); outside {
						work += x - eps*math.Log(1+x/eps)
					} else {
						work += math.Sqrt(x*x + eps)
					}
				}
				return work
			}
			const d = 1e-4
			want.NormRate = (8*(norm(d)-norm(-d)) - (norm(2*d) - norm(-2*d))) / (12 * d) / norm(0)
			for what, pair := range map[string][2]float64{
				"loss": {got.Loss, want.Loss}, "one-norm": {got.OneNorm, want.OneNorm}, "two-norm": {got.TwoNorm, want.TwoNorm},
				"perturbed": {got.PerturbedOneNorm, want.PerturbedOneNorm}, "bias ratio": {got.BiasRatio, want.BiasRatio},
				"penalized": {got.Penalized, want.Penalized}, "anti": {got.AntiPenalized, want.AntiPenalized},
				"norm rate": {got.NormRate, want.NormRate}, "trust max": {got.TrustMax, want.TrustMax},
				"trust p99": {got.TrustP99, want.TrustP99}, "trust share": {got.TrustShare, want.TrustShare},
			} {
				if math.Abs(pair[0]-pair[1]) > 1e-9*max(1, math.Abs(pair[1])) {
					t.Errorf("eps %v %g: %s is %v, want %v", mode, eps, what, pair[0], pair[1])
				}
			}
			if want.Penalized+want.AntiPenalized != 1 {
				t.Errorf("eps %v %g: shares %v and %v", mode, eps, want.Penalized, want.AntiPenalized)
			}
		}
	}
}

// Coupled decay is part of the gradient that the bias is about, but not of the
// norms that are reported; truth is the same problem with the ridge written into
// the loss.
func TestReadingWithCoupledDecay(t *testing.T) {
	const lambda = 0.4
	f := newFull(t)
	ridge := objective.Ridge(f, lambda)
	plain := optim.Adam{Beta1: 0.6, Beta2: 0.9, Eps: 0.2, BiasCorrection: true}
	coupled := plain
	coupled.L2 = lambda
	got := must[bea.Reading](t)(must[*bea.Meter](t)(bea.NewMeter(constant(t, coupled, 0.1), f)).Measure(start, 3))
	want := must[bea.Reading](t)(must[*bea.Meter](t)(bea.NewMeter(constant(t, plain, 0.1), ridge)).Measure(start, 3))
	if !near(got.NormRate, want.NormRate, 1e-12) || !near(got.BiasRatio, want.BiasRatio, 1e-12) || !near(got.TrustMax, want.TrustMax, 1e-12) {
		t.Errorf("coupled %+v, ridge %+v", got, want)
	}
	if got.Loss >= want.Loss || got.OneNorm == want.OneNorm {
		t.Errorf("loss %v and one-norm %v are those of the ridge", got.Loss, got.OneNorm)
	}
}

// At a minimum with eps = 0 there is no gradient to measure against: a reading is
// zeros, not NaN.
func TestReadingAtRest(t *testing.T) {
	for _, def := range []optim.Definition{optim.Adam{Beta1: 0.9, Beta2: 0.99, BiasCorrection: true}, optim.GD{}, optim.SignGD{}} {
		meter := must[*bea.Meter](t)(bea.NewMeter(constant(t, def, 0.1), parabola{}))
		if r := must[bea.Reading](t)(meter.Measure([]float64{0}, 4)); r != (bea.Reading{}) {
			t.Errorf("%T: %+v", def, r)
		}
	}
}
