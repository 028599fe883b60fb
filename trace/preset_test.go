package trace

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"leeway/objective"
	"leeway/optim"
)

// drawWorkload draws a run of any shape.
func drawWorkload(t *rapid.T) Workload {
	rules := []optim.Definition{
		optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}, optim.GD{}, optim.RMSProp{Beta2: 0.9, Eps: 1e-8},
		optim.AdamW{Beta1: 0.9, Beta2: 0.95, Eps: 1e-8, BiasCorrection: true, Regularization: optim.Regularization{WeightDecay: 0.1}},
	}
	o, err := optim.New(rapid.SampledFrom(rules).Draw(t, "rule"), 0.1, optim.Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	w := Workload{
		Steps: rapid.IntRange(1, 200_000).Draw(t, "steps"), Batches: rapid.SampledFrom([]int{1, 2, 10, 500}).Draw(t, "batches"),
		Processes: rapid.SliceOfDistinct(rapid.SampledFrom(ProcessNames()[1:]), rapid.ID).Draw(t, "processes"),
		Optimizer: o, Network: rapid.Bool().Draw(t, "network"), Modified: rapid.Bool().Draw(t, "modified"), Top: rapid.IntRange(0, 5).Draw(t, "top"),
		Integrator: Integrator{Method: rapid.SampledFrom([]string{"", "rk4", "euler"}).Draw(t, "method")},
	}
	if rapid.Bool().Draw(t, "model") {
		w.Rows, w.TestRows = rapid.IntRange(1, 60_000).Draw(t, "rows"), rapid.IntRange(0, 10_000).Draw(t, "test")
	}
	return w
}

// spends is what a plan costs in gradients. Loss, gradient and evaluation are one
// computation each for all that is read off them.
func spends(plan []Measure, w Workload) float64 {
	total := 0.0
	for _, g := range groups {
		dearest := 0.0
		for _, m := range plan {
			if slices.Contains(g.quantities, m.Quantity) {
				dearest = max(dearest, w.Cost(m.Quantity)*float64(m.When.Count(w.Steps)))
			}
		}
		total += dearest
	}
	return total
}

// The preset standard costs a tenth of the run at most, except where the first and
// the last step alone are more: then it measures no more than these. Economy is
// cheaper, full has everything.
func TestPresetsKeepTheirBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorkload(t)
		run := w.Step() * float64(w.Steps)
		standard, economy, full := Preset(Standard, w), Preset(Economy, w), Preset(Full, w)
		for share, plan := range map[float64][]Measure{standardShare: standard, economyShare: economy} {
			forced := 0.0 // what the first step and the last cost
			for _, m := range plan {
				if err := m.When.Check(); err != nil {
					t.Fatal(err)
				}
				if m.When.Count(w.Steps) <= 2 {
					forced += spends([]Measure{m}, w)
				}
			}
			if got := spends(plan, w); got > share*run*(1+1e-9)+forced {
				t.Fatalf("%v costs %g of %g, %g forced", plan, got, run, forced)
			}
		}
		has := func(plan []Measure, q string) bool {
			return slices.ContainsFunc(plan, func(m Measure) bool { return m.Quantity == q })
		}
		for _, q := range Quantities() {
			if has(full, q) != w.Possible(q) {
				t.Fatalf("full and %s: %v", q, has(full, q))
			}
			if has(economy, q) && !has(standard, q) {
				t.Fatalf("economy has %s and standard has not", q)
			}
		}
		for _, q := range []string{"loss", "bias", "trust", "parameter_norm"} {
			if !has(standard, q) {
				t.Fatalf("standard has no %s", q)
			}
		}
	})
}

// A list of quantities is kept whole, whatever it costs.
func TestSchedulesLeaveNothingOut(t *testing.T) {
	w := Workload{Steps: 10, Batches: 1, Optimizer: adam(t, 1, .9, .99, 1)}
	plan := Schedules([]string{"sharpness", "loss", "density"}, w)
	if len(plan) != 3 || plan[0].Quantity != "loss" || plan[1].When.Count(10) > 3 {
		t.Errorf("%v", plan)
	}
}

// A setup that says nothing of measures takes the preset, as one with all that the
// preset needs does.
func TestZeroSetupMeasures(t *testing.T) {
	s, err := Setup{Objective: objective.Bilinear{}, Start: []float64{1, 2}, Optimizer: adam(t, 1e-3, .9, .95, 1e-8), Steps: 1000}.resolve()
	if err != nil {
		t.Fatal(err)
	}
	if want := Preset(Standard, s.workload()); !slices.EqualFunc(s.Measures, want, func(a, b Measure) bool { return a.Quantity == b.Quantity }) || len(want) < 8 {
		t.Errorf("%v, want %v", s.Measures, want)
	}
}

// The table of costs against the questions that a run really asks, in full batch and
// with mini-batches. The truth are the counters of the objective. A gradient that
// the optimizer asks for is not counted; at the last step it is, since no step
// follows.
func TestCosts(t *testing.T) {
	for _, kept := range []Setup{batches(t), {
		Objective: objective.Bilinear{}, Start: []float64{2.8, 3.5}, Optimizer: adam(t, 1e-3, .9, .95, 1e-8), Steps: 60,
	}} {
		kept.Processes = []string{"flow-1", "flow-2"}
		kept.Measures = Each(When{Every: 1}, "loss", "bias", "trust")
		r, _ := run(t, t.Context(), kept)
		w := r.setup.workload()
		for name, s := range r.Summary().Measuring.Quantities {
			predicted := w.Cost(name) * float64(s.Count)
			real := s.Gradients + productCost*s.Products
			// Early steps remember fewer batches, and the last one asks for itself.
			if s.Count != 61 || real > predicted+2 || real < 0.9*predicted-6 {
				t.Errorf("%d batches: %s cost %g gradients and %g products at %d steps, predicted %g", w.Batches, name, s.Gradients, s.Products, s.Count, predicted)
			}
		}
	}
}
