package trace

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Measure is a quantity and when it is measured.
type Measure struct {
	Quantity string // one of [Quantities]
	When     When
}

// Each measures all the given quantities at the same steps.
func Each(when When, quantities ...string) []Measure {
	measures := make([]Measure, len(quantities))
	for i, q := range quantities {
		measures[i] = Measure{q, when}
	}
	return measures
}

// When says at which steps something is measured. One of the fields is set; the
// zero value is a fortieth of the run. The last step is always measured.
type When struct {
	Every int   // steps 0, Every, 2 Every, ...
	Log   int   // about that many steps, evenly spaced in log(1 + step), from 0 to the last
	At    []int // these steps
}

// Check says what is wrong with a schedule.
func (w When) Check() error {
	set := 0
	for _, yes := range []bool{w.Every != 0, w.Log != 0, w.At != nil} {
		if yes {
			set++
		}
	}
	switch {
	case set > 1:
		return fmt.Errorf("more than one of every, log and at")
	case w.Every < 0:
		return fmt.Errorf("every %d steps, want at least 1", w.Every)
	case w.Log < 0 || w.Log == 1:
		return fmt.Errorf("log %d, want at least 2 steps", w.Log)
	case w.At != nil && len(w.At) == 0:
		return fmt.Errorf("at no step at all")
	}
	for _, n := range w.At {
		if n < 0 {
			return fmt.Errorf("at step %d, want steps from 0 on", n)
		}
	}
	return nil
}

// String is the schedule in words: "every 10 steps".
func (w When) String() string {
	switch {
	case w.Every == 1:
		return "every step"
	case w.Every > 0:
		return fmt.Sprintf("every %d steps", w.Every)
	case w.Log > 0:
		return fmt.Sprintf("about %d steps, evenly in log(1 + step)", w.Log)
	case w.At != nil:
		return "at steps " + strings.Trim(strings.Join(strings.Fields(fmt.Sprint(w.At)), ", "), "[]")
	}
	return "a fortieth of the run"
}

// Count is the number of steps that are measured in a run of the given length, its
// last one included.
func (w When) Count(steps int) int {
	s := w.schedule(steps)
	n := 1
	if s.every > 0 {
		n += (steps-1)/s.every + 1
	}
	for _, at := range s.at {
		if at < steps {
			n++
		}
	}
	return n
}

// schedule is a When for a run of known length.
type schedule struct {
	every int
	at    []int // in ascending order
}

// schedule compiles w.
func (w When) schedule(steps int) schedule {
	switch {
	case w.At != nil:
		at := slices.Clone(w.At)
		slices.Sort(at)
		return schedule{at: slices.Compact(at)}
	case w.Log > 1:
		var at []int
		for k := range w.Log {
			x := float64(k) / float64(w.Log-1) * math.Log1p(float64(steps))
			at = append(at, int(math.Round(math.Expm1(x))))
		}
		return schedule{at: slices.Compact(at)}
	}
	every := w.Every
	if every == 0 {
		every = max(1, steps/40)
	}
	return schedule{every: every}
}

// due reports whether step n is measured.
func (s schedule) due(n int) bool {
	if s.every > 0 {
		return n%s.every == 0
	}
	_, found := slices.BinarySearch(s.at, n)
	return found
}

// after is the first step after n that is measured, math.MaxInt if there is none.
func (s schedule) after(n int) int {
	if s.every > 0 {
		return n - n%s.every + s.every
	}
	i, found := slices.BinarySearch(s.at, n)
	if found {
		i++
	}
	if i == len(s.at) {
		return math.MaxInt
	}
	return s.at[i]
}
