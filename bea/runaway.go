package bea

import (
	"fmt"
	"math"

	"leeway/optim"
)

// RunawayShare is the part of the optimizer's motion, as a share of the one-norm
// of its direction, that has to be lost before a corrected flow counts as run
// away. On a network single coordinates leave the useful range long before the
// flow as a whole does: it is then still several times nearer to the optimizer
// than without the correction.
const RunawayShare = 0.01

// RunawayError reports that a corrected flow has left the useful range of the
// theorem: the correction turns the velocity of coordinates around, while the
// optimizer goes on as before. From there the flow runs away although the
// optimizer converges.
type RunawayError struct {
	Step       int     // the step at which it was noticed
	Coordinate int     // the coordinate that was lost first
	Ratio      float64 // size of the correction against the leading term there
	Since      int     // the step since which that velocity has been turned
	Lost       int     // how many coordinates are turned for that long
	Share      float64 // their share of the one-norm of the optimizer's direction
}

func (e *RunawayError) Error() string {
	others := ""
	if e.Lost > 1 {
		others = fmt.Sprintf(", and of %d more", e.Lost-1)
	}
	return fmt.Sprintf("bea: step %d: the correction has turned the velocity of coordinate %d (counted from 0) around since step %d (%.3g times the leading term)%s, %.2g %% of the motion, while the optimizer has not turned: outside the useful range of the theorem, the corrected flow runs away",
		e.Step, e.Coordinate, e.Since, e.Ratio, others, 100*e.Share)
}

// Hint says what to do about it.
func (e *RunawayError) Hint() string {
	return "a smaller lr, beta2 closer to beta1, a larger eps, or process moments-2, which needs no short memory"
}

// Runaway watches a corrected flow for leaving the useful range. A velocity may
// be turned for a few steps where a gradient changes sign; if it is turned for
// longer than the optimizer's momentum lasts, while the optimizer goes the other
// way, that coordinate is lost. The flow has run away when [RunawayShare] of the
// motion is.
type Runaway struct {
	patience int
	since    []float64 // step since which a coordinate is turned, -1 if it is not
}

// NewRunaway prepares a watch for a rule on dim parameters.
func NewRunaway(rule *optim.Rule, dim int) *Runaway {
	w := &Runaway{patience: 10 + int(2*rule.Averages[0].MeanLag(-1)), since: make([]float64, dim)}
	for j := range w.since {
		w.since[j] = -1
	}
	return w
}

// Observe looks at step n: the leading direction and the correction times h at
// the flow's state, and the direction that the optimizer took. It returns a
// *RunawayError when the flow has run away.
func (w *Runaway) Observe(n int, leading, correction, taken []float64) error {
	first, lost := -1, 0
	var lostMotion, motion float64
	for j, f := range leading {
		c := correction[j]
		size := math.Abs(taken[j])
		motion += size
		turned := f*(f+c) < 0 && f*taken[j] > 0
		switch {
		case !turned:
			w.since[j] = -1
		case w.since[j] < 0:
			w.since[j] = float64(n)
		case n-int(w.since[j]) >= w.patience:
			lost++
			lostMotion += size
			if first < 0 || w.since[j] < w.since[first] {
				first = j
			}
		}
	}
	if lost == 0 || lostMotion < RunawayShare*motion {
		return nil
	}
	return &RunawayError{
		Step: n, Coordinate: first, Ratio: -correction[first] / leading[first], Since: int(w.since[first]),
		Lost: lost, Share: lostMotion / motion,
	}
}

// State is what the watch remembers, one value a parameter, to be stored in a
// checkpoint and written back.
func (w *Runaway) State() []float64 { return w.since }
