package trace

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawWhen draws a schedule of any kind.
func drawWhen(t *rapid.T) When {
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return When{Every: rapid.IntRange(1, 50).Draw(t, "every")}
	case 1:
		return When{Log: rapid.IntRange(2, 60).Draw(t, "log")}
	case 2:
		return When{At: rapid.SliceOfN(rapid.IntRange(0, 300), 1, 10).Draw(t, "at")}
	}
	return When{}
}

// The steps that after visits are those that are due, and as many as Count says.
// The truth is due, asked for every step; and for the list the list itself.
func TestWhen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, steps := drawWhen(t), rapid.IntRange(1, 250).Draw(t, "steps")
		if err := w.Check(); err != nil {
			t.Fatal(err)
		}
		s := w.schedule(steps)
		var due, visited []int
		for n := range steps {
			if s.due(n) {
				due = append(due, n)
			}
		}
		if s.due(0) {
			visited = append(visited, 0)
		}
		for n := s.after(0); n < steps; n = s.after(n) {
			visited = append(visited, n)
		}
		if !slices.Equal(due, visited) || w.Count(steps) != len(due)+1 {
			t.Fatalf("%v: due %v, visited %v, counted %d", w, due, visited, w.Count(steps))
		}
		for _, n := range w.At {
			if n < steps && !slices.Contains(due, n) {
				t.Fatalf("step %d is listed and not due", n)
			}
		}
	})
}

// Logarithmic steps: from 0 to the last, no gap in log(1+n) larger than the spacing
// where steps are dense enough for it, and about as many as asked for.
func TestLogarithmicSteps(t *testing.T) {
	s := When{Log: 40}.schedule(100_000)
	if s.at[0] != 0 || s.at[len(s.at)-1] != 100_000 || len(s.at) < 33 || len(s.at) > 40 {
		t.Errorf("%d steps: %v", len(s.at), s.at)
	}
	spacing := math.Log1p(100_000) / 39
	for i := 1; i < len(s.at); i++ {
		gap := math.Log1p(float64(s.at[i])) - math.Log1p(float64(s.at[i-1]))
		if s.at[i] > 50 && math.Abs(gap-spacing) > 0.05*spacing {
			t.Errorf("from %d to %d in log(1+n): %v, want %v", s.at[i-1], s.at[i], gap, spacing)
		}
	}
}

func TestWhenRefuses(t *testing.T) {
	for _, w := range []When{{Every: -1}, {Log: 1}, {Log: -3}, {At: []int{}}, {At: []int{3, -1}}, {Every: 1, Log: 2}, {Every: 1, At: []int{0}}} {
		if w.Check() == nil {
			t.Errorf("%+v was taken", w)
		}
	}
}

func TestWhenInWords(t *testing.T) {
	for want, w := range map[string]When{
		"every step": {Every: 1}, "every 10 steps": {Every: 10}, "about 40 steps": {Log: 40}, "at steps 0, 10": {At: []int{0, 10}}, "a fortieth": {},
	} {
		if got := w.String(); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
