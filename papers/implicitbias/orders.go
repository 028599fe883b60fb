package implicitbias

import (
	"context"
	"fmt"
	"strings"

	"leeway/figure"
	"leeway/papers"
	"leeway/trace"
)

// variant is an optimizer of the theorem.
type variant struct{ id, name, optimizer, place string }

var variants = []variant{
	{"adam-inside", "Adam, eps inside the root", "{kind: adam, lr: 1e-2, beta1: 0.8, beta2: 0.9, eps: 1e-1, eps_mode: inside}", "Theorem 3.1"},
	{"adam-outside", "Adam, eps outside the root", "{kind: adam, lr: 1e-2, beta1: 0.8, beta2: 0.9, eps: 1e-1, eps_mode: outside}", "appendix, Adam with eps outside"},
	{"rmsprop-inside", "RMSProp, eps inside the root", "{kind: rmsprop, lr: 1e-2, beta2: 0.9, eps: 1e-1, eps_mode: inside, bias_correction: true}", "appendix, RMSProp with eps inside"},
	{"rmsprop-outside", "RMSProp, eps outside the root", "{kind: rmsprop, lr: 1e-2, beta2: 0.9, eps: 1e-1, eps_mode: outside, bias_correction: true}", "appendix, RMSProp with eps outside"},
}

// problems of the order claims: full batch, and batches in the order in which they
// come, as the theorem has them.
var orderProblems = []struct{ id, name, objective string }{
	{"full", "full batch", "{problem: sines, dimension: 3}"},
	{"batches", "mini-batches", "{problem: sines, dimension: 3, batch: {count: 4, order: cyclic}}"},
}

// orders are the claims of the theorem: the corrected flow follows the optimizer
// to second order in h, the flow without the correction to first.
func orders(papers.Scale) []papers.Claim {
	var claims []papers.Claim
	for _, v := range variants {
		for _, p := range orderProblems {
			text := fmt.Sprintf("name: orders\nobjective: %s\noptimizer: %s\nprocesses: [discrete, flow-1, flow-2]\nsteps: 200\nverify: {halvings: 6}\n", p.objective, v.optimizer)
			claims = append(claims, papers.Claim{
				ID: "order-" + v.id + "-" + p.id, Place: v.place, Provenance: papers.Stated,
				Says:     fmt.Sprintf("%s, %s: the corrected flow follows the optimizer to second order in h.", v.name, p.name),
				Quantity: "fitted order of the corrected flow",
				How: "A smooth problem of three parameters over a fixed time, h halved six times from 0.01; the largest coordinate difference over the whole path; " +
					"the slope of its logarithm against that of h.",
				Expected: papers.AtLeast(2 - trace.Shortfall),
				Measure:  fitted(text, "flow-2"),
			})
		}
	}
	first := strings.Replace("name: orders\nobjective: OBJECTIVE\noptimizer: OPTIMIZER\nprocesses: [discrete, flow-1, flow-2]\nsteps: 200\nverify: {halvings: 6}\n", "OBJECTIVE", orderProblems[0].objective, 1)
	return append(claims, papers.Claim{
		ID: "order-leading", Place: "Section 3", Provenance: papers.Stated,
		Says:     "Without the correction the flow follows Adam to first order only: the drift is real.",
		Quantity: "fitted order of the leading flow",
		How:      "As for the corrected flow, Adam with eps inside the root, full batch.",
		Expected: papers.Around(1, trace.Shortfall),
		Measure:  fitted(strings.Replace(first, "OPTIMIZER", variants[0].optimizer, 1), "flow-1"),
	}, papers.Claim{
		ID: "order-network", Place: "Theorem 3.1", Provenance: papers.Implied,
		Says:     "The theorem holds on a network: the corrected flow follows full-batch Adam on an MLP to second order.",
		Quantity: "fitted order of the corrected flow",
		How:      "An MLP of two hidden layers of 32 (tanh) on 1,000 digits, float64, beta 0.9, rho 0.95, eps 1e-4; 400 steps of 3.1e-5 and two halvings. (From steps of 1e-3 on, the slope between halvings still grows: 0.9, 1.4, 1.8, 1.9.)",
		Expected: papers.AtLeast(2 - trace.Shortfall),
		Measure: fitted("name: order-network\nobjective: {model: {kind: mlp, hidden: [32, 32], activation: tanh}, data: {kind: digits}}\n"+
			"optimizer: {kind: adam, lr: 1e-3, beta1: 0.9, beta2: 0.95, eps: 1e-4}\nprocesses: [discrete, flow-1, flow-2]\nsteps: 400\nverify: {lr: 3.125e-5, steps: 400, halvings: 2}\n", "flow-2"),
	})
}

// fitted measures the fitted order of a process.
func fitted(text, process string) func(context.Context, *papers.Lab) (*papers.Finding, error) {
	return func(ctx context.Context, _ *papers.Lab) (*papers.Finding, error) {
		v, err := papers.VerifyConfig(ctx, text)
		if err != nil {
			return nil, err
		}
		order, ok := v.Order[process]
		if !ok {
			return nil, fmt.Errorf("no order was fitted to %s: %s", process, v.Reasons[process])
		}
		f := papers.Exactly(order)
		f.Table = &papers.Table{Columns: []string{"h", "steps", "flow-1", "flow-2"}}
		lines := []figure.Series{{Name: "flow-1"}, {Name: "flow-2"}}
		for _, row := range v.Rows {
			f.Table.Add(row.H, row.Steps, float64(row.Error["flow-1"]), float64(row.Error["flow-2"]))
			for i := range lines {
				lines[i].X = append(lines[i].X, row.H)
				lines[i].Y = append(lines[i].Y, float64(row.Error[lines[i].Name]))
			}
		}
		for i := range lines {
			if p, ok := v.Order[lines[i].Name]; ok {
				lines[i].Note = fmt.Sprintf("order %.2f", p)
			}
		}
		f.Figures = []papers.Figure{{
			Name: "error", Caption: "Largest distance to the optimizer’s iterates over the path against the step size.",
			Drawing: figure.Chart{XLabel: "step size h", YLabel: "largest distance", LogX: true, LogY: true, Series: lines},
		}}
		return f, nil
	}
}
