package config

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const smallPlan = `
name: small
objective: {problem: bilinear}
optimizer: {kind: adam, lr: 1e-3, beta1: 0.9, beta2: 0.99}
steps: 10
sweep:
  axes:
    optimizer.beta1: [0.9, 0.99]
    optimizer.beta2: [0.9, 0.95, 0.999]
  seeds: 2
  where: beta2 >= beta1
`

// The truth is counted by hand: of the six settings one has beta2 < beta1 twice
// (0.99 with 0.9 and 0.95), which leaves four, each with two seeds.
func TestPlan(t *testing.T) {
	p, err := ParsePlan([]byte(smallPlan), "small.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	ids := map[string]bool{}
	for _, c := range p.Cells {
		got = append(got, fmt.Sprintf("%s %s %d", c.Values[0].Text, c.Values[1].Text, c.Seed))
		ids[c.ID()] = true
		if c.Config.Seed != c.Seed || c.Config.Name != "small" {
			t.Errorf("cell %v has seed %d and name %s", c.Values, c.Config.Seed, c.Config.Name)
		}
		if back, err := FromJSON(c.Config.JSON()); err != nil || back.Hash() != c.ID() {
			t.Errorf("cell %v does not survive JSON: %v", c.Values, err)
		}
	}
	want := "0.9 0.9 0,0.9 0.9 1,0.9 0.95 0,0.9 0.95 1,0.9 0.999 0,0.9 0.999 1,0.99 0.999 0,0.99 0.999 1"
	if strings.Join(got, ",") != want || len(ids) != 8 || p.Filtered != 2 {
		t.Errorf("got %v, %d different, %d filtered", got, len(ids), p.Filtered)
	}
}

// Growing a plan keeps its cells: other seeds, values and draws come in addition.
func TestPlanGrows(t *testing.T) {
	cells := func(overrides ...string) map[string]bool {
		t.Helper()
		p, err := ParsePlan([]byte(smallPlan), "small.yaml", overrides)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, c := range p.Cells {
			ids[c.ID()] = true
		}
		return ids
	}
	contains := func(large, small map[string]bool) {
		t.Helper()
		for id := range small {
			if !large[id] {
				t.Errorf("cell %.8s is gone", id)
			}
		}
		if len(large) <= len(small) {
			t.Errorf("%d cells became %d", len(small), len(large))
		}
	}
	contains(cells("sweep.seeds=3"), cells())
	contains(cells("sweep.axes={optimizer.beta1: [0.9, 0.99], optimizer.beta2: [0.9, 0.95, 0.999, 0.9999]}"), cells())
	random := "sweep={axes: {optimizer.lr: {log_uniform: [1e-4, 1e-2]}, optimizer.beta2: {uniform: [0.9, 0.999]}}, samples: %d}"
	contains(cells(fmt.Sprintf(random, 20)), cells(fmt.Sprintf(random, 10)))
	contains(cells("sweep={axes: {optimizer.lr: {log_uniform: [1e-4, 1e-2], n: 9}}}"), cells("sweep={axes: {optimizer.lr: {log_uniform: [1e-4, 1e-2], n: 5}}}"))
	if a, b := cells(fmt.Sprintf(random, 10)), cells(fmt.Sprintf(random, 10), "sweep.draw=1"); len(a) != 10 || len(b) != 10 {
		t.Errorf("10 samples gave %d and %d cells", len(a), len(b))
	} else {
		for id := range a {
			if b[id] {
				t.Errorf("another stream draws the same cell %.8s", id)
			}
		}
	}
}

func TestPlanValues(t *testing.T) {
	for sweep, want := range map[string]string{
		"{axes: {optimizer.lr: {log_grid: [1e-4, 1e-2], n: 3}}}":                                                      "0.0001|0.001|0.01",
		"{axes: {optimizer.lr: {grid: [0.1, 0.3], n: 3}}}":                                                            "0.1|0.2|0.3",
		"{axes: {steps: [5, 7]}, where: [steps * 2 > 11, optimizer.kind == 'adam']}":                                  "7",
		"{axes: {steps: [5, 7]}, where: optimizer.lr * (steps - -1) <= 6e-3}":                                         "5",
		"{list: [{optimizer: {kind: gd, lr: 0.1}}, {optimizer: {kind: adam, lr: 1e-3}, steps: 7}], seeds: [4]}":       "{kind: gd, lr: 0.1}|{kind: adam, lr: 1e-3} 7",
		"{axes: {optimizer.beta1: [0.5, 1.5]}, where: beta1 < 1}":                                                     "0.5",
		"{axes: {steps: [5]}, list: [{optimizer.lr: 1e-3}, {optimizer.lr: 2e-3}, {optimizer.lr: 0.001}], seeds: [1]}": "5 1e-3|5 2e-3",
	} {
		p, err := ParsePlan([]byte(smallPlan), "small.yaml", []string{"sweep=" + sweep})
		if err != nil {
			t.Errorf("%s: %v", sweep, err)
			continue
		}
		var cells []string
		for _, c := range p.Cells {
			var texts []string
			for _, v := range c.Values {
				texts = append(texts, v.Text)
			}
			cells = append(cells, strings.Join(texts, " "))
		}
		if got := strings.Join(cells, "|"); got != want {
			t.Errorf("%s: got %s, want %s", sweep, got, want)
		}
	}
}

func TestPlanErrors(t *testing.T) {
	for sweep, want := range map[string]string{
		"{axes: {seed: [1, 2]}}":                                                                    "averages over seeds",
		"{axes: {optimizer.lr: []}}":                                                                "want values",
		"{axes: {optimizer.lr: {log_uniform: [0, 1], n: 3}}}":                                       "positive ends",
		"{axes: {optimizer.lr: {uniform: [2, 1], n: 3}}}":                                           "is empty",
		"{axes: {optimizer.lr: {uniform: [1, 2]}}}":                                                 "n is missing",
		"{axes: {optimiser.lr: [1]}}":                                                               "no such key",
		"{axes: {optimizer.beta1: [0.9, 1.5]}}":                                                     "optimizer.beta1=1.5",
		"{axes: {optimizer.lr: [1e-3]}, where: beta2 >}":                                            "at its end",
		"{axes: {optimizer.lr: [1e-3]}, where: beta2 beta1 > 1}":                                    "want a comparison",
		"{axes: {optimizer.lr: [1e-3]}, where: gamma > 1}":                                          "no value called gamma",
		"{axes: {optimizer.lr: [1e-3]}, where: kind > 1}":                                           "may be",
		"{axes: {optimizer.lr: [1e-3]}, where: optimizer.kind > 1}":                                 "a number and a text",
		"{axes: {optimizer.lr: [1e-3]}, where: lr > 1}":                                             "leaves none over",
		"{axes: {optimizer.lr: [1e-3]}, seeds: 0}":                                                  "number of seeds",
		"{axes: {optimizer.lr: {grid: [0, 1], n: 400}, optimizer.beta2: {grid: [0, 0.9], n: 400}}}": "more than 100000 cells",
		"{samples: 5}":                        "no axis has random values",
		"{axes: {name: [a, b]}}":              "does not change",
		"{axis: {optimizer.lr: [1]}}":         "unknown key",
		"{list: [3]}":                         "want a mapping",
		"{axes: {objective.threads: [1, 2]}}": "does not change",
	} {
		_, err := ParsePlan([]byte(smallPlan), "small.yaml", []string{"sweep=" + sweep})
		e, ok := err.(*Error)
		if !ok || !strings.Contains(e.Error(), want) || e.Try == "" {
			t.Errorf("%s: got %v, want %q and a hint", sweep, err, want)
		}
	}
	if _, err := Parse([]byte(smallPlan), "small.yaml", nil); err == nil || !strings.Contains(err.Error(), "describes a sweep") {
		t.Errorf("a plan taken for a config: %v", err)
	}
	if _, err := ParsePlan([]byte("steps: 10\n"), "x.yaml", nil); err == nil || !strings.Contains(err.Error(), "no section sweep") {
		t.Errorf("a config taken for a plan: %v", err)
	}
}

// Arithmetic against Go's own on random values.
func TestWhereArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(0.01, 10).Draw(t, "a"), rapid.Float64Range(0.01, 10).Draw(t, "b")
		c := &condition{text: fmt.Sprintf("%g * (%g - x) / 2 + 1 > %g", a, b, b)}
		if err := c.parse(); err != nil {
			t.Fatal(err)
		}
		got, err := c.holds(func(string) (*node, error) { return &node{text: "0.25"}, nil })
		if want := a*(b-0.25)/2+1 > b; err != nil || got != want {
			t.Fatalf("%s: %v, %v", c.text, got, err)
		}
	})
}

