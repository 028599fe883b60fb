package bea_test

import (
	"math"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// Predicted and realised drift agree to first order in h, so cosine and ratio
// tend to 1: 1 - cosine with order 2 (it is quadratic in the angle), ratio - 1
// with order 1. Truth: the optimizer's own step.
func TestDriftTendsToTruth(t *testing.T) {
	def := optim.Adam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05, BiasCorrection: true}
	obj := objective.NewFullBatch(sines(t, 3))
	var angle, size []float64
	for k := range 5 {
		opt := constant(t, def, horizon/320).Halved(k)
		drift := must[*bea.Drift](t)(bea.NewDrift(opt, obj, nil))
		before := append([]float64(nil), start...)
		run(t, opt, obj, nil, start, 160<<k, func(n int, theta, taken []float64, _ *optim.State) {
			if n == 160<<k-1 {
				r := must[bea.DriftReading](t)(drift.Measure(taken, before, n))
				angle, size = append(angle, 1-r.Cosine), append(size, math.Abs(r.Ratio-1))
			}
			copy(before, theta)
		})
	}
	if o := slope(angle); o < 1.8 {
		t.Errorf("1 - cosine %.3g falls with order %.2f, want 2", angle, o)
	}
	if o := slope(size); o < 0.9 || o > 1.1 {
		t.Errorf("|ratio - 1| %.3g falls with order %.2f, want 1", size, o)
	}
}

// Under a schedule the displacements that the correction sums are in units of LR,
// each with its own factor, so that predicted and realised drift agree to first
// order in h at any factor. Truth: the optimizer's own step, taken where the factor
// has fallen to 0.2; a prediction scaled by that factor would have ratio 0.2.
func TestDriftTendsToTruthUnderASchedule(t *testing.T) {
	def := optim.Adam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05, BiasCorrection: true}
	obj := objective.NewFullBatch(sines(t, 3))
	var angle, size []float64
	for k := range 4 {
		opt := mustNew(t, def, horizon/320, optim.Schedule{Kind: "cosine", Steps: 40, Final: 0.2}).Halved(k)
		steps := 160 << k
		if factor := opt.Schedule.Factor(steps - 1); factor > 0.21 {
			t.Fatalf("the factor %g hides what is to be seen", factor)
		}
		drift := must[*bea.Drift](t)(bea.NewDrift(opt, obj, nil))
		before := append([]float64(nil), start...)
		run(t, opt, obj, nil, start, steps, func(n int, theta, taken []float64, _ *optim.State) {
			if n == steps-1 {
				r := must[bea.DriftReading](t)(drift.Measure(taken, before, n))
				angle, size = append(angle, 1-r.Cosine), append(size, math.Abs(r.Ratio-1))
			}
			copy(before, theta)
		})
	}
	if last := size[len(size)-1]; last > 1e-2 || angle[len(angle)-1] > 1e-4 {
		t.Errorf("1 - cosine %.3g, |ratio - 1| %.3g: want both near 0", angle, size)
	}
	if o := slope(angle); o < 1.8 {
		t.Errorf("1 - cosine %.3g falls with order %.2f, want 2", angle, o)
	}
	if o := slope(size); o < 0.9 || o > 1.1 {
		t.Errorf("|ratio - 1| %.3g falls with order %.2f, want 1", size, o)
	}
}

// The negative half: at Adam's defaults the memory is far too long for the
// expansion, and the comparison says so.
func TestDriftTellsFailure(t *testing.T) {
	opt := constant(t, optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}, 1e-2)
	obj := objective.NewFullBatch(sines(t, 3))
	drift := must[*bea.Drift](t)(bea.NewDrift(opt, obj, nil))
	before := append([]float64(nil), start...)
	run(t, opt, obj, nil, start, 200, func(n int, theta, taken []float64, _ *optim.State) {
		if n == 199 {
			if r := must[bea.DriftReading](t)(drift.Measure(taken, before, n)); math.Abs(r.Ratio-1) < 0.5 {
				t.Errorf("%+v where the expansion cannot hold", r)
			}
		}
		copy(before, theta)
	})
}

// An optimizer without memory does not drift.
func TestNoMemoryNoDrift(t *testing.T) {
	f := newFull(t)
	drift := must[*bea.Drift](t)(bea.NewDrift(constant(t, optim.GD{}, 0.1), f, nil))
	r := must[bea.DriftReading](t)(drift.Measure(f.g, start, 5))
	if !math.IsNaN(r.Cosine) || !math.IsNaN(r.Ratio) {
		t.Errorf("%+v, want NaN twice", r)
	}
}

func TestNorms(t *testing.T) {
	v := []float64{3, -4, 0}
	for name, pair := range map[string][2]float64{
		"one":       {bea.OneNorm(v), 7},
		"two":       {bea.TwoNorm(v), 5},
		"perturbed": {bea.PerturbedOneNorm(v, 16), 5 + math.Sqrt(32) + 4},
		"inside":    {bea.DriftNorm(v, 16, optim.Inside), 5 + math.Sqrt(32) + 4},
		"outside":   {bea.DriftNorm(v, 2, optim.Outside), 7 - 2*math.Log(2.5) - 2*math.Log(3)},
		"eps = 0":   {bea.DriftNorm(v, 0, optim.Outside), 7},
		"tiny":      {bea.OneNorm([]float64{1e-300, -1e-300}), 2e-300},
		"tiny two":  {bea.TwoNorm([]float64{3e-300, 4e-300}), 5e-300},
		"huge two":  {bea.TwoNorm([]float64{3e300, 4e300}), 5e300},
		"distance":  {bea.Distance([]float64{1, 2, 3}, []float64{1, 5, 2}), 3},
	} {
		if !near(pair[0], pair[1], 1e-15) {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
	if d := bea.Distance([]float64{math.NaN(), 9}, []float64{0, 0}); !math.IsNaN(d) {
		t.Errorf("distance %v hides a NaN", d)
	}
}
