package exactstep

import (
	"context"
	"fmt"
	"math"

	"leeway/optim"
	"leeway/papers"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2309.08339", Title: "Convergence of Adam with an Exact Constant Step Size",
		Authors: "Mazumder et al.", Venue: "arXiv, 2023",
		About: "A constant step from the loss at the start, the gradient’s Lipschitz constant and the number of steps is held against schedulers and other constants, on a small network; " +
			"the paper’s image networks are not among these claims. The schedulers begin at 0.01, as in the released code, the constant step lies between 0.02 and 0.1.",
		Claims: claims,
	}
}

func seedsOf(scale papers.Scale) int {
	if scale == papers.Full {
		return 20
	}
	return 5
}

func claims(scale papers.Scale) []papers.Claim {
	n := seedsOf(scale)
	how := func(what string) string {
		return fmt.Sprintf("MLP 32-64-64-10 (ReLU, He) on 1,000 rows of ten Gaussian clusters, Adam (0.9, 0.999, 1e-8), %s, K the largest over ten initialisations; %d seeds.", what, n)
	}
	const full, mini = "100 steps in full batch", "50 epochs of ten batches"
	steps := func(id, place, says, quantity, what string, batches int, from papers.Provenance, expected papers.Region, value func([]*contest) *papers.Finding) papers.Claim {
		return papers.Claim{ID: id, Place: place, Says: says, Quantity: quantity, How: how(what), Provenance: from, Expected: expected,
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				all, err := contests(ctx, lab, batches, n)
				if err != nil {
					return nil, err
				}
				return beside(value(all), all), nil
			}}
	}
	ratio := func(of func(*contest) map[string]*run) func([]*contest) *papers.Finding {
		return func(all []*contest) *papers.Finding {
			var values []float64
			for _, c := range all {
				values = append(values, least(of(c))/c.ours.last())
			}
			return papers.Range(values)
		}
	}
	schedule := func(c *contest) map[string]*run { return c.schedulers }
	constant := func(c *contest) map[string]*run { return c.constants }
	return []papers.Claim{
		{
			ID: "step", Place: "Table I, released code", Provenance: papers.Code, Says: "The step that the authors print for ResNet-18 on ImageNet follows from their constants.",
			Quantity: "sqrt(2 ln 1000 / (40.11 * 100 * 10010))", How: "Arithmetic; 100 epochs of 10,010 batches.", Expected: papers.Between(5.865e-4, 5.867e-4),
			Measure: func(context.Context, *papers.Lab) (*papers.Finding, error) {
				v, err := optim.ExactStep(math.Log(1000), 40.11, 100*10010)
				return papers.Exactly(v), err
			},
		},
		{
			ID: "lipschitz", Place: "released code", Provenance: papers.Measured, Says: "The estimate finds the largest eigenvalue of the Hessian.",
			Quantity: "relative distance from the largest eigenvalue", How: "The toy network’s Hessian at its start: Lanczos to a residual of 1e-8, itself held against dense Hessians in the tests, against power iteration to a residual of 0.01.", Expected: papers.AtMost(0.01), Measure: eigenvalue,
		},
		{
			ID: "bound", Place: "main theorem", Provenance: papers.Derived, Says: "On a smooth loss the least squared gradient stays below (delta/c) sqrt(2 K (L_0 - L*)/T).",
			Quantity: "largest share of that bound, T from 10 to 10,000", How: "A quadratic in 20 dimensions with curvatures from 0.01 to 1, RMSProp with beta2 0.9, delta = sqrt(20/(1 - beta2)), the step of the theorem, c the least of <g, step>/|g|^2 along the run.", Expected: papers.AtMost(1), Measure: bound,
		},
		steps("schedulers", "Figures, abstract", "The constant step brings the gradient’s norm far below every scheduler’s.", "least final norm of seven schedulers over that of the constant step; the range over seeds", full, 1,
			papers.Stated, papers.AtLeast(5), ratio(schedule)),
		steps("constants", "Figures", "No constant step of the grid 0.1, 0.01, ..., 0.00001 does better.", "least final norm of five constants over that of the exact step; the range over seeds", full, 1,
			papers.Stated, papers.AtLeast(1), ratio(constant)),
		steps("factor-two", "Table I", "Half of the step and twice the step do no better.", "lesser final norm of the two over that of the exact step; the range over seeds", full, 1,
			papers.Implied, papers.AtLeast(1), ratio(func(c *contest) map[string]*run { return c.near })),
		steps("accuracy", "Figures", "The constant step’s test accuracy is above the best scheduler’s.", "test accuracy less that of the best scheduler", full, 1,
			papers.Implied, papers.Positive("above 0"), func(all []*contest) *papers.Finding {
				var ours, best []float64
				for _, c := range all {
					most := 0.0
					for _, r := range c.schedulers {
						most = math.Max(most, r.accuracy)
					}
					ours, best = append(ours, c.ours.accuracy), append(best, most)
				}
				return papers.Difference(ours, best)
			}),
		steps("mini-batch", "Figures, abstract", "In mini-batches, too, the constant step’s gradient norm falls below every scheduler’s.", "least final norm of seven schedulers over that of the constant step; the range over seeds", mini, 10,
			papers.Stated, papers.AtLeast(1), ratio(schedule)),
	}
}
