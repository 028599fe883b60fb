package trace

import (
	"context"
	"math"
	"strings"
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

// rowsOf are rows of one process with errors at h = 1/16, 1/32, ...
func rowsOf(process string, errors ...float64) *Verification {
	v := &Verification{
		Order: map[string]float64{}, Promised: map[string]int{process: PromisedOrder(process)},
		Verdicts: map[string]string{}, Reasons: map[string]string{},
	}
	for k, e := range errors {
		v.Rows = append(v.Rows, VerifyRow{H: math.Ldexp(1, -4-k), Error: map[string]Number{process: Number(e)}})
	}
	return v
}

// Closed form: errors h^p have order p, whatever process they are said to be of.
// The bound is 0.15 below the promise and no lower.
func TestVerdictOnKnownOrders(t *testing.T) {
	for _, c := range []struct {
		process string
		order   float64
		want    string
	}{
		{"flow-2", 2, OrderKept}, {"flow-2", 2.4, OrderKept}, {"flow-2", 1.86, OrderKept},
		{"flow-2", 1.84, OrderMissed}, {"flow-2", 1.5, OrderMissed}, {"flow-2", 1.1, OrderMissed}, {"flow-2", 0, OrderMissed},
		{"flow-1", 1, OrderKept}, {"flow-1", 0.86, OrderKept}, {"flow-1", 0.84, OrderMissed}, {"flow-1", 0.5, OrderMissed},
		{"moments-2", 1.84, OrderMissed}, {"memoryless-2", 1.84, OrderMissed},
	} {
		var errors []float64
		for k := range 5 {
			errors = append(errors, math.Pow(2, -c.order*float64(4+k)))
		}
		v := rowsOf(c.process, errors...)
		v.judge(c.process, 1)
		if got := v.Verdicts[c.process]; got != c.want {
			t.Errorf("%s of order %g: verdict %q, want %q", c.process, c.order, got, c.want)
		}
		if got := v.Order[c.process]; math.Abs(got-c.order) > 1e-12 {
			t.Errorf("%s: fitted %v to errors of order %g", c.process, got, c.order)
		}
		if said := v.Reasons[c.process] != ""; said != (c.want == OrderMissed) {
			t.Errorf("%s of order %g, %s: reason %q", c.process, c.order, c.want, v.Reasons[c.process])
		}
	}
}

// A slope needs two points. One error above rounding is neither exact nor an order
// of 0, and it is not a promise kept.
func TestVerdictWithoutTwoUsableErrors(t *testing.T) {
	const process = "flow-2"
	v := rowsOf(process, 1e-9, 1e-16, 1e-16)
	v.judge(process, 1)
	if order, ok := v.Order[process]; ok {
		t.Errorf("order %v fitted to one error", order)
	}
	if got := v.Verdicts[process]; got == OrderKept || got == OrderExact {
		t.Errorf("verdict %q on one error", got)
	}
	if reason := v.Reasons[process]; reason == "" || strings.Contains(reason, "0.00") {
		t.Errorf("reason %q, want one that does not name an order", reason)
	}
	// Rounding grows with the parameters: at 1e6 times the size it is all rounding.
	v = rowsOf(process, 1e-9, 1e-16, 1e-16)
	v.judge(process, 1e6)
	if got := v.Verdicts[process]; got != OrderExact {
		t.Errorf("verdict %q on rounding, want %q", got, OrderExact)
	}
	// Rows at rounding are left out of the fit: the others have order 2.
	v = rowsOf(process, 1e-3, 2.5e-4, 6.25e-5, 1e-13)
	v.judge(process, 1)
	if got := v.Order[process]; v.Verdicts[process] != OrderKept || math.Abs(got-2) > 1e-12 {
		t.Errorf("verdict %q, order %v, want 2 from three rows", v.Verdicts[process], got)
	}
}

// Where averages are not corrected, or TensorFlow's eps ages, the sums of weights
// change with the step, and the flows that keep their moments have to be told
// which one it is. The truth for the order is the theory's promise. A flow one step
// behind would be off by O(h) from its first step on.
func TestVerifyMomentsWithGrowingWeights(t *testing.T) {
	for name, def := range map[string]optim.Definition{
		"uncorrected": optim.Adam{Beta1: .5, Beta2: .7, Eps: 100},
		"tensorflow":  optim.Adam{Beta1: .5, Beta2: .7, Eps: 10, EpsMode: optim.OutsideUncorrected, BiasCorrection: true},
	} {
		s := Setup{
			Objective: objective.Bilinear{}, Start: []float64{2.8, 3.5}, Optimizer: build(t, def, 2e-3),
			Processes: []string{"moments-1", "moments-2"}, Steps: 100,
		}
		v, err := Verify(context.Background(), s, 4, nil)
		if err != nil {
			t.Fatal(err)
		}
		if one, two := v.Order["moments-1"], v.Order["moments-2"]; one < 0.85 || one > 1.15 || two < 1.9 {
			t.Errorf("%s: orders %.3f and %.3f of the moments flows, want 1 and 2", name, one, two)
		}
	}
}
