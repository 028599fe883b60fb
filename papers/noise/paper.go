// Package noise holds the claims of "The Effect of Mini-Batch Noise on the Implicit
// Bias of Adam" (arXiv 2602.01642), as far as its formulas are known.
package noise

import (
	"context"
	"fmt"
	"math"

	"leeway/bea"
	"leeway/compare"
	"leeway/figure"
	"leeway/papers"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2602.01642", Title: "The Effect of Mini-Batch Noise on the Implicit Bias of Adam",
		Authors: "Matias D. Cattaneo, Boris Shigida", Venue: "arXiv, February 2026",
		About: "In expectation over mini-batches Adam’s correction has five terms beside the full batch’s. They turn its dependence on beta2 around as the batch shrinks: " +
			"a large beta2 works against small gradients in large batches only. The paper’s own coefficients are not at hand; those here were derived with the same structure and are held against a simulation.",
		Claims: claims, Plans: plans,
	}
}

// batches of the sweep; the last is all rows.
var batches = []int{20, 100, 1000}

const seeds = 5

func plans(scale papers.Scale) map[string]string {
	n, every := seeds, 10
	if scale == papers.Full {
		n = 20
	}
	return map[string]string{"batches": fmt.Sprintf(`name: batches
objective: {model: {kind: mlp, hidden: [32, 32], activation: gelu}, data: {kind: digits, train: 1000, test: 797}, batch: {size: 1000, order: shuffled}, dtype: float32}
optimizer: {kind: adam, lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8}
processes: [discrete]
steps: 2500
stop: {loss: 0.05}
measure: {every: %d, quantities: [loss, accuracy, perturbed_one_norm]}
sweep:
  axes: {objective.batch.size: [%d, %d, %d], optimizer.beta2: [0.9, 0.999]}
  seeds: %d
`, every, batches[0], batches[1], batches[2], n)}
}

func claims(papers.Scale) []papers.Claim {
	const place = "abstract"
	all := []papers.Claim{
		{
			ID: "turn", Place: place, Provenance: papers.Derived, Quantity: "noise per component, Sigma_jj/g_j^2, at which the sign of the one-norm’s factor turns, beta 0.9 and 0.999",
			Says: "As the batch shrinks, Adam’s dependence on beta2 reverses, where the noise of a component is about half its square.",
			How:  "The zero of c0 + (c1 + c2) lambda with the derived coefficients.", Expected: papers.Between(0.45, 0.55), Measure: turn,
		},
		{
			ID: "turn-beta1", Place: place, Provenance: papers.Derived, Quantity: "noise at which the dependence on beta1 turns, less that at which the dependence on beta2 does",
			Says: "The dependence on beta1 shifts the opposite way, at a larger noise.", Expected: papers.Positive("above 0"),
			How:     "The zeros of the differences of c0 + (c1 + c2) lambda between beta1 0.8 and 0.9 at beta2 0.999, and between beta2 0.99 and 0.999 at beta1 0.9.",
			Measure: turnOfBeta1,
		},
	}
	for _, level := range levels {
		all = append(all, papers.Claim{
			ID: fmt.Sprintf("coefficients-%g", level), Place: "Theorem, expected correction", Provenance: papers.Derived,
			Says:     fmt.Sprintf("The expected correction under mini-batch noise is that of the six coefficients, at noise level %g.", level),
			Quantity: "largest distance of prediction and simulation, in standard errors of the simulation", Expected: papers.AtMost(3),
			How: fmt.Sprintf("Three parameters, two pairs of betas; %d independent chains of Adam’s memory with normal batch gradients and Hessians, in antithetic pairs, give the part due to noise and its standard error.", chains),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				return simulated(ctx, lab, level)
			},
		})
	}
	for _, c := range []struct {
		id, says string
		batch    int
		expected papers.Region
	}{
		{"full", "In full batch a larger beta2 raises the gradient’s norm", batches[2], papers.Positive("above 0")},
		{"small", "In small batches the dependence on beta2 reverses: a larger beta2 lowers the gradient’s norm", batches[0], papers.Negative("below 0")},
	} {
		all = append(all, papers.Claim{
			ID: "batch-" + c.id, Place: place, Provenance: papers.Stated, Says: c.says + ", on a small network.", Expected: c.expected, Sweeps: []string{"batches"},
			Quantity: "full-batch perturbed one-norm where the training loss is first below 0.1, beta2 = 0.999 less beta2 = 0.9",
			How:      fmt.Sprintf("An MLP (two hidden layers of 32, GELU) on 1,000 digits, batches of %d, beta1 0.9, h 1e-3, measured every 10 steps; pairs of the same seed, Student’s 95 %% interval.", c.batch),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				return byBatch(ctx, lab, c.batch)
			},
		})
	}
	return all
}

