package memory

import (
	"context"
	"fmt"
	"math"

	"leeway/bea"
	"leeway/figure"
	"leeway/optim"
	"leeway/papers"
	"leeway/trace"
)

// orders are the corrections of five optimizers, each with its fitted order.
func orders(papers.Scale) []papers.Claim {
	var claims []papers.Claim
	for _, o := range []struct{ id, name, optimizer string }{
		{"heavy-ball", "heavy ball", "{kind: heavy-ball, lr: 1e-2, beta: 0.8, form: polyak}"},
		{"nesterov", "Nesterov’s momentum", "{kind: nesterov, lr: 1e-2, beta: 0.8}"},
		{"adamw", "AdamW", "{kind: adamw, lr: 1e-2, beta1: 0.8, beta2: 0.9, eps: 1e-1, weight_decay: 0.1}"},
		{"nadamw", "NAdamW", "{kind: nadamw, lr: 1e-2, beta1: 0.8, beta2: 0.9, eps: 1e-1, weight_decay: 0.1}"},
		{"lion", "Lion with a smooth sign", "{kind: lion-k, lr: 1e-2, beta1: 0.8, beta2: 0.9, eps: 1e-1, bias_correction: true, weight_decay: 0.1}"},
	} {
		text := "objective: {problem: sines, dimension: 3}\noptimizer: " + o.optimizer + "\nprocesses: [discrete, memoryless-1, memoryless-2]\nsteps: 200\nverify: {halvings: 6}\n"
		claims = append(claims, papers.Claim{
			ID: "order-" + o.id, Place: "Theorem 3.2, Corollary 3.3", Provenance: papers.Stated,
			Says:     "The map without memory that has the correction follows " + o.name + " to second order in h.",
			Quantity: "fitted order of the corrected map", Expected: papers.AtLeast(2 - trace.Shortfall),
			How: "A smooth problem of three parameters over a fixed time, h halved six times from 0.01; the slope of the logarithm of the largest coordinate difference over the path.",
			Measure: func(ctx context.Context, _ *papers.Lab) (*papers.Finding, error) {
				v, err := papers.VerifyConfig(ctx, text)
				if err != nil {
					return nil, err
				}
				order, ok := v.Order["memoryless-2"]
				if !ok {
					return nil, fmt.Errorf("no order was fitted: %s", v.Reasons["memoryless-2"])
				}
				f := papers.Exactly(order)
				f.Notes = []string{fmt.Sprintf("Without the correction the order is %.3f.", v.Order["memoryless-1"])}
				f.Table = &papers.Table{Columns: []string{"h", "steps", "memoryless-1", "memoryless-2"}}
				for _, row := range v.Rows {
					f.Table.Add(row.H, row.Steps, float64(row.Error["memoryless-1"]), float64(row.Error["memoryless-2"]))
				}
				return f, nil
			},
		})
	}
	return claims
}

// near is the setting of the paper's first figure, on what data there is.
const near = `objective: {model: {kind: mlp, hidden: [64], activation: gelu}, data: {kind: digits, train: 1000, test: 200}}
optimizer: %s
processes: [discrete, memoryless-1, memoryless-2]
steps: 200
seed: %d
measure: {every: 10, quantities: [loss]}
`

