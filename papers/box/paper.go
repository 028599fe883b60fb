package box

import (
	"context"
	"fmt"
	"slices"

	"leeway/optim"
	"leeway/papers"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2404.04454", Title: "Implicit Bias of AdamW: l-infinity-Norm Constrained Optimization",
		Authors: "Shuo Xie, Zhiyuan Li", Venue: "ICML 2024",
		About: "Where AdamW with weight decay lambda converges in full batch, it is at a KKT point of the loss in the box |x|_inf <= 1/lambda, if beta1 <= beta2. " +
			"Here on convex quadratics whose least point lies outside of the box, and whose solution in it is known. The language model is a small one on a random language in place of Penn Treebank.",
		Claims: claims, Plans: plans,
	}
}

// steps of the runs in the box.
const steps = 100_000

func claims(scale papers.Scale) []papers.Claim {
	all := boxed()
	all = append(all, descents()...)
	all = append(all, updates()...)
	return append(all, language(scale)...)
}

// boxed are the claims about where AdamW ends.
func boxed() []papers.Claim {
	const problem = "x in R^20, A = M^T M + I/10, M_ij ~ N(0, 1/20), centre 2 N(0, I), lambda 1, x(0) = 0, 100,000 steps; solution by projected gradients. "
	claim := func(id, place, says string, from papers.Provenance, quantity, how string, expected papers.Region, rule optim.Definition, lr float64, schedule optim.Schedule, value func(*Outcome) float64, over func([]float64) *papers.Finding) papers.Claim {
		return papers.Claim{
			ID: id, Place: place, Says: says, Provenance: from, Quantity: quantity, How: problem + how, Expected: expected,
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				opt, err := optim.New(rule, lr, schedule)
				if err != nil {
					return nil, err
				}
				var values []float64
				table := &papers.Table{Columns: []string{"draw", "active constraints", "lambda |x|_inf", "largest, last tenth", "KKT ratio", "excess value"}}
				for seed := range uint64(draws(lab.Scale)) {
					q, err := NewQuadratic(20, 1, seed)
					if err != nil {
						return nil, err
					}
					o, err := Follow(ctx, q, opt, steps)
					if err != nil {
						return nil, err
					}
					values = append(values, value(o))
					table.Add(seed, q.Active, o.KKT.Size, o.Late, o.KKT.Ratio, o.Excess)
				}
				f := over(values)
				f.Table = table
				return f, nil
			},
		}
	}
	good, crossed, ridge := AdamW(0.9, 0.95, 1), AdamW(0.99, 0.9, 1), Penalised(0.9, 0.95, 1)
	const root = "beta 0.9 and 0.95, eta 0.1 t^-1/2."
	return []papers.Claim{
		claim("box", "Theorem 1.1", "AdamW ends in the box.", papers.Stated, "lambda |x|_inf at the end", root, papers.AtMost(1+1e-4), good, 0.1, Root, func(o *Outcome) float64 { return o.KKT.Size }, papers.Range),
		claim("kkt", "Theorem 1.1, Lemma 3.8", "AdamW ends at a KKT point of the box.", papers.Stated, "<-lambda x, g> / |g|_1 at the end, 1 at a KKT point", root, papers.AtLeast(0.9999), good, 0.1, Root, func(o *Outcome) float64 { return o.KKT.Ratio }, papers.Range),
		claim("solution", "Theorem 1.1", "On a convex loss AdamW ends at the solution in the box.", papers.Stated, "loss less the least in the box", root, papers.Between(-1e-5, 1e-5), good, 0.1, Root, func(o *Outcome) float64 { return o.Excess }, papers.Range),
		claim("crossed", "condition beta1 <= beta2", "With beta1 > beta2 AdamW can leave the box.", papers.Measured, "lambda |x|_inf, the largest over the last tenth of the steps, on the draw where it is largest", "beta 0.99 and 0.9, eta 0.001.", papers.AtLeast(1.1), crossed, 1e-3, optim.Schedule{}, func(o *Outcome) float64 { return o.Late }, farthest),
		claim("penalty", "Algorithm 1", "Adam with an l2 penalty is bound by no box.", papers.Stated, "lambda |x|_inf at the end", "Adam on the loss with lambda |x|^2/2, beta 0.9 and 0.95, eta 0.1 t^-1/2.", papers.AtLeast(1.1), ridge, 0.1, Root, func(o *Outcome) float64 { return o.KKT.Size }, papers.Range),
		claim("ridge", "Algorithm 1", "Adam with an l2 penalty rests where the penalised loss does.", papers.Implied, "largest component of grad L + lambda x at the end", "Adam on the loss with lambda |x|^2/2, beta 0.9 and 0.95, eta 0.1 t^-1/2.", papers.AtMost(1e-3), ridge, 0.1, Root, func(o *Outcome) float64 { return o.Ridge }, papers.Range),
	}
}

// farthest is the largest of values, with the share that are above 1.1: that iterates can
// leave the box takes one draw on which they do.
func farthest(values []float64) *papers.Finding {
	beyond := 0
	for _, v := range values {
		if v >= 1.1 {
			beyond++
		}
	}
	f := papers.Exactly(slices.Max(values))
	f.N = len(values)
	share := papers.Share(beyond, len(values))
	f.Notes = []string{fmt.Sprintf("It leaves by a tenth on %d of %d draws (95 %% interval of the share: %.2f to %.2f), the least excursion is to %.4f. The path is chaotic there: rounding decides on single draws.", beyond, len(values), share.Low, share.High, slices.Min(values))}
	return f
}

// draws is the number of quadratics.
func draws(scale papers.Scale) int {
	if scale == papers.Full {
		return 20
	}
	return 5
}
