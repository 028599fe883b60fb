package trace

import (
	"math"
	"slices"
	"testing"

	"leeway/data"
	"leeway/margin"
	"leeway/objective"
	"leeway/optim"
)

// separable is Adam without eps on rows that can be separated, with a rate under which
// the gradients' squares underflow soon.
func separable(t testing.TB, batch int) Setup {
	t.Helper()
	set := must[*data.Set](t)(data.Gaussian(8, 8, 2, 3))
	loss := must[*objective.Linear](t)(objective.NewLinear(set.X, set.Y, 8, objective.LinearSettings{BatchSize: batch}))
	p := must[*margin.Problem](t)(margin.NewProblem(set.X, set.Y, 8, false))
	return Setup{
		Objective: loss, Start: make([]float64, 8), Steps: 4000, CheckpointEvery: 1500, Processes: []string{},
		Optimizer: build(t, optim.Adam{Beta1: .5, Beta2: .6, EpsMode: optim.Outside}, 0.2),
		Margins:   must[*margin.Meter](t)(margin.NewMeter(p)),
		Measures:  Each(When{Every: 1000}, "loss", marginQuantity),
	}
}

// The optimizer goes on where gradients are below float64. The truth is package optim
// with gradients that are scaled from the first step on, by other formulas; signs of
// gradients near zero make the paths differ by a thousandth. Without a scale Adam
// stops near a margin of 354. A run that is resumed there finds the same bits.
func TestMarginsInTheThousands(t *testing.T) {
	for _, batch := range []int{0, 4} {
		s := separable(t, batch)
		r, all := run(t, t.Context(), s)
		state, theta, g := optim.NewState(s.Optimizer, 8), make([]float64, 8), make([]float64, 8)
		scaled, _ := objective.AsScaled(s.Objective)
		for n := range s.Steps {
			_, exponent, err := scaled.GradientScaled(g, theta, n%s.Objective.Batches())
			if err != nil {
				t.Fatal(err)
			}
			state.StepScaled(nil, theta, g, exponent)
		}
		want := s.Margins.Read(theta)
		if want.Smallest < 500 || math.Abs(want.Smallest/s.Margins.Problem.Smallest(r.lead.theta)-1) > 3e-3 {
			t.Errorf("margin %v, want %v, in the hundreds or more", s.Margins.Problem.Smallest(r.lead.theta), want.Smallest)
		}
		last := all.rows[len(all.rows)-1]
		for name, want := range map[string]float64{
			"margin_inf": want.Inf, "margin_two": want.Two, "margin_inf_share": want.InfRatio,
			"margin_two_share": want.TwoRatio, "margin_inf_cosine": want.InfCosine, "margin_two_cosine": want.TwoCosine,
		} {
			if got := last[r.digest.columns["discrete/"+name]]; math.Abs(got-want) > 3e-3 {
				t.Errorf("%s is %v, want %v", name, got, want)
			}
		}
		if r.lead.state.Exponent() == 0 {
			t.Error("no scale was needed")
		}
		again, at := must[*Runner](t)(New(s)), all.states[1]
		if at.Step != 3000 {
			t.Fatalf("the second checkpoint is of step %d", at.Step)
		}
		if err := again.Restore(at, all.rows[:4]); err != nil {
			t.Fatal(err)
		}
		if err := again.Run(t.Context(), &tape{}, nil); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again.lead.theta, r.lead.theta) {
			t.Errorf("resumed at step 3000 the run ends at %v, want %v", again.lead.theta, r.lead.theta)
		}
	}
}

func TestMarginNeedsOne(t *testing.T) {
	s := separable(t, 0)
	s.Margins = nil
	if _, err := New(s); err == nil {
		t.Error("no error without margins to be measured")
	}
}

// A robust margin is that of package margin, and needs to have been prepared.
func TestRobustMargin(t *testing.T) {
	s := separable(t, 0)
	s.Steps, s.Measures = 30, Each(When{Every: 10}, robustQuantity)
	if _, err := New(s); err == nil {
		t.Error("no error without a robust margin to be measured")
	}
	best := must[*margin.Solution](t)(s.Margins.Problem.Solve(margin.L1))
	s.RobustMargin = must[*margin.Robust](t)(margin.NewRobust(s.Margins.Problem, margin.L1, best.Margin/2))
	r, all := run(t, t.Context(), s)
	last := all.rows[len(all.rows)-1]
	want, share := s.RobustMargin.Read(r.lead.theta)
	if got := last[r.digest.columns["discrete/robust_margin"]]; got != want {
		t.Errorf("robust margin %v, want %v", got, want)
	}
	if got := last[r.digest.columns["discrete/robust_margin_share"]]; got != share {
		t.Errorf("share %v, want %v", got, share)
	}
}
