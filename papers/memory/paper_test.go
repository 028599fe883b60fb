package memory

import (
	"context"
	"strings"
	"testing"

	"leeway/config"
	"leeway/papers"
	"leeway/trace"
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

// The transformer of the full scale builds and takes two steps; a random language
// stands in for the text, which this test does not have. (The ResNet-50 of the
// other plans is that of papers/implicitbias, whose test builds it.)
func TestFullScaleTransformer(t *testing.T) {
	plan, err := config.ParsePlan([]byte(plans(papers.Full)["transformer"]), "transformer", []string{
		"objective.data={kind: markov, vocab: 64, length: 16, train: 4, test: 2, seed: 0}", "steps=2", "measure={every: 1, quantities: [loss]}"})
	if err != nil {
		t.Fatal(err)
	}
	c := plan.Cells[0].Config
	p, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	r, err := trace.New(c.Setup(p))
	if err != nil {
		t.Fatal(err)
	}
	before := r.Loss()
	if err := r.Run(context.Background(), nothing{}, nil); err != nil || r.Step() != 2 || !(r.Loss() < before || before == 0) {
		t.Errorf("%d steps, loss %g from %g, %v", r.Step(), r.Loss(), before, err)
	}
}

// nothing keeps nothing of a run.
type nothing struct{}

func (nothing) Row(int, []float64) error        { return nil }
func (nothing) Spectrum(int, [][]float64) error { return nil }
func (nothing) Checkpoint(*trace.State) error   { return nil }
