package trace

import (
	"math"
	"strings"
	"testing"

	"leeway/optim"
)

// The summary of eigenvalues against their line, by hand: rows where either is not a
// number do not count, and the last third is the mean over a third of the others.
func TestEdgeSummary(t *testing.T) {
	d := newDigest([]string{Discrete + "/preconditioned_1", Discrete + "/preconditioned_converged", Discrete + "/preconditioned_line"})
	rule := adam(t, 1, .9, .99, 1).Rule
	if got := d.curvature(rule); got != nil {
		t.Errorf("%v before anything was measured", got)
	}
	d.add([]float64{math.NaN(), math.NaN(), 10})
	for i, x := range []float64{1, 2, 3, 20, 9, 11, 10} {
		d.add([]float64{x, float64(min(i, 1)), 10})
	}
	got := d.curvature(rule)[preconditioned]
	if got.First != 1 || got.Last != 10 || got.Line != 10 || got.Largest != 2 || got.Measured != 7 || got.Unconverged != 1 || math.Abs(float64(got.Late)-1) > 1e-15 {
		t.Errorf("%+v", got)
	}
	for _, part := range []string{"From 1 to 10, the line at 10.", "at 1 of it in the mean: the edge of stability.", "1 of 7 searches"} {
		if !strings.Contains(got.Sentence, part) {
			t.Errorf("%q lacks %q", got.Sentence, part)
		}
	}
	d = newDigest([]string{Discrete + "/sharpness_1", Discrete + "/sharpness_converged", Discrete + "/sharpness_line"})
	for range 6 {
		d.add([]float64{5, 1, 10})
	}
	if got := d.curvature(rule)[sharpness].Sentence; got != "From 5 to 5, the line of plain gradient descent at 10. In the last third of the measurements at 0.5 of it in the mean." {
		t.Error(got)
	}
	if got := d.curvature(build(t, optim.GD{}, 1).Rule)[sharpness].Sentence; !strings.HasPrefix(got, "From 5 to 5, the line at 10.") {
		t.Error(got)
	}
}
