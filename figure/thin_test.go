package figure

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// values draws numbers of every kind that occurs in a diverging run.
func values(maxLen int) *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.OneOf(
		rapid.Float64(),
		rapid.Float64Range(-10, 10),
		rapid.Just(0.0),
		rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64}),
	), 0, maxLen)
}

// The properties are what a reader must not lose: order, extremes, the first and
// the last finite value.
func TestThinKeepsWhatMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := values(400).Draw(t, "y")
		limit := rapid.IntRange(8, 60).Draw(t, "limit")
		kept := Thin(y, limit)
		if len(kept) > limit {
			t.Fatalf("%d points of at most %d", len(kept), limit)
		}
		if !slices.IsSorted(kept) || len(slices.Compact(slices.Clone(kept))) != len(kept) {
			t.Fatalf("not in order or not unique: %v", kept)
		}
		lowest, highest, gap := math.Inf(1), math.Inf(-1), false
		first, last := -1, -1
		for i, v := range y {
			if !finite(v) {
				gap = true
				continue
			}
			lowest, highest = math.Min(lowest, v), math.Max(highest, v)
			if first < 0 {
				first = i
			}
			last = i
		}
		var low, high, keptGap bool
		for _, i := range kept {
			low, high, keptGap = low || y[i] == lowest, high || y[i] == highest, keptGap || !finite(y[i])
		}
		if first >= 0 && (!low || !high || !slices.Contains(kept, first) || !slices.Contains(kept, last)) {
			t.Fatalf("an extreme or an end is lost: %v of %v", kept, y)
		}
		if gap && !keptGap {
			t.Fatal("the gap is lost")
		}
	})
}

// One spike in 100,000 points must survive, which even spacing would lose.
func TestThinKeepsASpike(t *testing.T) {
	y := make([]float64, 100_000)
	y[61_803] = 1
	if kept := Thin(y, 1500); !slices.Contains(kept, 61_803) {
		t.Error("the spike is lost")
	}
	if 61_803%(100_000/1500) == 0 {
		t.Error("even spacing would keep this spike too, the test says nothing")
	}
}
