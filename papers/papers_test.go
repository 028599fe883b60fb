package papers

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"leeway/compare"
	"leeway/figure"
)

// Truth: the definition. The verdict is reproduced only where all of the interval
// lies in the region.
func TestJudge(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		region           Region
		low, value, high float64
		want             Verdict
	}{
		{AtLeast(1), 1, 1, 1, Reproduced},
		{AtLeast(1), 0.9, 1.1, 1.3, Inconclusive},
		{AtLeast(1), 0.5, 0.6, 0.7, NotReproduced},
		{AtMost(1), 0.5, 0.6, 1, Reproduced},
		{Between(1, 2), 0, 1.5, 3, Inconclusive},
		{Around(2, 0.1), 1.95, 2, 2.05, Reproduced},
		{Positive("above 0"), 0, 0, 0, NotReproduced},
		{Positive("above 0"), 1e-300, 1, 2, Reproduced},
		{Negative("below 0"), -2, -1, 0, Inconclusive},
		{Negative("below 0"), -2, -1, -0.5, Reproduced},
		{True("all"), Yes(true), 1, 1, Reproduced},
		{True("all"), Yes(false), 0, 0, NotReproduced},
		{AtLeast(1), nan, nan, nan, Inconclusive},
		{AtLeast(1), nan, 5, nan, Inconclusive},
		{AtLeast(1), 5, inf, inf, Reproduced},
	} {
		if got := c.region.Judge(c.low, c.value, c.high); got != c.want {
			t.Errorf("%s: [%g, %g, %g] is %s, want %s", c.region, c.low, c.value, c.high, got, c.want)
		}
	}
}

// Truth: tables of Student's t (2.776 at 4 degrees of freedom) and, for Wilson's
// interval, the value printed in Brown, Cai and DasGupta (2001) style tables,
// computed by hand for 8 of 10: (0.490, 0.943).
func TestIntervals(t *testing.T) {
	f := Mean([]float64{1, 2, 3, 4, 5})
	half := 2.7764451 * math.Sqrt(2.5) / math.Sqrt(5)
	if f.Value != 3 || f.N != 5 || math.Abs(f.High-3-half) > 1e-6 || math.Abs(3-f.Low-half) > 1e-6 {
		t.Errorf("%+v", f)
	}
	if f := Mean([]float64{1}); !math.IsNaN(f.Value) || f.N != 1 {
		t.Errorf("a single value gives %+v", f)
	}
	if f := Difference([]float64{2, 4, 6}, []float64{1, 2, 3}); f.Value != 2 || f.N != 3 {
		t.Errorf("%+v", f)
	}
	if f := Share(8, 10); math.Abs(f.Low-0.4902) > 1e-4 || math.Abs(f.High-0.9433) > 1e-4 {
		t.Errorf("%+v", f)
	}
	if f := Share(0, 0); !math.IsNaN(f.Value) {
		t.Errorf("%+v", f)
	}
	if f := Share(5, 5); f.High != 1 || f.Low <= 0.5 {
		t.Errorf("%+v", f)
	}
}

// fake is a paper whose measurements count how often they were called.
func fake(calls map[string]int) *Paper {
	claim := func(id string, f func() (*Finding, error)) Claim {
		return Claim{ID: id, Place: "Section 1", Says: "It is <so>.", Provenance: Stated, Quantity: "size", How: "by looking", Expected: AtLeast(1),
			Measure: func(ctx context.Context, lab *Lab) (*Finding, error) {
				calls[id]++
				lab.Say("at %s", id)
				return f()
			}}
	}
	return &Paper{ID: "0000.00000", Title: "A paper", Authors: "Nobody", Venue: "nowhere", About: "Nothing.",
		Claims: func(Scale) []Claim {
			return []Claim{
				claim("good", func() (*Finding, error) {
					f := Estimated(2, 1.5, 2.5, 7)
					f.Table = &Table{Columns: []string{"a", "b"}}
					f.Table.Add("x", 0.123456789)
					f.Notes = []string{"seven were looked at"}
					f.Figures = []Figure{{Name: "line", Caption: "A line.", Drawing: figure.Chart{Series: []figure.Series{{Name: "s", X: []float64{1, 2}, Y: []float64{1, 2}}}}}}
					return f, nil
				}),
				claim("poor", func() (*Finding, error) { return Exactly(0.5), nil }),
				claim("lost", func() (*Finding, error) { return nil, &hint{"no data"} }),
			}
		}}
}

type hint struct{ what string }

func (h *hint) Error() string { return h.what }
func (h *hint) Hint() string  { return "get some" }

