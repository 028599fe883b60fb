package trace

import (
	"context"
	"math"
	"slices"
	"testing"

	"leeway/autodiff"
	"leeway/data"
	"leeway/nn"
	"leeway/objective"
	"leeway/optim"
	"leeway/rundir"
)

// column returns a column of what was kept.
func (s *tape) column(t testing.TB, r *Runner, name string) []float64 {
	t.Helper()
	i := slices.Index(r.Columns(), name)
	if i < 0 {
		t.Fatalf("no column %s in %v", name, r.Columns())
	}
	var x []float64
	for _, row := range s.rows {
		x = append(x, row[i])
	}
	return x
}

// digitsNetwork is a small MLP on digits with rows to test on, in the given number
// of batches.
func digitsNetwork(t testing.TB, batches int) Setup {
	t.Helper()
	train, test, err := data.Load("digits", data.Settings{Train: 60, Test: 30})
	if err != nil {
		t.Fatal(err)
	}
	net := must[*nn.Objective](t)(nn.New(nn.Data{X: train.X, Y: train.Y, Shape: []int{64}, Classes: 10},
		nn.Settings{Architecture: nn.MLP{Hidden: []int{4}, Activation: nn.Tanh}, DType: autodiff.Float64, Batches: batches, Seed: 1}))
	onTrain, onTest := net.OnTraining(), must[*nn.Evaluation](t)(net.Evaluation(nn.Data{X: test.X, Y: test.Y, Shape: []int{64}}))
	return Setup{
		Objective: net, Start: net.Start(), Optimizer: adam(t, 5e-3, .9, .95, 1e-6), Processes: []string{"flow-1"}, Steps: 24,
		Train: &Evaluation{Rows: onTrain.Rows(), Measure: onTrain.Measure},
		Test:  &Evaluation{Rows: onTest.Rows(), Measure: onTest.Measure},
	}
}

// possible are all quantities that a setup can have.
func possible(s Setup) []string {
	w := s.workload()
	return slices.DeleteFunc(Quantities(), func(q string) bool { return !w.Possible(q) })
}

// Every quantity has its own schedule. The truth is the same run with everything
// measured at every step: at the steps of its schedule, and at the last, a quantity
// has the same value there; elsewhere its cells are missing. Values agree to
// rounding: where the gradient is not wanted, the loss is computed without it, and a
// search for eigenvalues starts from what the last one found.
func TestEachQuantityHasItsSchedule(t *testing.T) {
	for _, count := range []int{1, 3} {
		s := digitsNetwork(t, count)
		s.Top = 2
		all := possible(s)
		s.Measures = Each(When{Every: 1}, all...)
		whole, everything := run(t, context.Background(), s)
		s.Measures = nil
		schedules := map[string]schedule{}
		for i, q := range all {
			w := []When{{Every: 3}, {At: []int{1, 7}}, {Log: 5}, {Every: 5}}[i%4]
			s.Measures = append(s.Measures, Measure{q, w})
			schedules[q] = w.schedule(s.Steps)
		}
		r, kept := run(t, context.Background(), s)
		if !slices.Equal(whole.Columns(), r.Columns()) {
			t.Fatal("other columns")
		}
		missing, present := 0, 0
		for i, step := range kept.steps {
			at := 0
			compare := func(name string, due bool) {
				got, want := kept.rows[i][at], everything.rows[step][at]
				at++
				switch {
				case !due && rundir.IsMissing(got):
					missing++
				case !due:
					t.Errorf("step %d: %s is %v where it is not due", step, name, got)
				case rundir.IsMissing(got) || math.IsNaN(got) != math.IsNaN(want):
					t.Errorf("step %d: %s is %v, want %v", step, name, got, want)
				case !math.IsNaN(got) && math.Abs(got-want) > 1e-6*max(math.Abs(want), 1e-3) && !residual(name):
					t.Errorf("step %d: %s is %v, want %v", step, name, got, want)
				default:
					present++
				}
			}
			for _, process := range []string{Discrete, "flow-1"} {
				for _, m := range r.setup.Measures {
					if q := known(m.Quantity); !q.leads || process == Discrete {
						for _, column := range q.columns(&r.setup) {
							compare(process+"/"+column, schedules[q.name].due(step) || step == s.Steps)
						}
					}
				}
				if process != Discrete {
					compare("distance", true)
					compare("distance_max", true)
				}
			}
			if schedules["density"].due(step) != (kept.spectra[step] != nil) && step != s.Steps {
				t.Errorf("step %d: density %v", step, kept.spectra[step] != nil)
			}
		}
		if missing < 100 || present < 100 {
			t.Errorf("%d cells missing, %d present", missing, present)
		}
		for _, m := range s.Measures {
			if got, want := r.Summary().Measuring.Quantities[m.Quantity].Count, m.When.Count(s.Steps); got != want {
				t.Errorf("%s was measured %d times, want %d", m.Quantity, got, want)
			}
		}
	}
}

