package memory

import (
	"context"
	"strings"
	"testing"

	"leeway/config"
	"leeway/papers"
)

func TestPaper(t *testing.T) {
	if err := Paper().Check(); err != nil {
		t.Error(err)
	}
	for _, scale := range papers.Scales() {
		for name, text := range plans(scale) {
			plan, err := config.ParsePlan([]byte(text), name, nil)
			if err != nil {
				t.Errorf("%s at scale %s: %v", name, scale, err)
			} else if plan.Name != name || len(plan.Cells) < 9 {
				t.Errorf("%s is called %s and has %d cells", name, plan.Name, len(plan.Cells))
			}
		}
	}
}

// The claims that take no time are borne out: their truths are the optimizers'
// own paths, and two formulas that were derived apart.
func TestCheapClaims(t *testing.T) {
	for _, c := range Paper().Claims(papers.Quick) {
		if !strings.HasPrefix(c.ID, "order-") && c.ID != "same-correction" {
			continue
		}
		f, err := c.Measure(context.Background(), &papers.Lab{})
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		if v := c.Expected.Judge(f.Low, f.Value, f.High); v != papers.Reproduced {
			t.Errorf("%s: %g, expected %s", c.ID, f.Value, c.Expected)
		}
	}
}
