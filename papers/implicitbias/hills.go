package implicitbias

import (
	"context"
	"fmt"
	"math"

	"leeway/compare"
	"leeway/figure"
	"leeway/papers"
	"leeway/rundir"
)

// hills is the shape of the norm along training: a fall, a hill, a fall.
func (s subject) hills() papers.Claim {
	rho := s.rho.values[len(s.rho.values)-1]
	return papers.Claim{
		ID: "hill-" + s.id, Place: "Figure 3", Provenance: papers.Recalled, Sweeps: []string{"rho-" + s.id},
		Says:     "Along training the perturbed one-norm falls, rises to a hill and falls again: " + s.name + ".",
		Quantity: fmt.Sprintf("share of runs with a hill, rho = %g", rho),
		Expected: papers.AtLeast(0.5),
		How:      "A run has a hill if at some step the norm is at least a tenth above its least value before, and a tenth above its last; Wilson’s 95 % interval.",
		Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			c, err := lab.Sweep(ctx, "rho-"+s.id)
			if err != nil {
				return nil, err
			}
			with, n := 0, 0
			for i := range c.Cells {
				cell := &c.Cells[i]
				if cell.Table == nil || cell.Values["optimizer.beta2"] != fmt.Sprint(rho) {
					continue
				}
				n++
				if hill(present(cell.Table.Column(normColumn))) {
					with++
				}
			}
			if n == 0 {
				return nil, papers.NoRuns(c)
			}
			f := papers.Share(with, n)
			f.Figures = []papers.Figure{curves(c, "optimizer.beta2", normColumn)}
			return f, nil
		},
	}
}

// hill reports whether some value is a tenth above the least before it, and a tenth
// above the last.
func hill(values []float64) bool {
	least := math.Inf(1)
	for _, v := range values {
		if v >= 1.1*least && v >= 1.1*values[len(values)-1] {
			return true
		}
		least = math.Min(least, v)
	}
	return false
}

// present are the values that were measured.
func present(values []float64) []float64 {
	var some []float64
	for _, v := range values {
		if !rundir.IsMissing(v) && !math.IsNaN(v) {
			some = append(some, v)
		}
	}
	return some
}

// curves draws a quantity along training, a line for each value of an axis: the run
// of the first seed.
func curves(c *compare.Sweep, path, column string) papers.Figure {
	chart := figure.Chart{XLabel: "step", YLabel: compare.Label(column), LogY: column == normColumn}
	axis := compare.NewAxis(path, c.Cells)
	for _, value := range axis.Values {
		for i := range c.Cells {
			cell := &c.Cells[i]
			if cell.Values[path] != value || cell.Table == nil || cell.Table.Column(column) == nil {
				continue
			}
			s := figure.Series{Name: axis.Short() + " " + value}
			steps := cell.Table.Column("step")
			for k, v := range cell.Table.Column(column) {
				if !rundir.IsMissing(v) {
					s.X, s.Y = append(s.X, steps[k]), append(s.Y, v)
				}
			}
			chart.Series = append(chart.Series, s)
			break
		}
	}
	return papers.Figure{Name: "curves", Drawing: chart, Caption: fmt.Sprintf("Along training, a run for each %s, the first seed’s.", axis.Short())}
}
