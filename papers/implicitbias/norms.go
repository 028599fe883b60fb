package implicitbias

import (
	"context"
	"fmt"
	"strconv"

	"leeway/compare"
	"leeway/papers"
)

const (
	normColumn     = "discrete/perturbed_one_norm"
	accuracyColumn = "discrete/accuracy"
)

// norms are the claims of the sweeps: what rho and beta do to the gradient's norm
// and to the test accuracy.
func norms(scale papers.Scale) []papers.Claim {
	var claims []papers.Claim
	for i, s := range subjects(scale) {
		claims = append(claims,
			s.claim("norm-rho-", "Figure 4", "A larger rho raises the perturbed one-norm", "rho-", "beta2", s.rho, normColumn, s.norm, papers.Positive("above 0")),
			s.claim("accuracy-rho-", "Figure 4", "A larger rho lowers the test accuracy", "rho-", "beta2", s.rho, accuracyColumn, s.accuracy, papers.Negative("below 0")),
			s.claim("norm-beta-", "Figure 5", "A larger beta lowers the perturbed one-norm", "beta-", "beta1", s.beta, normColumn, s.norm, papers.Negative("below 0")),
			s.claim("accuracy-beta-", "Figure 5", "A larger beta raises the test accuracy", "beta-", "beta1", s.beta, accuracyColumn, s.accuracy, papers.Positive("above 0")))
		if i == 0 {
			ends := axis{[]float64{s.rho.values[0], s.rho.values[len(s.rho.values)-1]}, s.rho.other, s.rho.lr}
			outside := s.claim("eps-outside-", "appendix", "With eps outside the root, too, a larger rho raises the perturbed one-norm", "outside-", "beta2", ends, normColumn, s.norm, papers.Positive("above 0"))
			claims = append(claims, s.monotone(), outside, s.hills())
		}
	}
	return claims
}

// claim compares the ends of an axis, seed by seed.
func (s subject) claim(prefix, place, says, sweep, parameter string, a axis, column string, at compare.At, expected papers.Region) papers.Claim {
	low, high := a.values[0], a.values[len(a.values)-1]
	quantity := fmt.Sprintf("%s %s, %s = %g less %s = %g", compare.Label(column), at.Words(), parameter, high, parameter, low)
	other := map[string]string{"beta1": "beta2", "beta2": "beta1"}[parameter]
	return papers.Claim{
		ID: prefix + s.id, Place: place, Provenance: papers.Stated, Says: says + ": " + s.name + ".",
		Quantity: quantity, Expected: expected, Sweeps: []string{sweep + s.id},
		How: fmt.Sprintf("Full-batch Adam, h %g, %s %g, eps 1e-8, at most %d steps, %d seeds; the mean of the differences of runs with the same seed, with Student’s 95 %% interval.", a.lr, other, a.other, s.steps, s.seeds),
		Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			c, err := lab.Sweep(ctx, sweep+s.id)
			if err != nil {
				return nil, err
			}
			path := "optimizer." + parameter
			before, after, err := papers.Paired(c, path, low, high, column, at)
			if err != nil {
				return nil, err
			}
			f := papers.Difference(after, before)
			f.Table, f.Figures = averages(c, path, column, at)
			if missing := len(c.Cells)/len(c.Axes[0].Values) - f.N; missing > 0 {
				f.Notes = append(f.Notes, fmt.Sprintf("%d pairs of runs did not get there and are not in the mean.", missing))
			}
			return f, nil
		},
	}
}

// averages are the table and the figures of a quantity along an axis: means with
// intervals, and the curves of single runs.
func averages(c *compare.Sweep, path, column string, at compare.At) (*papers.Table, []papers.Figure) {
	view := compare.View{Quantity: column, At: at, X: path, Band: compare.Confidence}
	t := &papers.Table{Columns: []string{view.X[len("optimizer."):], "mean", "low", "high", "n", "runs"}}
	for _, g := range c.Groups(column, at, path, "", compare.Confidence) {
		t.Add(g.X, g.Mean, g.Low, g.High, g.N, g.Cells)
	}
	chart, caption := c.Figure(view)
	return t, []papers.Figure{{Name: "means", Caption: caption, Drawing: chart}, curves(c, path, column)}
}

// monotone is the rise over every step of rho, not only between its ends.
func (s subject) monotone() papers.Claim {
	return papers.Claim{
		ID: "norm-rho-order-" + s.id, Place: "Figure 4", Provenance: papers.Stated, Sweeps: []string{"rho-" + s.id},
		Says:     "The perturbed one-norm rises with rho over the whole grid: " + s.name + ".",
		Quantity: "Spearman’s correlation of rho and the perturbed one-norm " + s.norm.Words(),
		Expected: papers.Positive("above 0"),
		How:      fmt.Sprintf("Rho in %s, %d seeds each; the interval is Bonett and Wright’s, 95 %%.", list(s.rho.values), s.seeds),
		Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			c, err := lab.Sweep(ctx, "rho-"+s.id)
			if err != nil {
				return nil, err
			}
			var x, y []float64
			for i := range c.Cells {
				v, ok := s.norm.Value(&c.Cells[i], normColumn)
				rho, err := strconv.ParseFloat(c.Cells[i].Values["optimizer.beta2"], 64)
				if ok && err == nil {
					x, y = append(x, rho), append(y, v)
				}
			}
			r := compare.Spearman(x, y)
			f := papers.Estimated(r.R, r.Low, r.High, r.N)
			f.Table, f.Figures = averages(c, "optimizer.beta2", normColumn, s.norm)
			return f, nil
		},
	}
}
