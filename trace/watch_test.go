package trace

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/bea"
	"leeway/objective"
)

// toyLosses are loss and two-norm of the gradient after each step of Adam on the
// toy, by a plain loop.
func toyLosses(t *testing.T, s Setup) (losses, norms []float64) {
	t.Helper()
	s.Below, s.Stop, s.Processes = nil, Stop{}, []string{}
	s.Measures = Each(When{Every: 1}, "loss", "two_norm")
	_, kept := run(t, context.Background(), s)
	for _, row := range kept.rows {
		losses, norms = append(losses, row[0]), append(norms, row[1])
	}
	return losses, norms
}

func toySetup(t *testing.T) Setup {
	return Setup{
		Objective: objective.Bilinear{}, Start: []float64{2.8, 3.5}, Optimizer: adam(t, 1e-2, .9, .95, 1e-8),
		Processes: []string{"flow-1"}, Steps: 400, Measures: Each(When{Every: 1000}, "loss", "two_norm", "trust"),
	}
}

// A threshold is crossed at the first step whose loss is below it; that step is
// measured. The truth is the loss of every step.
func TestThresholds(t *testing.T) {
	s := toySetup(t)
	s.Below = []float64{1, 100, 0.01, 1e-30}
	r, kept := run(t, context.Background(), s)
	losses, _ := toyLosses(t, s)
	var want []Crossing
	steps := []int{0}
	for _, bound := range []float64{100, 1, 0.01} {
		n := slices.IndexFunc(losses, func(x float64) bool { return x < bound })
		want = append(want, Crossing{Number(bound), n})
		if !slices.Contains(steps, n) {
			steps = append(steps, n)
		}
	}
	if got := r.Summary().Crossed; !cmp.Equal(got, want) {
		t.Errorf("crossed %v, want %v", got, want)
	}
	if got := append(steps, 400); !slices.Equal(kept.steps, got) {
		t.Errorf("measured at %v, want %v", kept.steps, got)
	}
	for i, n := range kept.steps {
		if kept.rows[i][0] != losses[n] {
			t.Errorf("step %d: loss %g, want %g", n, kept.rows[i][0], losses[n])
		}
	}
}

// Each condition ends the run at the first step that meets it, and says so.
func TestStop(t *testing.T) {
	s := toySetup(t)
	losses, norms := toyLosses(t, s)
	first := func(x []float64, bound float64) int {
		return slices.IndexFunc(x, func(v float64) bool { return v < bound })
	}
	for name, c := range map[string]struct {
		stop Stop
		step int
		says string
	}{
		"loss":     {Stop{Loss: 0.5}, first(losses, 0.5), "training loss"},
		"gradient": {Stop{Gradient: 0.3}, first(norms, 0.3), "two-norm"},
		"either":   {Stop{Loss: 0.5, Gradient: 5}, min(first(losses, 0.5), first(norms, 5)), "below"},
		"neither":  {Stop{Loss: 1e-40}, 400, ""},
	} {
		s.Stop = c.stop
		r, kept := run(t, context.Background(), s)
		summary := r.Summary()
		if summary.Status != StatusDone || summary.Steps != c.step || !strings.Contains(summary.Stopped, c.says) || (c.says == "") != (summary.Stopped == "") {
			t.Errorf("%s: %s after %d steps (%s), want %d", name, summary.Status, summary.Steps, summary.Stopped, c.step)
		}
		if got := kept.steps[len(kept.steps)-1]; got != c.step {
			t.Errorf("%s: last measured at step %d, want %d", name, got, c.step)
		}
	}
}

// The accuracy, and with mini-batches all conditions, are looked at where they
// are measured.
func TestStopAtMeasuredSteps(t *testing.T) {
	s := batches(t)
	s.Processes, s.Steps, s.Measures = []string{}, 700, Each(When{Every: 7}, "loss", "accuracy")
	steps := 0
	s.Test = &Evaluation{Rows: 1, Measure: func([]float64) (float64, float64, error) {
		steps++
		return 0, float64(steps) / 10, nil
	}}
	s.Stop.Accuracy = 0.35
	r, _ := run(t, context.Background(), s)
	if got := r.Step(); got != 21 || !strings.Contains(r.Summary().Stopped, "accuracy") {
		t.Errorf("stopped at step %d (%q), want 21: the fourth measurement", got, r.Summary().Stopped)
	}
	full, g := objective.NewFullBatch(s.Objective), make([]float64, 4)
	start, err := full.Gradient(g, s.Start, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Stop, s.Below = Stop{Loss: start - 0.05}, []float64{start - 0.02}
	r, kept := run(t, context.Background(), s)
	summary := r.Summary()
	n := slices.IndexFunc(kept.rows, func(row []float64) bool { return row[0] < s.Stop.Loss })
	if n < 0 || summary.Steps != kept.steps[n] || len(kept.steps) != n+1 || len(summary.Crossed) != 1 || summary.Steps%7 != 0 {
		t.Errorf("stopped at %d (%s), crossed %v; rows below: %d of %d", summary.Steps, summary.Stopped, summary.Crossed, n, len(kept.rows))
	}
}

// Wherever a run is stopped, it goes on to the same rows and the same crossings.
func TestThresholdsSurviveResume(t *testing.T) {
	s := toySetup(t)
	s.Below, s.Stop, s.CheckpointEvery = []float64{10, 1, 0.1}, Stop{Loss: 0.05}, 1
	whole, kept := run(t, context.Background(), s)
	want := whole.Summary()
	for _, c := range want.Crossed {
		for n := max(c.Step-2, 1); n < c.Step+2; n++ {
			i := slices.IndexFunc(kept.states, func(x *State) bool { return x.Step == n })
			if i < 0 {
				continue
			}
			r := must[*Runner](t)(New(s))
			rows := 0
			for _, step := range kept.steps {
				if step <= n {
					rows++
				}
			}
			if err := r.Restore(kept.states[i], kept.rows[:rows]); err != nil {
				t.Fatal(err)
			}
			rest := &tape{}
			if err := r.Run(context.Background(), rest, nil); err != nil {
				t.Fatal(err)
			}
			got := r.Summary()
			if !cmp.Equal(got.Crossed, want.Crossed) || got.Stopped != want.Stopped || bea.Distance(r.Theta(), whole.Theta()) != 0 {
				t.Errorf("from step %d: crossed %v, %q; want %v, %q", n, got.Crossed, got.Stopped, want.Crossed, want.Stopped)
			}
			if all := append(slices.Clone(kept.rows[:rows]), rest.rows...); !cmp.Equal(all, kept.rows, sameFloats) {
				t.Errorf("from step %d: other rows", n)
			}
		}
	}
	if len(want.Crossed) != 3 || math.IsNaN(float64(want.Final["loss"])) {
		t.Fatalf("crossed %v", want.Crossed)
	}
}
