package bea_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"leeway/bea"
	"leeway/optim"
)

// observe shows a watch on three coordinates the same thing from step low to
// high and returns what it says first.
func observe(w *bea.Runaway, low, high int, leading, correction, taken float64) error {
	for n := low; n <= high; n++ {
		// Coordinates 0 and 2 are always in order.
		err := w.Observe(n, []float64{1, leading, 1}, []float64{-0.5, correction, 9}, []float64{1, taken, 1})
		if err != nil {
			return err
		}
	}
	return nil
}

// A coordinate is lost when its velocity has been turned for longer than momentum
// lasts (10 steps and twice the mean lag 9 of beta1 = 0.9) while the optimizer
// goes on.
func TestRunawayWatch(t *testing.T) {
	watch := func() *bea.Runaway {
		return bea.NewRunaway(rule(t, optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}), 3)
	}
	err := observe(watch(), 5, 1000, -2, 3, -1)
	var away *bea.RunawayError
	if !errors.As(err, &away) {
		t.Fatalf("error %v, want a *RunawayError", err)
	}
	if want := (bea.RunawayError{Step: 33, Coordinate: 1, Ratio: 1.5, Since: 5, Lost: 1, Share: 1. / 3}); *away != want {
		t.Errorf("report %+v, want %+v", *away, want)
	}
	for _, part := range []string{"step 33", "coordinate 1", "since step 5", "1.5 times", "33 % of the motion"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("message %q does not say %q", err, part)
		}
	}
	if !strings.Contains(away.Hint(), "moments-2") {
		t.Errorf("hint %q", away.Hint())
	}
	for name, c := range map[string][3]float64{
		"correction is smaller":    {-2, 1.9, -1},
		"correction helps":         {-2, -9, -1},
		"optimizer turned as well": {-2, 3, 1},
		"optimizer stands still":   {-2, 3, 0},
	} {
		if err := observe(watch(), 0, 1000, c[0], c[1], c[2]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Turned now and then, as where a gradient changes sign, is no runaway.
	w := watch()
	for n := 0; n < 500; n += 20 {
		if err := errors.Join(observe(w, n, n+18, -2, 3, -1), observe(w, n+19, n+19, -2, 1, -1)); err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
	}
}

// A watch that takes over the state of another goes on where that one stood.
func TestRunawayState(t *testing.T) {
	r := rule(t, optim.GD{})
	whole, first, second := bea.NewRunaway(r, 3), bea.NewRunaway(r, 3), bea.NewRunaway(r, 3)
	want := observe(whole, 0, 20, -2, 3, -1)
	if err := observe(first, 0, 6, -2, 3, -1); err != nil {
		t.Fatal(err)
	}
	copy(second.State(), first.State())
	if got := observe(second, 7, 20, -2, 3, -1); want == nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("resumed: %v, want %v", got, want)
	}
}

// Of two hundred coordinates of equal speed one is half a per cent of the motion,
// two are a whole one: by hand, RunawayShare apart.
func TestRunawayNeedsAShare(t *testing.T) {
	const dim = 200
	for lost, want := range map[int]bool{1: false, 2: true} {
		w := bea.NewRunaway(rule(t, optim.GD{}), dim)
		leading, correction, taken := make([]float64, dim), make([]float64, dim), make([]float64, dim)
		for j := range leading {
			leading[j], taken[j] = 1, 1
			if j >= dim-lost {
				correction[j] = -2
			}
		}
		var err error
		for n := 0; n < 100 && err == nil; n++ {
			err = w.Observe(n, leading, correction, taken)
		}
		if got := err != nil; got != want {
			t.Errorf("%d of %d coordinates lost: runaway %v, want %v", lost, dim, got, want)
		}
		var away *bea.RunawayError
		if errors.As(err, &away) && (away.Lost != lost || away.Share != 0.01 || away.Coordinate != dim-lost) {
			t.Errorf("report %+v", *away)
		}
	}
}
