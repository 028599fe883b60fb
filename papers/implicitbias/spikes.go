package implicitbias

import (
	"context"
	"fmt"
	"math"
	"slices"

	"leeway/figure"
	"leeway/papers"
)

// spiky is a network at a step size at which Adam's memory makes the loss spike.
const spiky = `name: spikes
objective: {model: {kind: mlp, hidden: [32, 32], activation: tanh}, data: {kind: digits}, dtype: float32}
optimizer: {kind: adam, lr: 1e-2, beta1: 0.9, beta2: %g, eps: 1e-8}
processes: [discrete]
steps: 1500
seed: %d
measure: {every: 1, quantities: [loss]}
`

// spikes is the remark that beta and rho should be close for training to be stable.
func spikes(papers.Scale) []papers.Claim {
	const from = 200
	return []papers.Claim{{
		ID: "spikes", Place: "Section 6", Provenance: papers.Stated,
		Says:     "Training is stable where beta and rho are close: far from each other, the loss spikes.",
		Quantity: "decades of the largest spike of the loss, rho = 0.999 less rho = 0.9",
		Expected: papers.Positive("above 0"),
		How: fmt.Sprintf("The largest loss after step %d over the least before it, in powers of ten; MLP (two hidden layers of 32, tanh) on 1,000 digits, h 0.01, beta 0.9, eps 1e-8, 1,500 steps, %d seeds in pairs, Student’s 95 %% interval.",
			from, seeds),
		Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			sizes := map[float64][]float64{}
			table := &papers.Table{Columns: []string{"rho", "seed", "decades", "last loss"}}
			chart := figure.Chart{XLabel: "step", YLabel: "training loss", LogY: true}
			for _, rho := range []float64{0.9, 0.999} {
				for seed := range seeds {
					r, err := papers.RunConfig(ctx, fmt.Sprintf(spiky, rho, seed))
					if err != nil {
						return nil, err
					}
					loss := r.Column("discrete/loss")
					size := spike(loss, from)
					sizes[rho] = append(sizes[rho], size)
					table.Add(rho, seed, size, loss[len(loss)-1])
					if seed == 0 {
						chart.Series = append(chart.Series, figure.Series{Name: fmt.Sprintf("rho %g", rho), X: r.Steps(), Y: loss})
					}
					lab.Say("rho %g, seed %d of %d", rho, seed+1, seeds)
				}
			}
			f := papers.Difference(sizes[0.999], sizes[0.9])
			if slices.Max(append(sizes[0.999], sizes[0.9]...)) == 0 {
				f = papers.Exactly(math.NaN())
				f.Notes = []string{"No run spiked, with either rho: this setting tells nothing."}
			}
			f.Table = table
			f.Figures = []papers.Figure{{Name: "loss", Caption: "The training loss of the first seed.", Drawing: chart}}
			return f, nil
		},
	}}
}

// spike is the largest rise of a value over the least before it, after a number of
// steps, in powers of ten.
func spike(values []float64, from int) float64 {
	least, largest := math.Inf(1), 0.0
	for i, v := range values {
		if i >= from {
			largest = math.Max(largest, math.Log10(v/least))
		}
		least = math.Min(least, v)
	}
	return largest
}
