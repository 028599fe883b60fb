package exactstep

import (
	"context"
	"math"

	"leeway/optim"
	"leeway/papers"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2309.08339", Title: "Convergence of Adam with an Exact Constant Step Size",
		Authors: "Mazumder et al.", Venue: "arXiv, 2023",
		About: "A constant step from the loss at the start, the gradient’s Lipschitz constant and the number of steps is held against schedulers and other constants, at quick scale on a small network, " +
			"at full scale on images too. The schedulers begin at 0.01, as in the released code, the constant step lies between 0.02 and 0.1.",
		Claims: claims, Plans: plans,
	}
}

// claims are arithmetic, theory, and what training shows.
func claims(scale papers.Scale) []papers.Claim {
	all := theory()
	for i, s := range subjects(scale) {
		suffix := "-" + s.id
		if i < 2 {
			suffix = "" // the reference setting
		}
		all = append(all, s.claims(suffix)...)
	}
	return all
}

// theory are the claims that need no training.
func theory() []papers.Claim {
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
			Quantity: "relative distance from the largest eigenvalue", How: "The reference network’s Hessian at its start: Lanczos to a residual of 1e-8, itself held against dense Hessians in the tests, against power iteration to a residual of 0.01.", Expected: papers.AtMost(0.01), Measure: eigenvalue,
		},
		{
			ID: "bound", Place: "main theorem", Provenance: papers.Derived, Says: "On a smooth loss the least squared gradient stays below (delta/c) sqrt(2 K (L_0 - L*)/T).",
			Quantity: "largest share of that bound, T from 10 to 10,000", How: "A quadratic in 20 dimensions with curvatures from 0.01 to 1, RMSProp with beta2 0.9, delta = sqrt(20/(1 - beta2)), the step of the theorem, c the least of <g, step>/|g|^2 along the run.", Expected: papers.AtMost(1), Measure: bound,
		},
	}
}

// claims about a subject; a suffix tells those of several apart.
func (s subject) claims(suffix string) []papers.Claim {
	claim := func(id, place, says, quantity string, from papers.Provenance, expected papers.Region, value func([]*contest) *papers.Finding) papers.Claim {
		return papers.Claim{ID: id + suffix, Place: place, Says: says, Quantity: quantity, How: s.words(), Provenance: from, Expected: expected, Sweeps: s.sweeps(),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				all, err := s.contests(ctx, lab)
				if err != nil {
					return nil, err
				}
				return s.beside(value(all), all), nil
			}}
	}
	const least = "least final gradient norm of seven schedulers over that of the constant step; the range over seeds"
	if !s.constants {
		return []papers.Claim{claim("mini-batch", "Figures, abstract", "In mini-batches, too, the constant step’s gradient norm falls below every scheduler’s.", least, papers.Stated, papers.AtLeast(1), ratio(scheduler))}
	}
	times := 5.0 // what the reference setting has to reach
	if suffix != "" {
		times = 1
	}
	return []papers.Claim{
		claim("schedulers", "Figures, abstract", "The constant step brings the gradient’s norm far below every scheduler’s.", least, papers.Stated, papers.AtLeast(times), ratio(scheduler)),
		claim("constants", "Figures", "No constant step of the grid 0.1, 0.01, ..., 0.00001 does better.", "least final gradient norm of five constants over that of the exact step; the range over seeds", papers.Stated, papers.AtLeast(1), ratio(constant)),
		claim("factor-two", "rivals of the released code", "Half of the step and twice the step bring the gradient’s norm no further down.", "lesser final gradient norm of the two over that of the exact step; the range over seeds", papers.Measured, papers.AtLeast(1), ratio(near)),
		claim("accuracy", "Table I", "The constant step’s test accuracy is above that of the best scheduler.", "test accuracy less that of the scheduler whose mean over seeds is highest", papers.Stated, papers.Positive("above 0"), accuracy),
	}
}