// Truth: the measurements' own counters. What is measured stays; what failed is
// tried again; other words or another rule count as not measured.
func TestReproduce(t *testing.T) {
	dir, calls := t.TempDir(), map[string]int{}
	paper := fake(calls)
	said, ended := 0, 0
	settings := Settings{Dir: dir, Version: "test", Say: func(string) { said++ }, Begin: func(int, int, Claim) {}, End: func(*Result, bool) { ended++ }}
	results, err := Reproduce(context.Background(), paper, settings)
	if err != nil || len(results) != 3 || ended != 3 || said != 3 {
		t.Fatalf("%v, %v; %d ended, %d said", results, err, ended, said)
	}
	if r := results[0]; r.Verdict != Reproduced || *r.Value != 2 || r.N != 7 || r.Measured != "2 [1.5, 2.5]" || len(r.Figures) != 1 {
		t.Errorf("%+v", r)
	}
	if r := results[1]; r.Verdict != NotReproduced || r.Expected != "at least 1" {
		t.Errorf("%+v", r)
	}
	if r := results[2]; r.Verdict != Inconclusive || r.Value != nil || r.Reason != "no data" || r.Hint != "get some" {
		t.Errorf("%+v", r)
	}
	for _, ending := range []string{".svg", ".pdf"} {
		if _, err := os.Stat(filepath.Join(dir, "figures", "good-line"+ending)); err != nil {
			t.Error(err)
		}
	}
	again, err := Reproduce(context.Background(), paper, settings)
	if err != nil || calls["good"] != 1 || calls["poor"] != 1 || calls["lost"] != 2 || again[0].When != results[0].When {
		t.Errorf("a second time %v: %v", calls, err)
	}
	changed := *paper
	changed.Claims = func(s Scale) []Claim {
		all := paper.Claims(s)
		all[1].Expected = AtLeast(0.25)
		return all
	}
	results, err = Reproduce(context.Background(), &changed, settings)
	if err != nil || calls["good"] != 1 || calls["poor"] != 2 || results[1].Verdict != Reproduced {
		t.Errorf("with another rule %v: %v", calls, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "claims", "good.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	settings.Only, settings.Again = []string{"good"}, false
	if r, err := Reproduce(context.Background(), paper, settings); err != nil || len(r) != 1 || calls["good"] != 2 {
		t.Errorf("a damaged result was not measured again: %v, %v", calls, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	settings.Again = true
	if _, err := Reproduce(ctx, paper, settings); !errors.Is(err, context.Canceled) || calls["good"] != 2 {
		t.Errorf("after the end: %v, %v", calls, err)
	}
}

func TestPage(t *testing.T) {
	dir := t.TempDir()
	paper := fake(map[string]int{})
	if _, err := Reproduce(context.Background(), paper, Settings{Dir: dir, Only: []string{"good"}}); err != nil {
		t.Fatal(err)
	}
	results, err := Results(paper, Quick, dir)
	if err != nil || len(results) != 3 || results[1].Reason != "not measured yet" {
		t.Fatalf("%+v, %v", results, err)
	}
	path, err := WritePage(paper, results, dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"It is &lt;so&gt;.", "2 [1.5, 2.5]", "at least 1", "<svg", "seven were looked at", "0.12346", "not measured yet", "1 reproduced", "stated"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(string(text), "<so>") {
		t.Error("words are not escaped")
	}
	if err := os.RemoveAll(filepath.Join(dir, "figures")); err != nil {
		t.Fatal(err)
	}
	if _, err := WritePage(paper, results, dir); err == nil {
		t.Error("a missing figure is no error")
	}
}

// Check finds each kind of mistake.
func TestCheck(t *testing.T) {
	for name, spoil := range map[string]func(*Claim){
		"no sentence": func(c *Claim) { c.Says = "" },
		"same ID":     func(c *Claim) { c.ID = "good" },
		"no measure":  func(c *Claim) { c.Measure = nil },
		"no region":   func(c *Claim) { c.Expected = Region{} },
		"no plan":     func(c *Claim) { c.Sweeps = []string{"none"} },
	} {
		p := fake(map[string]int{})
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		good := p.Claims
		p.Claims = func(s Scale) []Claim {
			all := good(s)
			spoil(&all[1])
			return all
		}
		if p.Check() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A sweep is run once, and its absence has a reason.
func TestLab(t *testing.T) {
	runs := 0
	lab := &Lab{plans: map[string]string{"s": "plan"}}
	if _, err := lab.Sweep(context.Background(), "s"); err == nil {
		t.Error("a laboratory without a sweeper runs a sweep")
	}
	lab.sweep = func(context.Context, string, string, string, func(string)) (*compare.Sweep, error) {
		runs++
		if runs == 1 {
			return nil, errors.New("full disk")
		}
		return &compare.Sweep{Name: "s"}, nil
	}
	if _, err := lab.Sweep(context.Background(), "s"); err == nil {
		t.Error("the sweeper's error is lost")
	}
	for range 2 {
		if s, err := lab.Sweep(context.Background(), "s"); err != nil || s.Name != "s" || runs != 2 {
			t.Errorf("%v, %v, %d runs", s, err, runs)
		}
	}
	_, _, err := Paired(&compare.Sweep{Name: "s", Cells: []compare.Cell{{Status: "failed", Reason: "no images"}}}, "a", 0, 1, "q", compare.At{Kind: "end"})
	if err == nil || !strings.Contains(err.Error(), "no images") {
		t.Errorf("%v", err)
	}
	if err := NoRuns(&compare.Sweep{Name: "s"}); !strings.Contains(err.Error(), "none of its 0 runs") {
		t.Error(err)
	}
}

// Truth: loss of the bilinear problem at its start, 1/2 (3/2 - 2 * 2.8 * 3.5)^2.
func TestRunConfig(t *testing.T) {
	const text = "objective: {problem: bilinear}\noptimizer: {kind: adam, lr: 1e-3}\nprocesses: [discrete]\nsteps: 4\nmeasure: {every: 2, quantities: [loss]}\n"
	r, err := RunConfig(context.Background(), text)
	if err != nil {
		t.Fatal(err)
	}
	if loss := r.Column("discrete/loss"); len(r.Steps()) != 3 || math.Abs(loss[0]-0.5*18.1*18.1) > 1e-9 || r.Last("discrete/loss") != loss[2] || loss[2] >= loss[0] {
		t.Errorf("%v, %v", r.Steps(), loss)
	}
	if _, err := RunConfig(context.Background(), text, "nonsense=1"); err == nil {
		t.Error("an unknown key is no error")
	}
	if _, err := VerifyConfig(context.Background(), "objective: 3\n"); err == nil {
		t.Error("a wrong config is no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := RunConfig(ctx, text); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a column that is not there is no panic")
		}
	}()
	r.Column("none")
}
