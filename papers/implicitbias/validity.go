package implicitbias

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"leeway/figure"
	"leeway/papers"
	"leeway/trace"
)

// grid is the map of validity: step sizes, rho and eps on a network.
var grid = struct{ h, rho, eps []float64 }{[]float64{1e-4, 1e-3, 4e-3}, []float64{0.9, 0.95, 0.999}, []float64{1e-8, 1e-4, 1e-2}}

const validityConfig = `name: validity
objective: {model: {kind: mlp, hidden: [16], activation: tanh}, data: {kind: digits, train: 300, test: 100}}
optimizer: {kind: adam, lr: %g, beta1: 0.9, beta2: %g, eps: %g}
processes: [discrete, flow-1, flow-2, moments-2]
steps: 150
runaway: ignore
integrator: {method: rk4, substeps: 4}
measure: {every: 10, quantities: [loss, trust]}
`

// validity is where the corrected flow follows Adam on a network and where it does
// not: a map that the paper does not have.
func validity(papers.Scale) []papers.Claim {
	const how = "An MLP of 16 hidden units (tanh) on 300 digits, 150 steps, beta 0.9, at 3 step sizes, 3 rho and 3 eps; the trust number is the relative change of the gradient within Adam’s memory, its 99th percentile over coordinates, the largest over the run."
	return []papers.Claim{
		{
			ID: "validity-trust", Place: "Section 7, limitations", Provenance: papers.Implied,
			Says:     "Where gradients change little within the optimizer’s memory (trust number below 0.3) the corrected flow is nearer to Adam than the leading one.",
			Quantity: "share of such settings in which it is nearer", How: how, Expected: papers.AtLeast(0.9),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				cells, table, err := mapped(ctx, lab)
				if err != nil {
					return nil, err
				}
				near, n := 0, 0
				for _, c := range cells {
					if c.trust < 0.3 {
						n++
						if c.distance["flow-2"] < c.distance["flow-1"] {
							near++
						}
					}
				}
				f := papers.Exactly(math.NaN())
				if n > 0 {
					f = papers.Exactly(float64(near) / float64(n))
				}
				f.Table, f.Figures = table, []papers.Figure{mapFigure(cells)}
				f.Notes = []string{fmt.Sprintf("%d of %d settings have a trust number below 0.3; the settings are not a random sample, so the share has no interval.", n, len(cells))}
				return f, nil
			},
		},
		{
			ID: "validity-moments", Place: "Section 7, limitations", Provenance: papers.Derived,
			Says:     "The flow that keeps Adam’s moments as states is nearer to Adam than the leading flow at every setting, also where the theorem’s flow is lost.",
			Quantity: "share of settings in which it is nearer", How: how, Expected: papers.AtLeast(0.95),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				cells, table, err := mapped(ctx, lab)
				if err != nil {
					return nil, err
				}
				near := 0
				for _, c := range cells {
					if c.distance["moments-2"] < c.distance["flow-1"] {
						near++
					}
				}
				f := papers.Exactly(float64(near) / float64(len(cells)))
				f.Table = table
				return f, nil
			},
		},
	}
}

// validityCell is one setting of the map.
type validityCell struct {
	trust    float64
	distance map[string]float64
}

// mapped runs the grid.
func mapped(ctx context.Context, lab *papers.Lab) ([]validityCell, *papers.Table, error) {
	table := &papers.Table{Columns: []string{"h", "rho", "eps", "trust", "flow-1", "flow-2", "moments-2"}}
	var cells []validityCell
	for _, h := range grid.h {
		for _, rho := range grid.rho {
			for _, eps := range grid.eps {
				lab.Say("h %g, rho %g, eps %g", h, rho, eps)
				r, err := papers.RunConfig(ctx, fmt.Sprintf(validityConfig, h, rho, eps))
				if err != nil {
					return nil, nil, err
				}
				c := validityCell{trust: float64(r.Summary.Trust.P99), distance: map[string]float64{}}
				row := []any{h, rho, eps, c.trust}
				for _, name := range []string{"flow-1", "flow-2", "moments-2"} {
					d := float64(r.Summary.Distance[name])
					if r.Summary.Processes[name].Status != trace.StatusDone || math.IsNaN(d) {
						d = math.Inf(1)
					}
					c.distance[name] = d
					row = append(row, d)
				}
				table.Add(row...)
				cells = append(cells, c)
			}
		}
	}
	return cells, table, nil
}

// mapFigure draws the distances of the settings, in units of the leading flow's,
// against their trust numbers.
func mapFigure(cells []validityCell) papers.Figure {
	cells = slices.Clone(cells)
	slices.SortFunc(cells, func(a, b validityCell) int { return cmp.Compare(a.trust, b.trust) })
	chart := figure.Chart{XLabel: "trust number", YLabel: "distance over the leading flow’s", LogX: true, LogY: true, Guides: []figure.Guide{{Y: 1, Label: "no nearer"}}}
	for _, name := range []string{"flow-2", "moments-2"} {
		s := figure.Series{Name: name}
		for _, c := range cells {
			s.X, s.Y = append(s.X, c.trust), append(s.Y, c.distance[name]/c.distance["flow-1"])
		}
		chart.Series = append(chart.Series, s)
	}
	return papers.Figure{Name: "map", Drawing: chart,
		Caption: "Below the line a process is nearer to Adam than the leading flow. The corrected flow is where the trust number is small; the flow with moments is everywhere."}
}
