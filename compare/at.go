package compare

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"leeway/rundir"
	"leeway/trace"
)

// At is a place along a run at which a quantity is compared.
type At struct {
	// Kind is one of end, max, min, peak, loss, step, mean.
	Kind string
	// X is the threshold of loss, the step of step, the number of values of mean,
	// and the share of the run that peak leaves out.
	X float64
}

// ParseAt reads a place: end, max, min, peak (the maximum after the first tenth of
// the run; peak:0.2 after the first fifth), loss:0.1 (the first measured step with a
// training loss below 0.1), step:200, mean:5 (of the last five values).
func ParseAt(text string) (At, error) {
	kind, value, has := strings.Cut(text, ":")
	a := At{Kind: kind}
	var err error
	if has {
		a.X, err = strconv.ParseFloat(value, 64)
	}
	bad := func(try string) (At, error) {
		return At{}, fmt.Errorf("%q is no place along a run. Try: %s", text, try)
	}
	switch {
	case err != nil || math.IsNaN(a.X) || math.IsInf(a.X, 0):
		return bad("loss:0.1 or step:200")
	case kind == "end" || kind == "max" || kind == "min":
		if has {
			return bad(kind + ", without a number")
		}
	case kind == "peak":
		if !has {
			a.X = 0.1
		}
		if a.X < 0 || a.X >= 1 {
			return bad("peak:0.1, the share of the run to leave out")
		}
	case kind == "loss" || kind == "mean":
		if !has || a.X <= 0 {
			return bad("loss:0.1 or mean:5")
		}
	case kind == "step":
		if !has || a.X < 0 || a.X != math.Trunc(a.X) {
			return bad("step:200")
		}
	default:
		return bad("end, max, min, peak, loss:0.1, step:200 or mean:5")
	}
	return a, nil
}

// String is the place as [ParseAt] reads it.
func (a At) String() string {
	switch a.Kind {
	case "loss", "step", "mean":
		return fmt.Sprintf("%s:%g", a.Kind, a.X)
	case "peak":
		if a.X != 0.1 {
			return fmt.Sprintf("peak:%g", a.X)
		}
	}
	return a.Kind
}

// Words is the place for people.
func (a At) Words() string {
	switch a.Kind {
	case "end":
		return "at the end"
	case "max":
		return "at its maximum"
	case "min":
		return "at its minimum"
	case "peak":
		return fmt.Sprintf("at its peak after the first %g %% of the run", 100*a.X)
	case "loss":
		return fmt.Sprintf("where the training loss is first below %g", a.X)
	case "step":
		return fmt.Sprintf("at step %g", a.X)
	}
	return fmt.Sprintf("mean of the last %g values", a.X)
}

// Value is a quantity of a cell at the place; ok is false where the cell has none:
// it did not get there, or the quantity was not measured. The step quantity is the
// number of the step itself.
//
// A threshold is looked for among the measured steps, with no interpolation; a run
// with measure.below measures the very step of the crossing. There the value of
// that step counts, or the nearest later one where that was not measured.
func (a At) Value(c *Cell, quantity string) (value float64, ok bool) {
	if c.Table == nil || c.Table.Rows == 0 {
		return 0, false
	}
	steps := c.Table.Column("step")
	values := steps
	if quantity != StepQuantity {
		if values = c.Table.Column(quantity); values == nil {
			return 0, false
		}
	}
	switch a.Kind {
	case "loss":
		loss := c.Table.Column(trace.Discrete + "/loss")
		for i := range steps {
			if loss != nil && !rundir.IsMissing(loss[i]) && loss[i] < a.X {
				return first(values[i:])
			}
		}
		return 0, false
	case "step":
		for i := range steps {
			if steps[i] == a.X && !rundir.IsMissing(values[i]) {
				return values[i], true
			}
		}
		return 0, false
	case "mean":
		return meanOfLast(values, int(a.X))
	case "end":
		return meanOfLast(values, 1)
	}
	from := 0.0
	if a.Kind == "peak" {
		from = a.X * steps[len(steps)-1]
	}
	for i, v := range values {
		if rundir.IsMissing(v) || math.IsNaN(v) || steps[i] < from {
			continue
		}
		if !ok || a.Kind == "min" && v < value || a.Kind != "min" && v > value {
			value, ok = v, true
		}
	}
	return value, ok
}

// StepQuantity is the name of the step itself as a quantity: how long a run takes
// to a threshold.
const StepQuantity = "step"

// first is the first value that was measured.
func first(values []float64) (float64, bool) {
	for _, v := range values {
		if !rundir.IsMissing(v) {
			return v, true
		}
	}
	return 0, false
}

// meanOfLast is the mean of the last n values that were measured, of fewer where
// there are no more.
func meanOfLast(values []float64, n int) (float64, bool) {
	sum, count := 0.0, 0
	for i := len(values) - 1; i >= 0 && count < n; i-- {
		if !rundir.IsMissing(values[i]) {
			sum += values[i]
			count++
		}
	}
	if count == 0 {
		return 0, false
	}
	return sum / float64(count), true
}
