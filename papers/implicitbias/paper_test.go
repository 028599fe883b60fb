package implicitbias

import (
	"context"
	"testing"

	"leeway/config"
	"leeway/papers"
)

func TestPaper(t *testing.T) {
	if err := Paper().Check(); err != nil {
		t.Error(err)
	}
	if n := len(Paper().Claims(papers.Quick)); n < 20 {
		t.Errorf("%d claims", n)
	}
}

// Every plan of both scales parses, and its cells are as many as its axes and
// seeds say.
func TestPlans(t *testing.T) {
	for _, scale := range papers.Scales() {
		for name, text := range plans(scale) {
			plan, err := config.ParsePlan([]byte(text), name, nil)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if plan.Name != name || len(plan.Cells) < 10 {
				t.Errorf("%s is called %s and has %d cells", name, plan.Name, len(plan.Cells))
			}
		}
	}
}

// The claims that take no time are borne out: their truths are closed forms and
// an independent implementation's values.
func TestCheapClaims(t *testing.T) {
	lab := &papers.Lab{Scale: papers.Quick, Threads: 1}
	for _, id := range []string{"integral", "integral-quadrature", "bilinear-beta", "bilinear-rho", "bilinear-h-beta", "bilinear-h-rho", "bilinear-limit", "bilinear-table", "order-adam-inside-full", "order-leading"} {
		c, ok := Paper().Claim(id, papers.Quick)
		if !ok {
			t.Fatalf("no claim %s", id)
		}
		f, err := c.Measure(context.Background(), lab)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if v := c.Expected.Judge(f.Low, f.Value, f.High); v != papers.Reproduced {
			t.Errorf("%s: %g, expected %s: %s", id, f.Value, c.Expected, v)
		}
	}
}

func TestHill(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   bool
	}{
		{[]float64{5, 4, 3, 2, 3, 4, 3, 2, 1, 1}, true},
		{[]float64{5, 4, 3, 2, 1.9, 1.8, 1.7, 1.6, 1.5, 1.4}, false}, // only falls
		{[]float64{1, 1, 2, 3, 4, 5, 6, 7, 8, 9}, false},             // only rises
		{nil, false},
	} {
		if hill(c.values) != c.want {
			t.Errorf("hill(%v) is %t", c.values, !c.want)
		}
	}
}

func TestSpike(t *testing.T) {
	if got := spike([]float64{10, 1, 0.1, 10, 0.01}, 2); got != 2 {
		t.Errorf("spike %g, want 2: from 0.1 to 10", got)
	}
}
