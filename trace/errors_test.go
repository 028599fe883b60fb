package trace

import (
	"context"
	"errors"
	"strings"
	"testing"

	"leeway/objective"
	"leeway/optim"
)

// hinted is how the command line asks an error for what to try.
type hinted interface{ Hint() string }

// An optimizer that diverges is no truth to verify against: gradient descent on
// theta^2/2 with h = 3 doubles |theta| at every step.
func TestVerifyRefusesADivergingOptimizer(t *testing.T) {
	obj, err := objective.NewDiagonal([]float64{1}, []float64{0})
	if err != nil {
		t.Fatal(err)
	}
	s := Setup{Objective: obj, Start: []float64{1}, Optimizer: build(t, optim.GD{}, 3), Processes: []string{"flow-1"}, Steps: 2000}
	_, err = Verify(context.Background(), s, 2, nil)
	var diverged *DivergedError
	if !errors.As(err, &diverged) || !strings.Contains(err.Error(), "h=3") || diverged.Hint() == "" {
		t.Errorf("error %v, want one that names h=3 and says what to try", err)
	}
}

// Rows that were lost are named, with what to do about it.
func TestMissingRowsAreNamed(t *testing.T) {
	s := batches(t)
	_, kept := run(t, context.Background(), s)
	last := kept.states[len(kept.states)-1]
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	err = r.Restore(last, kept.rows[:len(kept.rows)-1])
	var missing *MissingRowsError
	if !errors.As(err, &missing) || missing.Want != len(kept.rows) || missing.Got != len(kept.rows)-1 {
		t.Fatalf("error %v, want the missing row counted", err)
	}
	if h, ok := err.(hinted); !ok || h.Hint() == "" || !strings.Contains(err.Error(), "60") {
		t.Errorf("error %q names no step or has no hint", err)
	}
}

// What a display of progress asks for while a run goes on.
func TestProgressSeesStepsAndLoss(t *testing.T) {
	s := batches(t)
	r, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	last := -1
	if err := r.Run(context.Background(), nil, func() {
		if r.Step() < last || r.Step() > r.Steps() {
			t.Errorf("step %d after %d of %d", r.Step(), last, r.Steps())
		}
		last = r.Step()
	}); err != nil {
		t.Fatal(err)
	}
	if last != s.Steps || r.Loss() == 0 {
		t.Errorf("ended at step %d of %d with loss %g", last, s.Steps, r.Loss())
	}
}
