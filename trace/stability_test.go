package trace_test

import (
	"context"
	"os"
	"testing"

	"leeway/config"
	"leeway/trace"
)

// Full-batch Adam trains at the edge of stability: in the example of that name the
// preconditioned sharpness begins below half of (2 + 2 beta1) / ((1 - beta1) h) and is
// within a tenth of it in the mean over the last third of the measurements, going both
// above and below. The truth is the stability of Adam's recursion with a frozen
// denominator (arXiv 2207.14484), which knows nothing of networks. The negative half:
// with the cross-entropy, which flattens, it does not stay there.
func TestEdgeOfStability(t *testing.T) {
	if os.Getenv("LEEWAY_SLOW") == "" {
		t.Skip("LEEWAY_SLOW is not set")
	}
	measure := func(overrides ...string) (trace.EdgeSummary, []float64) {
		c, err := config.Load("../examples/edge-of-stability.yaml", overrides)
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Build()
		if err != nil {
			t.Fatal(err)
		}
		r, err := trace.New(trace.Setup{
			Objective: p.Objective, Start: p.Start, Optimizer: p.Optimizer, Processes: c.Processes, Steps: c.Steps,
			Measures: trace.Each(trace.When{Every: 20}, "preconditioned_sharpness"),
		})
		if err != nil {
			t.Fatal(err)
		}
		kept := &ratios{}
		for i, column := range r.Columns() {
			switch column {
			case "discrete/preconditioned_1":
				kept.value = i
			case "discrete/preconditioned_line":
				kept.line = i
			}
		}
		if err := r.Run(context.Background(), kept, nil); err != nil {
			t.Fatal(err)
		}
		return r.Summary().Curvature["preconditioned"], kept.all
	}
	edge, ratios := measure()
	t.Logf("%s", edge.Sentence)
	if want := 38 / 3e-3; float64(edge.Line) < want*(1-1e-12) || float64(edge.Line) > want*(1+1e-12) {
		t.Errorf("the line is at %v, want %v", edge.Line, want)
	}
	if !(ratios[1] < 0.5) {
		t.Errorf("after 20 steps at %.3g of the line, want below half", ratios[1])
	}
	if edge.Late < 0.9 || edge.Late > 1.1 || edge.Unconverged > 0 {
		t.Errorf("%+v, want the last third within a tenth of the line", edge)
	}
	above, below := 0, 0
	for _, x := range ratios[len(ratios)*2/3:] {
		if x > 1 {
			above++
		} else {
			below++
		}
	}
	if above < 3 || below < 3 {
		t.Errorf("above the line %d times and below %d times in the last third: no oscillation", above, below)
	}
	if flat, _ := measure("objective.loss=cross-entropy"); flat.Late > 0.5 {
		t.Errorf("with the cross-entropy still at %.3g of the line", float64(flat.Late))
	}
}

// ratios is a sink that keeps values relative to their line.
type ratios struct {
	value, line int
	all         []float64
}

func (r *ratios) Row(_ int, values []float64) error {
	r.all = append(r.all, values[r.value]/values[r.line])
	return nil
}
func (*ratios) Spectrum(int, [][]float64) error { return nil }
func (*ratios) Checkpoint(*trace.State) error   { return nil }
