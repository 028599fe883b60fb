package trace

import (
	"fmt"
	"math"
	"slices"

	"leeway/bea"
)

// Stop says what ends a run before its last step; a zero is no condition. In full
// batch, loss and gradient are looked at before every step; with mini-batches,
// which show a part of the loss only, and for the accuracy at measured steps.
type Stop struct {
	Loss     float64 // the training loss is below
	Accuracy float64 // the test accuracy is above
	Gradient float64 // the two-norm of the gradient of the training loss is below
}

// Crossing is the first step at which the training loss was below a threshold.
type Crossing struct {
	Loss Number `json:"loss"` // the threshold
	Step int    `json:"step"`
}

// watch looks out for thresholds and for the end of a run.
type watch struct {
	stop    Stop
	below   []float64  // thresholds that are left, the largest first
	crossed []Crossing // those that the loss has fallen below
	event   int        // the last step at which one was crossed, -1 for none
	reason  string     // why the run is at its end
}

func newWatch(s *Setup) *watch {
	w := &watch{stop: s.Stop, below: slices.Clone(s.Below), event: -1}
	slices.Sort(w.below)
	slices.Reverse(w.below)
	return w
}

// idle reports whether there is nothing to look out for in loss and gradient.
func (w *watch) idle() bool {
	return len(w.below) == 0 && w.stop.Loss == 0 && w.stop.Gradient == 0
}

// look is shown the training loss and the two-norm of its gradient after n steps
// and reports whether the run has to pause there: to be measured, or to end.
func (w *watch) look(n int, loss float64, norm func() float64) bool {
	for len(w.below) > 0 && loss < w.below[0] {
		w.crossed = append(w.crossed, Crossing{Number(w.below[0]), n})
		w.below, w.event = w.below[1:], n
	}
	if w.stop.Loss != 0 && loss < w.stop.Loss {
		w.end(n, "the training loss is %.4g, below %g", loss, w.stop.Loss)
	}
	if w.stop.Gradient != 0 {
		if size := norm(); size < w.stop.Gradient {
			w.end(n, "the two-norm of the gradient is %.4g, below %g", size, w.stop.Gradient)
		}
	}
	return w.reason != "" || w.event == n
}

// lookAtRow is shown what was measured after n steps; absent columns are NaN.
// whole tells that loss and gradient have been looked at before.
func (w *watch) lookAtRow(n int, column func(quantity string) float64, whole bool) {
	if !whole {
		w.look(n, column("loss"), func() float64 { return column("two_norm") })
	}
	if w.stop.Accuracy != 0 {
		if a := column("accuracy"); a > w.stop.Accuracy {
			w.end(n, "the test accuracy is %.4g, above %g", a, w.stop.Accuracy)
		}
	}
}

// end keeps the first reason.
func (w *watch) end(n int, form string, value, bound float64) {
	if w.reason == "" {
		w.reason = fmt.Sprintf("step %d: "+form, n, value, bound)
	}
}

// restore takes over what was found before a run was resumed.
func (w *watch) restore(crossed []Crossing, reason string) {
	w.crossed, w.reason = slices.Clone(crossed), reason
	w.below = w.below[min(len(crossed), len(w.below)):]
	if n := len(crossed); n > 0 {
		w.event = crossed[n-1].Step
	}
}

// watched has the leader ask for the gradient at the present iterate and shows it
// to the watch; it reports whether the run pauses here. Only a full batch says
// what the training loss is.
func (l *leader) watched() (bool, error) {
	if !l.whole || l.watch.idle() {
		return false, nil
	}
	if err := l.ask(); err != nil {
		return false, err
	}
	return l.watch.look(l.state.Steps(), l.loss, func() float64 { return math.Ldexp(bea.TwoNorm(l.gradient), -l.exponent) }), nil
}