// residual are columns that say how a search went.
func residual(column string) bool {
	return slices.Contains([]string{Discrete + "/sharpness_residual", Discrete + "/preconditioned_residual"}, column)
}

// In full batch a run that measures asks for no gradient that the optimizer does
// not: what a row needs where the optimizer stands, and where it stood a step ago,
// it has asked for. The truth is the number of steps, and the negative half a
// follower, which stands elsewhere.
func TestMeasuringAsksNoGradientTwice(t *testing.T) {
	for _, c := range []struct {
		processes []string
		want      int
	}{{[]string{}, 41}, {[]string{"memoryless-1"}, 41 + 40 + 41}} {
		counted := objective.Counting(must[objective.TwiceDifferentiable](t)(objective.NewSines(3, 1, 4)))
		s := Setup{
			Objective: counted, Start: []float64{.1, .2, .3}, Optimizer: adam(t, 1e-2, .9, .95, 1e-3), Processes: c.processes, Steps: 40,
			Measures: Each(When{Every: 1}, "loss", "one_norm", "perturbed_one_norm", "two_norm", "gradient_size", "parameter_norm", "bias", "trust"),
		}
		r, _ := run(t, context.Background(), s)
		if got := counted.Gradients()[0]; got != c.want {
			t.Errorf("%v: %d gradients, want %d", c.processes, got, c.want)
		}
		if got := r.Summary().Processes[Discrete].Gradients; got != 40 {
			t.Errorf("the optimizer is said to have asked %d times in 40 steps", got)
		}
	}
}

// Norms of gradient and parameters by their definitions, on a quadratic whose
// gradient is known: g_j = j theta_j.
func TestNorms(t *testing.T) {
	obj := must[*objective.Quadratic](t)(objective.NewDiagonal([]float64{1, 2, 3}, nil))
	s := Setup{
		Objective: obj, Start: []float64{1, -2, 3}, Optimizer: build(t, optim.GD{}, 1e-9), Processes: []string{}, Steps: 1,
		Measures: Each(When{Every: 1}, "gradient_size", "parameter_norm", "one_norm"),
	}
	r, kept := run(t, context.Background(), s)
	mean := 14. / 3
	for name, want := range map[string]float64{
		"one_norm": 14, "gradient_mean": mean, "gradient_deviation": math.Sqrt(((1-mean)*(1-mean) + (4-mean)*(4-mean) + (9-mean)*(9-mean)) / 3),
		"theta_inf": 3, "theta_two": math.Sqrt(14),
	} {
		if got := kept.column(t, r, Discrete+"/"+name)[0]; math.Abs(got-want) > 1e-14*want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// What a run does not have cannot be measured, and is refused by name.
func TestQuantitiesThatCannotBe(t *testing.T) {
	toy := Setup{Objective: objective.Bilinear{}, Start: []float64{1, 2}, Optimizer: build(t, optim.GD{}, 1e-3), Steps: 10}
	for _, q := range []string{"accuracy", "test_loss", "train_accuracy", "noise_scale", "preconditioned_sharpness"} {
		s := toy
		s.Measures = Each(When{}, q)
		if _, err := New(s); err == nil {
			t.Errorf("%s was taken", q)
		}
	}
	for name, measures := range map[string][]Measure{
		"twice": Each(When{}, "loss", "loss"), "schedule": Each(When{Log: 1}, "loss"),
	} {
		s := toy
		s.Measures = measures
		if _, err := New(s); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// A run whose batches need more memory than there is for the drift leaves its two
// columns missing, and measures the rest of trust.
func TestDriftNeedsMemory(t *testing.T) {
	s := batches(t)
	s.Measures, s.Processes = Each(When{Every: 10}, "trust"), []string{}
	r := must[*Runner](t)(New(s))
	r.measure.drift = nil
	kept := &tape{}
	if err := r.Run(context.Background(), kept, nil); err != nil {
		t.Fatal(err)
	}
	if x := kept.column(t, r, Discrete+"/drift_ratio"); !rundir.IsMissing(x[1]) {
		t.Errorf("the drift is %v", x)
	}
	if x := kept.column(t, r, Discrete+"/trust_max"); !(x[1] > 0) {
		t.Errorf("the trust is %v", x)
	}
	if got := r.Summary().Trust; got.Verdict == NotMeasured || !math.IsNaN(float64(got.DriftCosine)) {
		t.Errorf("%+v", got)
	}
}
