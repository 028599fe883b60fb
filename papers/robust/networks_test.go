package robust

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"leeway/compare"
	"leeway/config"
	"leeway/papers"
	"leeway/rundir"
)

// Every sweep of both scales is a plan, in the order in which it is read.
func TestPlans(t *testing.T) {
	for _, scale := range papers.Scales() {
		for _, c := range contests(scale) {
			plan, err := config.ParsePlan([]byte(c.plan()), c.id, nil)
			if err != nil {
				t.Fatalf("%s: %v", c.id, err)
			}
			if len(plan.Cells) != 2*len(c.radii)*c.seeds {
				t.Fatalf("%s: %d runs", c.id, len(plan.Cells))
			}
			for i, cell := range plan.Cells {
				radius, kind, seed := c.radii[i/(2*c.seeds)], []string{"gd", "sign-gd"}[i/c.seeds%2], uint64(i%c.seeds)
				if a := cell.Config.Objective.Attack; a.Radius != radius || a.Step != radius/5 || cell.Config.Optimizer.Kind != kind || cell.Seed != seed {
					t.Errorf("%s: run %d is %+v by %s, seed %d", c.id, i, a, cell.Config.Optimizer.Kind, cell.Seed)
				}
			}
		}
	}
}

// Truth: accuracies that are made up: gradient descent is ahead by radius times 2 plus a
// bit of the seed, so the slopes are known. A run that did not get to the threshold takes
// its seed out.
func TestContest(t *testing.T) {
	c := contest{id: "made-up", objective: "", radii: []float64{0, 0.1, 0.2}, loss: 0.5, steps: 10, seeds: 3}
	cells := func(late int) *compare.Sweep {
		s := &compare.Sweep{Name: c.id}
		dir := t.TempDir()
		for i := range 2 * len(c.radii) * c.seeds {
			radius, method, seed := c.radii[i/(2*c.seeds)], i/c.seeds%2, i%c.seeds
			accuracy := 0.9 - radius - float64(method)*(2+0.1*float64(seed))*radius
			loss := 0.4
			if i == late {
				loss = 0.6
			}
			path := fmt.Sprintf("%s/%d.csv", dir, i)
			write(t, path, fmt.Sprintf("step,t,discrete/loss,discrete/robust_accuracy\n7,0.7,%v,%v\n", loss, accuracy))
			table, err := rundir.ReadMetrics(path)
			if err != nil {
				t.Fatal(err)
			}
			s.Cells = append(s.Cells, compare.Cell{Status: "done", Seed: uint64(seed), Table: table})
		}
		return s
	}
	measured := func(late int) *papers.Finding {
		var f *papers.Finding
		paper := &papers.Paper{ID: "0", Plans: func(papers.Scale) map[string]string { return map[string]string{c.id: "plan"} }, Claims: func(papers.Scale) []papers.Claim {
			return []papers.Claim{{ID: "x", Expected: papers.Positive("above 0"), Sweeps: []string{c.id}, Measure: func(ctx context.Context, lab *papers.Lab) (_ *papers.Finding, err error) {
				f, err = c.measure(ctx, lab)
				return f, err
			}}}
		}}
		_, err := papers.Reproduce(t.Context(), paper, papers.Settings{Dir: t.TempDir(), Sweep: func(context.Context, string, string, string, func(string)) (*compare.Sweep, error) {
			return cells(late), nil
		}})
		if err != nil || f == nil {
			t.Fatalf("%+v, error %v", f, err)
		}
		return f
	}
	if f := measured(-1); math.Abs(f.Value-2.1) > 1e-12 || f.N != 3 || f.Notes != nil || len(f.Table.Rows) != 6 || !strings.Contains(f.Figures[0].Caption, "paper’s robust objective") {
		t.Errorf("%+v, want a slope of 2.1", f)
	}
	if f := measured(4); math.Abs(f.Value-2.1) > 1e-12 || f.N != 2 || len(f.Notes) != 1 {
		t.Errorf("%+v where a run of the second seed came not far enough", f)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
