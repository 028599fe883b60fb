package trace

import (
	"context"
	"math"
	"os"
	"slices"
	"testing"

	"leeway/autodiff"
	"leeway/bea"
	"leeway/nn"
	"leeway/objective"
	"leeway/optim"
)

// digitsMLP is an MLP on two hundred digits, small enough for many runs.
func digitsMLP(t testing.TB, batches int) objective.TwiceDifferentiable {
	t.Helper()
	d := load(t, "digits", 200)
	return must[*nn.Objective](t)(nn.New(nn.Data{X: d.X, Y: d.Y, Shape: []int{d.D}, Classes: d.Classes}, nn.Settings{
		Architecture: nn.MLP{Hidden: []int{16, 16}, Activation: "tanh"}, Loss: "cross-entropy", DType: autodiff.Float64, Batches: batches, Threads: 1,
	}))
}

// Taking the bias away leaves flow-1 as what the optimizer follows to second
// order: the theorem's corrected flow less its correction (arXiv 2309.00079). The
// same runs unmodified are of first order, and doubling the bias doubles the
// distance: its part in the distance is (1 + factor) times the drift.
func TestModifiedBias(t *testing.T) {
	toy := Setup{Objective: objective.Bilinear{}, Start: []float64{2.8, 3.5}, Optimizer: adam(t, 1e-3, .9, .95, 1e-8), Steps: 500}
	mlp := digitsMLP(t, 1)
	digits := Setup{Objective: mlp, Start: mlp.(objective.Starter).Start(), Optimizer: adam(t, 3e-5, .9, .95, 1e-3), Steps: 300}
	half := digitsMLP(t, 2)
	batches := digits
	batches.Objective, batches.Order = half, must[*objective.Order](t)(objective.NewOrder(objective.Shuffled, 2, 3))
	outside := toy
	outside.Optimizer = build(t, optim.Adam{Beta1: .9, Beta2: .97, Eps: 1e-3, EpsMode: optim.Outside, BiasCorrection: true}, 5e-4)
	cases := map[string]Setup{"toy": toy, "toy, eps outside": outside}
	if os.Getenv("LEEWAY_SLOW") != "" {
		cases["digits MLP"], cases["digits MLP, two batches"] = digits, batches
	}
	const halvings = 3
	for name, s := range cases {
		s.Processes = []string{"flow-1"}
		fit := func(factor float64) *Verification {
			s.Bias = factor
			return must[*Verification](t)(Verify(context.Background(), s, halvings, nil))
		}
		cancelled, kept, doubled := fit(-1), fit(0), fit(1)
		t.Logf("%s: orders %.3f without, %.3f with, %.3f with twice the bias", name, cancelled.Order["flow-1"], kept.Order["flow-1"], doubled.Order["flow-1"])
		// The errors still bend at the largest h: the last halving says more.
		fine := math.Log2(float64(cancelled.Rows[halvings-1].Error["flow-1"] / cancelled.Rows[halvings].Error["flow-1"]))
		if math.Abs(fine-2) > 0.06 {
			t.Errorf("%s: without the bias the last halving shows order %.3f, want 2", name, fine)
		}
		if got := cancelled.Order["flow-1"]; got < 1.85 || got > 2.15 || cancelled.Promised["flow-1"] != 2 || !cancelled.Passed {
			t.Errorf("%s: without the bias order %.3f, promised %d, passed %v; want 2", name, got, cancelled.Promised["flow-1"], cancelled.Passed)
		}
		for _, v := range []*Verification{kept, doubled} {
			if got := v.Order["flow-1"]; got < 0.9 || got > 1.1 {
				t.Errorf("%s: with it order %.3f, want 1", name, got)
			}
		}
		if ratio := doubled.Rows[halvings].Error["flow-1"] / kept.Rows[halvings].Error["flow-1"]; math.Abs(float64(ratio)-2) > 0.05 {
			t.Errorf("%s: doubled drift %.3f times the drift, want 2", name, ratio)
		}
	}
}

// The step is the optimizer's own with the term added, written out here.
func TestModifiedStep(t *testing.T) {
	s := batches(t)
	s.Processes, s.Steps, s.Bias = []string{}, 12, -0.5
	r, _ := run(t, context.Background(), s)

	flow := must[*bea.Flow](t)(bea.NewFlow(2, s.Optimizer, s.Objective, &bea.Settings{Order: s.Order.Clone()}))
	theta, state := slices.Clone(s.Start), optim.NewState(s.Optimizer, 4)
	g, velocity, correction := make([]float64, 4), make([]float64, 4), make([]float64, 4)
	for n := range s.Steps {
		if _, err := s.Objective.Gradient(g, theta, s.Order.At(n)); err != nil {
			t.Fatal(err)
		}
		flow.SetStep(n)
		if err := flow.Derivative(velocity, 0, theta); err != nil {
			t.Fatal(err)
		}
		flow.Parts(correction)
		state.Step(theta, g)
		for j, c := range correction {
			theta[j] -= s.Optimizer.LR * -0.5 * c
		}
	}
	if bea.Distance(theta, r.Theta()) != 0 {
		t.Errorf("%v, want %v", r.Theta(), theta)
	}
}
