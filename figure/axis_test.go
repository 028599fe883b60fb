package figure

import (
	"errors"
	"math"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot"
	"pgregory.net/rapid"
)

func labels(ticks []plot.Tick) []string {
	var out []string
	for _, tick := range ticks {
		out = append(out, tick.Label)
	}
	return out
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		log    bool
		lo, hi float64 // of the data
		want   []string
	}{
		{false, 0, 400, []string{"0", "100", "200", "300", "400"}},
		{false, 0, 0.02, []string{"0", "0.005", "0.010", "0.015", "0.020"}},
		{false, 1e-9, 6e-9, []string{"1e-9", "2e-9", "3e-9", "4e-9", "5e-9", "6e-9"}},
		{false, -1, 1, []string{"-1.0", "-0.5", "0", "0.5", "1.0"}},
		{false, 0, 3e7, []string{"0", "5e6", "1e7", "1.5e7", "2e7", "2.5e7", "3e7"}},
		{true, 1e-9, 1, []string{"1e-8", "1e-6", "1e-4", "0.01", "1"}},
		{true, 0.04, 3, []string{"0.05", "0.1", "0.2", "0.5", "1", "2"}},
		{true, 20, 35, []string{"20", "25", "30", "35"}},
	} {
		a := &axis{log: c.log}
		a.include(a.at(c.lo))
		a.include(a.at(c.hi))
		a.settle(0)
		if diff := cmp.Diff(c.want, labels(a.ticks(6))); diff != "" {
			t.Errorf("log %v, %g to %g (-want +got):\n%s", c.log, c.lo, c.hi, diff)
		}
	}
}

// Whatever the data, ticks lie in the range, rise, are few, and their labels
// read back to where they stand.
func TestTicksProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := &axis{log: rapid.Bool().Draw(t, "log")}
		for _, v := range values(5).Draw(t, "v") {
			a.include(a.at(v))
		}
		if !a.seen {
			return
		}
		a.settle(rapid.SampledFrom([]float64{0, 0.04}).Draw(t, "margin"))
		if !(a.min < a.max) || !finite(a.max-a.min) {
			t.Fatalf("range %g to %g", a.min, a.max)
		}
		ticks := a.ticks(6)
		if len(ticks) > 12 {
			t.Fatalf("%d ticks", len(ticks))
		}
		for i, tick := range ticks {
			slack := 1e-6 * (a.max - a.min)
			if tick.Value < a.min-slack || tick.Value > a.max+slack || i > 0 && tick.Value <= ticks[i-1].Value {
				t.Fatalf("tick %v outside of %g to %g or out of order", tick, a.min, a.max)
			}
			v, err := strconv.ParseFloat(tick.Label, 64)
			if errors.Is(err, strconv.ErrRange) {
				continue // the margin of a range up to the largest number
			}
			if err != nil {
				t.Fatal(err)
			}
			if u := a.at(v); v != 0 && math.Abs(u-tick.Value) > 0.02*(a.max-a.min)+1e-6 {
				t.Fatalf("label %q stands at %g, not at %g", tick.Label, tick.Value, u)
			}
		}
	})
}

func TestShortExponentLeavesOtherTextAlone(t *testing.T) {
	if got := shortExponent("12"); got != "12" {
		t.Error(got)
	}
}
