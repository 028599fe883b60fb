package report

import (
	"math"
	"testing"

	"leeway/trace"
)

func TestFormats(t *testing.T) {
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	for v, want := range map[float64]string{
		0: "0", 19: "19", -1980: "−1980", 1999: "1999", 65.66666: "65.7", 9.798e-6: "9.8 × 10⁻⁶", 0.00974679: "0.00975",
		1e-8: "10⁻⁸", -2.5e7: "−2.5 × 10⁷", 123456: "1.23 × 10⁵", 0.5: "0.5", 1234.56: "1235", 0.9996: "1", 1e300: "10³⁰⁰",
		math.Inf(1): "∞", math.Inf(-1): "−∞",
	} {
		check("number", number(v), want)
	}
	check("number", number(math.NaN()), "–")
	for v, want := range map[float64]string{0: "0 %", 0.5: "50 %", 0.9297: "93 %", 0.1234: "12.3 %", 0.0004: "< 0.1 %", 0.9999: "> 99.9 %", 1: "100 %"} {
		check("percent", percent(v), want)
	}
	check("percent", percent(math.NaN()), "–")
	for _, c := range []struct {
		distance, base float64
		want           string
	}{
		{1, 512, "512 times nearer than flow-1"},
		{1, 4.07, "4.1 times nearer than flow-1"},
		{10, 1, "10 times further than flow-1"},
		{1, 1.04, "about as near as flow-1"},
		{1e-9, 1, "10⁹ times nearer than flow-1"},
		{1, 9.97, "10 times nearer than flow-1"},
		{0, 1, ""}, {1, 0, ""}, {math.NaN(), 1, ""}, {math.Inf(1), 1, ""},
	} {
		check("times", times(c.distance, c.base, "flow-1"), c.want)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1\u202f000", 1234567: "1\u202f234\u202f567", -1000: "-1\u202f000", -100: "-100"} {
		check("count", count(n), want)
	}
	for v, want := range map[float64]string{0: "0 s", 0.0123: "12.3 ms", 0.9999: "1 s", 44.7: "44.7 s", 600: "10 min", 9000: "2.5 h", -1: "–"} {
		check("duration", duration(v), want)
	}
	check("list", list(nil), "")
	check("list", list([]string{"a"}), "a")
	check("list", list([]string{"a", "b", "c"}), "a, b and c")
}

func TestBadges(t *testing.T) {
	for status, tone := range map[string]string{"done": "good", "running": "fair", "interrupted": "fair", "diverged": "poor", "runaway": "poor", "stiff": "poor", "": "plain", "odd": "plain"} {
		if b := statusBadge(status); b.Tone != tone || b.Word == "" || b.Mark == "" {
			t.Errorf("%q: %+v", status, b)
		}
	}
	for verdict, tone := range map[string]string{"holds": "good", "doubtful": "fair", "does not hold": "poor", "": "plain", "not measured": "plain", "odd": "plain"} {
		if b := trustBadge(verdict); b.Tone != tone || b.Word == "" || b.Mark == "" {
			t.Errorf("%q: %+v", verdict, b)
		}
	}
	for _, mode := range []string{"inside", "outside", "outside_uncorrected"} {
		if epsFormula(mode) == "" {
			t.Errorf("nothing is said about %s", mode)
		}
	}
}

func TestLadder(t *testing.T) {
	run := toyRun()
	run.Summary.Distance["moments-2"] = 1e-6
	run.Summary.Distance["memoryless-2"] = 0
	run.Summary.Distance["memoryless-1"] = trace.Number(math.NaN())
	run.Summary.Distance["central"] = trace.Number(math.Inf(1))
	var names string
	for _, r := range run.ladder() {
		names += r.Name + " "
		if r.Width < 0 || r.Width > 100 {
			t.Errorf("%s: a bar of %g %%", r.Name, r.Width)
		}
	}
	// Nearest first; NaN after all numbers; what stopped early at the end.
	if want := "memoryless-2 moments-2 flow-1 central memoryless-1 flow-2 "; names != want {
		t.Errorf("%q, want %q", names, want)
	}
	similar := Run{}
	similar.Summary.Distance = map[string]trace.Number{"flow-1": 1, "flow-2": 0.95}
	if bars := similar.ladder(); bars[0].Width < 0.9*bars[1].Width {
		t.Errorf("similar distances have bars of %g and %g %%", bars[0].Width, bars[1].Width)
	}
}
