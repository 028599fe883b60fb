package trace

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/ode"
	"leeway/optim"
)

// A row after n steps reads the meter at theta_n with the coefficients of step n,
// and the drift of step n-1, the one just taken, from theta_(n-1). The truth is a
// loop over the optimizer and the two instruments of package bea written out here;
// with bias correction and a schedule, the neighbouring step reads otherwise.
func TestRowsMeasureTheRightStep(t *testing.T) {
	s := batches(t)
	s.Processes, s.Steps, s.CheckpointEvery = []string{}, 20, 0
	s.Measures = Each(When{Every: 3}, "loss", "bias", "trust")
	var err error
	s.Optimizer, err = optim.New(optim.Adam{Beta1: .5, Beta2: .7, Eps: .05, BiasCorrection: true}, 0.05, optim.Schedule{Kind: "cosine", Steps: 30, Final: 0.1})
	if err != nil {
		t.Fatal(err)
	}
	r, kept := run(t, context.Background(), s)
	meter := must[*bea.Meter](t)(bea.NewMeter(s.Optimizer, s.Objective))
	drift := must[*bea.Drift](t)(bea.NewDrift(s.Optimizer, s.Objective, &bea.Settings{Order: s.Order.Clone()}))

	theta, before, taken := slices.Clone(s.Start), make([]float64, 4), make([]float64, 4)
	state, gradient := optim.NewState(s.Optimizer, 4), make([]float64, 4)
	columns, differs := r.Columns(), 0
	for n := 0; n <= s.Steps; n++ {
		if i := slices.Index(kept.steps, n); i >= 0 {
			m := must[bea.Reading](t)(meter.Measure(theta, n))
			d := bea.DriftReading{Cosine: math.NaN(), Ratio: math.NaN()}
			if n > 0 {
				d = must[bea.DriftReading](t)(drift.Measure(taken, before, n-1))
				// The negative half: one step on, the numbers are others.
				wrong := must[bea.DriftReading](t)(drift.Measure(taken, before, n))
				early := must[bea.Reading](t)(meter.Measure(theta, n-1))
				if wrong.Cosine != d.Cosine && wrong.Ratio != d.Ratio && early.TrustMax != m.TrustMax && early.BiasRatio != m.BiasRatio {
					differs++
				}
			}
			for column, want := range map[string]float64{
				"drift_cosine": d.Cosine, "drift_ratio": d.Ratio,
				"bias_ratio": m.BiasRatio, "bias_cosine": m.BiasCosine, "norm_rate": m.NormRate, "penalized_share": m.Penalized, "anti_penalized_share": m.AntiPenalized,
				"trust_max": m.TrustMax, "trust_p99": m.TrustP99, "trust_share": m.TrustShare, "loss": m.Loss,
			} {
				got := kept.rows[i][slices.Index(columns, Discrete+"/"+column)]
				if math.Float64bits(got) != math.Float64bits(want) && !(math.IsNaN(got) && math.IsNaN(want)) {
					t.Errorf("step %d: %s is %v, want %v", n, column, got, want)
				}
			}
		}
		if _, err := s.Objective.Gradient(gradient, theta, s.Order.At(n)); err != nil {
			t.Fatal(err)
		}
		copy(before, theta)
		state.StepDirection(taken, theta, gradient)
	}
	if want := []int{0, 3, 6, 9, 12, 15, 18, 20}; !slices.Equal(kept.steps, want) || differs < 4 {
		t.Errorf("measured at %v, want %v; %d rows tell the steps apart", kept.steps, want, differs)
	}
}

// The watch compares each step of flow-2 with the optimizer's direction at that
// very step, however many steps are taken at a time. The truth is a plain loop,
// one step at a time; Adam oscillates here, so that its direction turns within the
// steps of one chunk.
func TestRunawayWatchSeesEachStep(t *testing.T) {
	obj := must[*objective.Quadratic](t)(objective.NewDiagonal([]float64{1, 3, 10}, nil))
	s := Setup{
		Objective: obj, Start: []float64{1, -0.5, 0.3}, Optimizer: adam(t, 0.02, .9, .95, 1e-3),
		Processes: []string{"flow-2"}, Steps: 300, Measures: Each(When{Every: 50}, "loss"), CheckpointEvery: 50,
	}
	r, kept := run(t, context.Background(), s)

	flow := must[*bea.Flow](t)(bea.NewFlow(2, s.Optimizer, obj, nil))
	solver := must[*ode.Solver](t)(ode.New(flow, ode.Dopri5(), &ode.Settings{AbsTol: 1e-9, RelTol: 1e-9}))
	watch := bea.NewRunaway(s.Optimizer.Rule, 3)
	theta, y, state := slices.Clone(s.Start), slices.Clone(s.Start), optim.NewState(s.Optimizer, 3)
	gradient, taken, correction := make([]float64, 3), make([]float64, 3), make([]float64, 3)
	h, turned, want := s.Optimizer.LR, 0, ""
	for n := range s.Steps {
		if _, err := obj.Gradient(gradient, theta, 0); err != nil {
			t.Fatal(err)
		}
		state.StepDirection(taken, theta, gradient)
		flow.SetStep(n)
		if err := solver.Integrate(y, float64(n)*h, float64(n+1)*h); err != nil {
			t.Fatal(err)
		}
		if err := watch.Observe(n, flow.Parts(correction), correction, taken); err != nil {
			var away *bea.RunawayError
			if !errors.As(err, &away) {
				t.Fatal(err)
			}
			want = err.Error()
			break
		}
		for _, c := range kept.states {
			if c.Step != n+1 {
				continue
			}
			i := slices.IndexFunc(c.Tensors, func(x Tensor) bool { return x.Name == "flow-2/turned_since" })
			if i < 0 {
				t.Fatalf("checkpoint %d keeps nothing of the watch", c.Step)
			}
			if got := c.Tensors[i].Data; !slices.Equal(got, watch.State()) {
				t.Errorf("after step %d the watch remembers %v, want %v", n, got, watch.State())
			}
			if slices.Max(watch.State()) >= 0 {
				turned++
			}
		}
	}
	if turned == 0 && want == "" {
		t.Error("no velocity was turned at a checkpoint, so nothing was compared")
	}
	if got := r.Summary().Processes["flow-2"].Reason; got != want {
		t.Errorf("reason %q, want %q", got, want)
	}
}
