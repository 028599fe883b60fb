package trace

import (
	"context"
	"math"
	"testing"

	"leeway/objective"
	"leeway/optim"
)

// The promised orders are the theorems' (arXiv 2309.00079, 2502.02132); the
// toy and its hyperparameters lie in the asymptotic range.
func TestVerifyFitsThePromisedOrders(t *testing.T) {
	s := Setup{
		Objective: objective.Bilinear{}, Start: []float64{2.8, 3.5}, Optimizer: adam(t, 1e-3, .9, .95, 1e-8),
		Processes: ProcessNames(), Steps: 500,
	}
	v, err := Verify(context.Background(), s, 4, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !v.Passed || len(v.Rows) != 5 || len(v.Order) != 6 {
		t.Fatalf("passed %v, %d rows, orders %v, %v", v.Passed, len(v.Rows), v.Order, v.Reasons)
	}
	for process, order := range v.Order {
		if got, want := order, float64(PromisedOrder(process)); got < want-0.1 {
			t.Errorf("%s: order %.3f, want %g", process, got, want)
		}
	}
	for _, row := range v.Rows {
		if ie := float64(row.IntegrationError["flow-2"]); ie > 1e-3*float64(row.Error["flow-2"]) {
			t.Errorf("h=%g: integration error %g is not small against %g", row.H, ie, row.Error["flow-2"])
		}
	}
}

// Outside the asymptotic range the promise is missed, and that is what must be
// said: a check that cannot fail proves nothing.
func TestVerifyFailsWhereTheTheoryDoesNotReach(t *testing.T) {
	s := Setup{
		Objective: objective.Bilinear{}, Start: []float64{2.8, 3.5}, Optimizer: adam(t, 2e-3, .9, .999, 1e-8),
		Processes: []string{"flow-2"}, Steps: 600, IgnoreRunaway: true,
	}
	v, err := Verify(context.Background(), s, 4, nil)
	if err != nil {
		t.Fatal(err)
	}
	if v.Passed || v.Verdicts["flow-2"] != OrderMissed {
		t.Errorf("verdict %q, order %v: want a missed order", v.Verdicts["flow-2"], v.Order)
	}
}

// Gradient descent has no memory, so its memoryless map is itself; sign descent
// is promised nothing.
func TestVerifyKnowsExactAndUnpromised(t *testing.T) {
	s := Setup{
		Objective: objective.Bilinear{}, Start: []float64{1, 2}, Optimizer: build(t, optim.GD{}, 1e-3),
		Processes: []string{"memoryless-2", "flow-2"}, Steps: 100,
	}
	v, err := Verify(context.Background(), s, 4, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Verdicts["memoryless-2"]; got != OrderExact {
		t.Errorf("memoryless-2 of gradient descent: %q, want exact", got)
	}
	if got := v.Verdicts["flow-2"]; got != OrderKept {
		t.Errorf("flow-2 of gradient descent: %q (%v), want kept", got, v.Order)
	}
	// The signs of the gradient change on the way to the minimum.
	s.Optimizer, s.Steps = build(t, optim.SignGD{}, 1e-2), 300
	if v, err = Verify(context.Background(), s, 4, nil); err != nil {
		t.Fatal(err)
	}
	if got := v.Verdicts["flow-2"]; got != OrderUnpromised && got != OrderUndefined {
		t.Errorf("flow-2 of sign descent: %q, want no promise", got)
	}
	if !v.Passed && v.Verdicts["flow-2"] == OrderUnpromised {
		t.Error("a rule without promise failed")
	}
}

// Closed form: the slope of y = 3 x^2.5.
func TestSlope(t *testing.T) {
	x := []float64{1, 0.5, 0.25, 0.125}
	var y []float64
	for _, v := range x {
		y = append(y, 3*math.Pow(v, 2.5))
	}
	if got := Slope(x, y); math.Abs(got-2.5) > 1e-12 {
		t.Errorf("slope %v, want 2.5", got)
	}
}