// byBatch compares the norms of two beta2 in batches of a size.
func byBatch(ctx context.Context, lab *papers.Lab, size int) (*papers.Finding, error) {
	s, err := lab.Sweep(ctx, "batches")
	if err != nil {
		return nil, err
	}
	const batch, beta2, column = "objective.batch.size", "optimizer.beta2", "discrete/perturbed_one_norm"
	at := compare.At{Kind: "loss", X: 0.1}
	part := &compare.Sweep{Name: s.Name, Axes: s.Axes}
	for _, c := range s.Cells {
		if c.Values[batch] == fmt.Sprint(size) {
			part.Cells = append(part.Cells, c)
		}
	}
	low, high, err := papers.Paired(part, beta2, 0.9, 0.999, column, at)
	if err != nil {
		return nil, err
	}
	f := papers.Difference(high, low)
	f.Table = &papers.Table{Columns: []string{"batch", "beta2", "mean", "low", "high", "n", "runs"}}
	for _, g := range s.Groups(column, at, batch, beta2, compare.Confidence) {
		f.Table.Add(g.X, g.Line, g.Mean, g.Low, g.High, g.N, g.Cells)
	}
	chart, caption := s.Figure(compare.View{Quantity: column, At: at, X: batch, Lines: beta2, Band: compare.Confidence})
	f.Figures = []papers.Figure{{Name: "batches", Caption: caption, Drawing: chart}}
	return f, nil
}

func turn(context.Context, *papers.Lab) (*papers.Finding, error) {
	table := &papers.Table{Columns: []string{"beta1", "beta2", "turns at"}}
	chart := figure.Chart{XLabel: "noise of a component, Sigma/g^2", YLabel: "factor of the one-norm’s gradient", Guides: []figure.Guide{{Y: 0}}}
	for _, b := range [][2]float64{{0.9, 0.999}, {0.9, 0.99}, {0.9, 0.95}, {0.99, 0.999}} {
		c := bea.NoiseCoefficientsOf(b[0], b[1])
		at, _ := c.Turn()
		table.Add(b[0], b[1], at)
		if b[1] == 0.999 {
			continue // twenty times the others
		}
		s := figure.Series{Name: fmt.Sprintf("beta %g, %g", b[0], b[1])}
		for i := 0; i <= 100; i++ {
			s.X, s.Y = append(s.X, float64(i)/100), append(s.Y, c.Total(float64(i)/100))
		}
		chart.Series = append(chart.Series, s)
	}
	at, ok := bea.NoiseCoefficientsOf(0.9, 0.999).Turn()
	if !ok {
		at = math.NaN()
	}
	f := papers.Exactly(at)
	f.Table = table
	f.Figures = []papers.Figure{{Name: "factor", Caption: "What multiplies the gradient of the one-norm in Adam’s expected correction: below zero Adam works against small gradients.", Drawing: chart}}
	return f, nil
}

func turnOfBeta1(context.Context, *papers.Lab) (*papers.Finding, error) {
	zero := func(a, b bea.NoiseCoefficients) float64 { return -(b[0] - a[0]) / (b[1] + b[2] - a[1] - a[2]) }
	one := zero(bea.NoiseCoefficientsOf(0.8, 0.999), bea.NoiseCoefficientsOf(0.9, 0.999))
	two := zero(bea.NoiseCoefficientsOf(0.9, 0.99), bea.NoiseCoefficientsOf(0.9, 0.999))
	f := papers.Exactly(one - two)
	f.Notes = []string{fmt.Sprintf("The dependence on beta1 turns at %.4g, that on beta2 at %.4g.", one, two)}
	return f, nil
}
