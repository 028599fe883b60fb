package compare

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"leeway/rundir"
	"leeway/trace"
)

// measured is a table as a run writes it, by way of the file.
func measured(t testing.TB, text string) *rundir.Table {
	t.Helper()
	path := filepath.Join(t.TempDir(), "metrics.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	table, err := rundir.ReadMetrics(path)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// sample is a sweep of beta2 and an activation with three seeds. The value at the
// end is 10 beta2 + seed for tanh, 1 more for relu; one cell failed, one is missing.
func sample(t testing.TB) *Sweep {
	t.Helper()
	s := &Sweep{Name: "sample"}
	for i, beta := range []string{"0.999", "0.9", "0.99"} {
		for k, activation := range []string{"tanh", "relu"} {
			for seed := range 3 {
				c := Cell{ID: fmt.Sprintf("%016d", 100*i+10*k+seed), Seed: uint64(seed), Status: trace.StatusDone,
					Values: map[string]string{"optimizer.beta2": beta, "objective.model.activation": activation}}
				v := 10*number(beta) + float64(seed) + float64(k)
				c.Table = measured(t, fmt.Sprintf("step,t,discrete/loss,discrete/one_norm\n0,0,2,9\n10,0.1,0.5,%g\n15,0.15,0.09,\n20,0.2,0.05,%g\n", v+5, v))
				c.Summary = &trace.Summary{Crossed: []trace.Crossing{{Loss: 0.1, Step: 15}}}
				switch {
				case beta == "0.9" && seed == 2 && k == 0:
					c.Status, c.Reason, c.Table, c.Summary = "failed", "a </script> & reason", nil, nil
				case beta == "0.99" && seed == 1 && k == 1:
					c.Status, c.Table, c.Summary = "missing", nil, nil
				}
				s.Cells = append(s.Cells, c)
			}
		}
	}
	s.Axes = []Axis{NewAxis("optimizer.beta2", s.Cells), NewAxis("objective.model.activation", s.Cells)}
	return s
}

// The truth is read off the table by eye.
func TestAt(t *testing.T) {
	c := &Cell{Table: measured(t, "step,t,discrete/loss,discrete/g\n0,0,2,9\n5,0,1,3\n10,0.1,0.5,7\n15,0.15,0.09,\n20,0.2,0.05,4\n")}
	for text, want := range map[string]float64{
		"end": 4, "max": 9, "min": 3, "peak": 7, "peak:0.6": 4, "loss:0.6": 7, "loss:0.1": 4, "step:5": 3, "mean:2": 5.5, "mean:9": 5.75, "peak:0": 9,
	} {
		a, err := ParseAt(text)
		if err != nil || a.String() != text || a.Words() == "" {
			t.Errorf("%s: %v, %s", text, err, a)
		}
		if got, ok := a.Value(c, "discrete/g"); !ok || got != want {
			t.Errorf("%s: %g, want %g", text, got, want)
		}
	}
	if got, ok := (At{Kind: "loss", X: 0.1}).Value(c, StepQuantity); !ok || got != 15 {
		t.Errorf("the step of the crossing: %g", got)
	}
	for _, a := range []At{{"loss", 0.01}, {"step", 7}, {"step", 15}} {
		if v, ok := a.Value(c, "discrete/g"); ok {
			t.Errorf("%s: %g where there is nothing", a, v)
		}
	}
	if _, ok := (At{Kind: "end"}).Value(c, "discrete/none"); ok {
		t.Error("a quantity that was not measured has a value")
	}
	if _, ok := (At{Kind: "end"}).Value(&Cell{}, "discrete/g"); ok {
		t.Error("a cell without measurements has a value")
	}
	for _, bad := range []string{"", "ends", "loss", "loss:-1", "step:1.5", "mean", "peak:1", "max:3", "loss:x", "loss:NaN"} {
		if _, err := ParseAt(bad); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Student's quantiles are those of printed tables (two-sided, 5 %).
func TestStudent(t *testing.T) {
	for n, want := range map[int]float64{2: 12.706, 3: 4.303, 5: 2.776, 10: 2.262, 31: 2.042, 121: 1.980} {
		if got := StudentHalf(1, n) * math.Sqrt(float64(n)); math.Abs(got-want) > 6e-4 {
			t.Errorf("n = %d: %g, want %g", n, got, want)
		}
	}
	if !math.IsNaN(StudentHalf(1, 1)) {
		t.Error("one value has an interval")
	}
	// 1, 2, 3, 4, 5: mean 3, deviation sqrt(2.5), half 2.7764 sqrt(2.5/5).
	g := group("x", "", 6, []float64{1, 2, 3, 4, 5}, Confidence)
	if half := 2.776445 * math.Sqrt(0.5); g.Mean != 3 || math.Abs(g.High-3-half) > 1e-5 || math.Abs(3-g.Low-half) > 1e-5 || g.N != 5 || g.Cells != 6 {
		t.Errorf("%+v", g)
	}
	if g := group("x", "", 5, []float64{4, 1, 7}, Range); g.Low != 1 || g.High != 7 {
		t.Errorf("%+v", g)
	}
	if g := group("x", "", 5, []float64{1, 3}, Deviation); math.Abs(g.High-2-math.Sqrt2) > 1e-12 {
		t.Errorf("%+v", g)
	}
}

// Coverage by simulation: of intervals from five normal values each, 95 % hold the
// mean. The truth is the probability theory; 4,000 trials scatter by 0.35 %.
func TestIntervalCovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	hits, trials := 0, 4000
	for range trials {
		values := make([]float64, 5)
		for i := range values {
			values[i] = rng.NormFloat64()
		}
		if g := group("", "", 5, values, Confidence); g.Low <= 0 && 0 <= g.High {
			hits++
		}
	}
	if share := float64(hits) / float64(trials); math.Abs(share-0.95) > 0.012 {
		t.Errorf("%g of the intervals hold the mean", share)
	}
}

// Spearman against values worked out by hand.

func TestSpearman(t *testing.T) {
	for _, test := range []struct {
		x, y []float64
		want float64
	}{
		{[]float64{1, 2, 3, 4}, []float64{10, 20, 30, 40}, 1},
		{[]float64{1, 2, 3, 4}, []float64{4, 3, 2, 1}, -1},
		{[]float64{1, 2, 3, 4, 5}, []float64{2, 1, 4, 3, 5}, 0.8}, // 1 - 6*4/(5*24)
		{[]float64{1, 1, 2, 2}, []float64{1, 2, 3, 4}, 4 / math.Sqrt(20)},
	} {
		if c := Spearman(test.x, test.y); math.Abs(c.R-test.want) > 1e-12 {
			t.Errorf("%v %v: %g, want %g", test.x, test.y, c.R, test.want)
		}
	}
	c := Spearman([]float64{1, 2, 3, 4, 5}, []float64{2, 1, 4, 3, 5})
	// z = artanh 0.8, standard error sqrt(1.32/2).
	if low := math.Tanh(math.Atanh(0.8) - 1.959964*math.Sqrt(0.66)); math.Abs(c.Low-low) > 1e-6 || c.High <= c.R {
		t.Errorf("%+v, want low %g", c, low)
	}
	for _, none := range [][2][]float64{{{1}, {2}}, {{1, 2, 3, 4}, {5, 5, 5, 5}}} {
		if c := Spearman(none[0], none[1]); !math.IsNaN(c.R) || !strings.Contains(c.String(), "none") {
			t.Errorf("%v: %+v", none, c)
		}
	}
}

// Averages are over seeds, axes are in order, and what is missing is counted.
func TestGroups(t *testing.T) {
	s := sample(t)
	if got := s.Axes[0]; !slices.Equal(got.Values, []string{"0.9", "0.99", "0.999"}) || !got.Numeric || got.Log || !nearOne(&got) {
		t.Errorf("%+v", got)
	}
	if got := s.Axes[1]; !slices.Equal(got.Values, []string{"tanh", "relu"}) || got.Numeric {
		t.Errorf("%+v", got)
	}
	groups := s.Groups("discrete/one_norm", At{Kind: "end"}, "optimizer.beta2", "objective.model.activation", Range)
	var got []string
	for _, g := range groups {
		got = append(got, fmt.Sprintf("%s %s %.4g %d/%d", g.Line, g.X, g.Mean, g.N, g.Cells))
	}
	want := []string{"tanh 0.9 9.5 2/3", "tanh 0.99 10.9 3/3", "tanh 0.999 10.99 3/3", "relu 0.9 11 3/3", "relu 0.99 11.9 2/3", "relu 0.999 11.99 3/3"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if c := s.Correlate("discrete/one_norm", At{Kind: "end"}, "optimizer.beta2"); c.N != 16 || !(c.R > 0) {
		t.Errorf("%+v", c)
	}
	if v := s.Default(); v.X != "optimizer.beta2" || v.Lines != "objective.model.activation" || v.Quantity != "discrete/loss" {
		t.Errorf("%+v", v)
	}
}

// The tidy table has a row for every cell and measure, and the same bytes each time.
func TestCSV(t *testing.T) {
	s := sample(t)
	var a, b bytes.Buffer
	if err := s.WriteCSV(&a); err != nil {
		t.Fatal(err)
	}
	if err := sample(t).WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Error("the same sweep gives other bytes")
	}
	lines := strings.Split(strings.TrimSpace(a.String()), "\n")
	if want := 1 + 18*len(s.Measures()); len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	if lines[0] != "cell,optimizer.beta2,objective.model.activation,seed,status,quantity,at,value" {
		t.Errorf("head %s", lines[0])
	}
	for _, want := range []string{"0000000000000000,0.999,tanh,0,done,step,loss:0.1,15", "0000000000000102,0.9,tanh,2,failed,discrete/one_norm,end,"} {
		if !slices.Contains(lines, want) {
			t.Errorf("no line %s", want)
		}
	}
}

// The page holds its data so that nothing in it can act, and draws every view.
func TestPage(t *testing.T) {
	s := sample(t)
	var b bytes.Buffer
	if err := s.WritePage(&b, Page{View: s.Default(), Plan: "sweep: <b>", Version: "1"}); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{"16 of 18 done", "1 failed", "1 missing", "a &lt;/script&gt; &amp; reason", "sweep: &lt;b&gt;", "<svg"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(page, "</script>"); n != 2 {
		t.Errorf("%d script elements end, want 2", n)
	}
	if strings.Contains(page, "http://") && strings.Count(page, "http://") != strings.Count(page, "http://www.w3.org/") {
		t.Error("the page names something on the network")
	}
	for _, v := range []View{
		{Quantity: "discrete/one_norm", At: At{Kind: "max"}, X: "objective.model.activation", Lines: "optimizer.beta2", Band: Deviation},
		{Quantity: StepQuantity, At: At{Kind: "loss", X: 0.1}, X: "optimizer.beta2", Band: Range},
	} {
		chart, caption := s.Figure(v)
		if len(chart.Series) == 0 || caption == "" {
			t.Errorf("%+v: %d series, %q", v, len(chart.Series), caption)
		}
	}
	b.Reset()
	if err := (&Sweep{}).WritePage(&b, Page{}); err != nil {
		t.Errorf("a sweep without anything: %v", err)
	}
}