// 2,000 cells have to be planned in seconds; the time is printed, not judged.
func TestPlanOfThousands(t *testing.T) {
	began := time.Now()
	p, err := ParsePlan([]byte(smallPlan), "small.yaml", []string{"sweep={axes: {optimizer.lr: {log_grid: [1e-4, 1e-2], n: 20}, optimizer.beta2: {grid: [0.9, 0.99], n: 20}}, seeds: 5}"})
	if err != nil || len(p.Cells) != 2000 {
		t.Fatalf("%v", err)
	}
	t.Logf("%d cells in %v", len(p.Cells), time.Since(began))
}

// Whatever is written, a plan is an error or cells.
func FuzzPlan(f *testing.F) {
	f.Add(smallPlan)
	f.Add("sweep: {axes: {steps: {choice: [1, 2], n: 3}}, where: 'steps > -(1e-3 + 2) * 3'}")
	f.Add("sweep: {list: [{steps: 3}], where: [\"name == 'x'\"]}")
	most := maxCells
	maxCells = 200 // large plans take long, and nothing else
	f.Cleanup(func() { maxCells = most })
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePlan([]byte(text), "f.yaml", nil)
		if err == nil && len(p.Cells) == 0 {
			t.Fatal("neither cells nor an error")
		}
	})
}