// nearer are the claims that the corrected map stays nearer to the optimizer.
func nearer(papers.Scale) []papers.Claim {
	var claims []papers.Claim
	for _, o := range []struct{ id, name, optimizer string }{
		{"adam", "Adam", "{kind: adamw, lr: %g, beta1: 0.9, beta2: 0.99, eps: 1e-6, weight_decay: %g}"},
		{"lion", "Lion with a smooth sign", "{kind: lion-k, lr: %g, beta1: 0.9, beta2: 0.99, eps: 1e-6, bias_correction: true, weight_decay: %g}"},
	} {
		for _, h := range []float64{1e-4, 3e-4} {
			claims = append(claims, papers.Claim{
				ID: fmt.Sprintf("nearer-%s-%g", o.id, h), Place: "Figure 1", Provenance: papers.Stated,
				Says:     fmt.Sprintf("On an MLP with GELU the second-order map without memory stays nearer to %s than the first-order one, h = %g.", o.name, h),
				Quantity: "decades by which the largest distance is smaller", Expected: papers.Positive("above 0"),
				How: fmt.Sprintf("64 hidden units on 1,000 digits, 200 steps, betas 0.9 and 0.99, eps 1e-6, weight decay 0.001/h as in the paper; largest coordinate difference over the run; mean over %d seeds, Student’s 95 %% interval.", seeds),
				Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
					return distances(ctx, lab, fmt.Sprintf(o.optimizer, h, 1e-3/h))
				},
			})
		}
	}
	return claims
}

func distances(ctx context.Context, lab *papers.Lab, optimizer string) (*papers.Finding, error) {
	var decades []float64
	table := &papers.Table{Columns: []string{"seed", "first order", "second order"}}
	chart := figure.Chart{XLabel: "step", YLabel: "distance to the optimizer", LogY: true}
	for seed := range seeds {
		r, err := papers.RunConfig(ctx, fmt.Sprintf(near, optimizer, seed))
		if err != nil {
			return nil, err
		}
		one, two := float64(r.Summary.Distance["memoryless-1"]), float64(r.Summary.Distance["memoryless-2"])
		decades = append(decades, math.Log10(one/two))
		table.Add(seed, one, two)
		if seed == 0 {
			for _, name := range []string{"memoryless-1", "memoryless-2"} {
				chart.Series = append(chart.Series, figure.Series{Name: name, X: r.Steps(), Y: r.Column(name + "/distance")})
			}
		}
		lab.Say("seed %d of %d", seed+1, seeds)
	}
	f := papers.Mean(decades)
	f.Table = table
	f.Figures = []papers.Figure{{Name: "distance", Caption: "Largest coordinate difference to the optimizer along training, the first seed’s.", Drawing: chart}}
	return f, nil
}

// same is the identity of Adam with equal betas and Signum.
func same(papers.Scale) []papers.Claim {
	return []papers.Claim{{
		ID: "same-correction", Place: "Section 5", Provenance: papers.Stated,
		Says:     "Adam with beta1 = beta2 and Lion with equal rho, which is Signum, have identical corrections.",
		Quantity: "largest relative difference of the factors of the correction", Expected: papers.AtMost(1e-9),
		How: "The factor of the bias of a coordinate as a function of its gradient, for betas 0.5, 0.9 and 0.99, eps 1e-4 and gradients from 1e-4 to 10, in the limit of many steps.",
		Measure: func(context.Context, *papers.Lab) (*papers.Finding, error) {
			table := &papers.Table{Columns: []string{"beta", "gradient", "Adam", "Lion"}}
			worst := 0.0
			for _, beta := range []float64{0.5, 0.9, 0.99} {
				adam, err := optim.New(optim.Adam{Beta1: beta, Beta2: beta, Eps: 1e-4, BiasCorrection: true}, 1e-3, optim.Schedule{})
				if err != nil {
					return nil, err
				}
				lion, err := optim.New(optim.LionK{Beta1: beta, Beta2: beta, Eps: 1e-4}, 1e-3, optim.Schedule{})
				if err != nil {
					return nil, err
				}
				for _, g := range []float64{1e-4, 1e-3, 1e-2, 0.1, 1, 10} {
					a, l := bea.FactorOf(adam.Rule, -1, g), bea.FactorOf(lion.Rule, -1, g)
					worst = math.Max(worst, math.Abs(a-l)/math.Max(math.Abs(a), math.Abs(l)))
					table.Add(beta, g, a, l)
				}
			}
			f := papers.Exactly(worst)
			f.Table = table
			return f, nil
		},
	}}
}
