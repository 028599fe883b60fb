package box

import (
	"context"
	"fmt"
	"math"

	"leeway/figure"
	"leeway/optim"
	"leeway/papers"
	"leeway/steepest"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2404.04454", Title: "Implicit Bias of AdamW: l-infinity-Norm Constrained Optimization",
		Authors: "Shuo Xie, Zhiyuan Li", Venue: "ICML 2024",
		About: "Where AdamW with weight decay lambda converges in full batch, it is at a KKT point of the loss in the box |x|_inf <= 1/lambda, if beta1 <= beta2. " +
			"Here on convex quadratics whose least point lies outside of the box, and whose solution in it is known. The language model is a small one on a random language in place of Penn Treebank.",
		Claims: claims,
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
	const problem = "x in R^20, A = M^T M + I/10, M_ij ~ N(0, 1/20), centre 2 N(0, I), lambda 1, x(0) = 0, 100,000 steps; solution by projected gradients. Range over the draws. "
	claim := func(id, place, says string, from papers.Provenance, quantity, how string, expected papers.Region, rule optim.Definition, lr float64, schedule optim.Schedule, value func(*Outcome) float64) papers.Claim {
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
				f := papers.Range(values)
				f.Table = table
				return f, nil
			},
		}
	}
	good, crossed, ridge := AdamW(0.9, 0.95, 1), AdamW(0.99, 0.9, 1), Penalised(0.9, 0.95, 1)
	const root, constant = "beta 0.9 and 0.95, eta 0.1 t^-1/2.", "beta 0.99 and 0.9, eta 0.001."
	return []papers.Claim{
		claim("box", "Theorem 1.1", "AdamW ends in the box.", papers.Stated, "lambda |x|_inf at the end", root, papers.AtMost(1+1e-4), good, 0.1, Root, func(o *Outcome) float64 { return o.KKT.Size }),
		claim("kkt", "Theorem 1.1, Lemma 3.8", "AdamW ends at a KKT point of the box.", papers.Stated, "<-lambda x, g> / |g|_1 at the end, 1 at a KKT point", root, papers.AtLeast(0.9999), good, 0.1, Root, func(o *Outcome) float64 { return o.KKT.Ratio }),
		claim("solution", "Theorem 1.1", "On a convex loss AdamW ends at the solution in the box.", papers.Stated, "loss less the least in the box", root, papers.Between(-1e-5, 1e-5), good, 0.1, Root, func(o *Outcome) float64 { return o.Excess }),
		claim("crossed", "condition beta1 <= beta2", "With beta1 > beta2 AdamW leaves the box.", papers.Measured, "largest lambda |x|_inf over the last tenth of the steps", constant, papers.AtLeast(1.1), crossed, 1e-3, optim.Schedule{}, func(o *Outcome) float64 { return o.Late }),
		claim("crossed-outside", "condition beta1 <= beta2", "With beta1 > beta2 AdamW does not stay in the box at all.", papers.Implied, "largest lambda |x|_inf over the last tenth of the steps", constant, papers.AtLeast(1+1e-3), crossed, 1e-3, optim.Schedule{}, func(o *Outcome) float64 { return o.Late }),
		claim("penalty", "Algorithm 1", "Adam with an l2 penalty is bound by no box.", papers.Stated, "lambda |x|_inf at the end", "Adam on the loss with lambda |x|^2/2, beta 0.9 and 0.95, eta 0.1 t^-1/2.", papers.AtLeast(1.1), ridge, 0.1, Root, func(o *Outcome) float64 { return o.KKT.Size }),
		claim("ridge", "Algorithm 1", "Adam with an l2 penalty rests where the penalised loss does.", papers.Implied, "largest component of grad L + lambda x at the end", "Adam on the loss with lambda |x|^2/2, beta 0.9 and 0.95, eta 0.1 t^-1/2.", papers.AtMost(1e-3), ridge, 0.1, Root, func(o *Outcome) float64 { return o.Ridge }),
	}
}

// draws is the number of quadratics.
func draws(scale papers.Scale) int {
	if scale == papers.Full {
		return 20
	}
	return 5
}

// descents are the claims about normalised steepest descent with weight decay.
func descents() []papers.Claim {
	const geometry = "sum_i (x_i - 1)^2/i^2 in 100 dimensions, x(0) = 0, gamma_t = 2/(t+1)."
	return []papers.Claim{
		{
			ID: "frank-wolfe", Place: "Section 3.1", Provenance: papers.Derived, Says: "Normalised steepest descent with weight decay is the method of Frank and Wolfe in the ball of radius 1/lambda.",
			Quantity: "largest distance of the two trajectories", How: "The quadratic of the other claims, p = 1, 2, 3 and infinity, lambda 1, gamma_t = 2/(t+1), 1,000 steps.", Expected: papers.AtMost(1e-12), Measure: identity,
		},
		{
			ID: "frank-wolfe-rate", Place: "Theorem 3.5", Provenance: papers.Derived, Says: "On a convex loss that is H-smooth in the norm it is within 8H/(lambda^2 (t+2)) of the least value at every step.",
			Quantity: "largest share of that bound over 1,000 steps", How: geometry + " H is 3.27 for the l-infinity norm (lambda 1 and 0.5) and 2 for the Euclidean one (lambda 0.1 and 0.05).", Expected: papers.AtMost(1), Measure: rate,
		},
		{
			ID: "geometry", Place: "Section 5.2", Provenance: papers.Stated, Says: "On a loss that is smoother in the l-infinity geometry, descent in that norm beats Euclidean descent.",
			Quantity: "loss in the Euclidean norm over that in the l-infinity norm after 1,000 steps, the least over lambda", How: geometry + " lambda 1 and 0.5 (l-infinity), 0.1 and 0.05 (Euclidean). The paper’s function is recalled, not known.", Expected: papers.AtLeast(100), Measure: contest,
		},
	}
}

// cases of the geometry; H is the smoothness in the norm.
var cases = []struct {
	p         steepest.Norm
	lambda, h float64
}{{steepest.Inf, 1, 3.27}, {steepest.Inf, 0.5, 3.27}, {2, 0.1, 2}, {2, 0.05, 2}}

func identity(context.Context, *papers.Lab) (*papers.Finding, error) {
	q, err := NewQuadratic(20, 1, 0)
	if err != nil {
		return nil, err
	}
	largest := 0.0
	table := &papers.Table{Columns: []string{"p", "largest distance"}}
	for _, p := range []steepest.Norm{1, 2, 3, steepest.Inf} {
		d := len(q.Centre)
		x, y, g := make([]float64, d), make([]float64, d), make([]float64, d)
		descent, worst := steepest.Descent{P: p, WeightDecay: 1}, 0.0
		for t := 1; t <= 1000; t++ {
			gamma := 2 / float64(t+1)
			if _, err := q.Objective.Gradient(g, x, 0); err != nil {
				return nil, err
			}
			descent.Step(x, g, gamma)
			if _, err := q.Objective.Gradient(g, y, 0); err != nil {
				return nil, err
			}
			steepest.FrankWolfe(y, g, p, 1, gamma)
			for j := range x {
				worst = math.Max(worst, math.Abs(x[j]-y[j]))
			}
		}
		table.Add(float64(p), worst)
		largest = math.Max(largest, worst)
	}
	f := papers.Exactly(largest)
	f.Table = table
	return f, nil
}

// losses are the losses of the geometry after steps 1 to 1,000.
func losses() ([][]float64, error) {
	all := make([]int, 1000)
	for i := range all {
		all[i] = i + 1
	}
	var values [][]float64
	for _, c := range cases {
		v, err := Geometry(c.p, c.lambda, 100, all)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

func rate(context.Context, *papers.Lab) (*papers.Finding, error) {
	values, err := losses()
	if err != nil {
		return nil, err
	}
	largest := 0.0
	table := &papers.Table{Columns: []string{"p", "lambda", "largest share of the bound"}}
	for k, c := range cases {
		worst := 0.0
		for i, v := range values[k] {
			worst = math.Max(worst, v*c.lambda*c.lambda*float64(i+3)/(8*c.h))
		}
		table.Add(float64(c.p), c.lambda, worst)
		largest = math.Max(largest, worst)
	}
	f := papers.Exactly(largest)
	f.Table = table
	return f, nil
}

func contest(context.Context, *papers.Lab) (*papers.Finding, error) {
	values, err := losses()
	if err != nil {
		return nil, err
	}
	table := &papers.Table{Columns: []string{"p", "lambda", "loss after 100 steps", "after 1,000"}}
	chart := figure.Chart{XLabel: "step", YLabel: "loss", LogX: true, LogY: true}
	worst, best := 0.0, math.Inf(1)
	for k, c := range cases {
		end := values[k][999]
		if c.p == 2 {
			best = math.Min(best, end)
		} else {
			worst = math.Max(worst, end)
		}
		table.Add(float64(c.p), c.lambda, values[k][99], end)
		s := figure.Series{Name: fmt.Sprintf("p %v, lambda %g", float64(c.p), c.lambda), Style: figure.Numbered(k), Y: values[k]}
		for i := range values[k] {
			s.X = append(s.X, float64(i+1))
		}
		chart.Series = append(chart.Series, s)
	}
	f := papers.Exactly(best / worst)
	f.Table = table
	f.Figures = []papers.Figure{{Name: "geometry", Caption: "Loss along normalised steepest descent with weight decay in two norms.", Drawing: chart}}
	return f, nil
}

// updates are the claims of the lemma on the size of steps.
func updates() []papers.Claim {
	sequences := map[string]func(int) float64{"spikes": Spikes, "teeth": Teeth}
	claim := func(id, says, quantity string, from papers.Provenance, expected papers.Region, names []string, betas [][2]float64, value func(*Update) float64, worse func(a, b float64) float64) papers.Claim {
		return papers.Claim{
			ID: id, Place: "Lemma on the size of updates", Says: says, Provenance: from, Quantity: quantity, Expected: expected,
			How: "Gradients 1 at every twentieth step and 0.001 between (spikes), or growing by half and falling back every 40 steps (teeth); 200,000 steps without eps and bias correction.",
			Measure: func(context.Context, *papers.Lab) (*papers.Finding, error) {
				result := math.NaN()
				table := &papers.Table{Columns: []string{"gradients", "beta1", "beta2", "mean size", "size of the mean", "peak", "slack of the bound"}}
				for _, name := range names {
					for _, b := range betas {
						u, err := UpdateSize(b[0], b[1], sequences[name], 200_000)
						if err != nil {
							return nil, err
						}
						table.Add(name, b[0], b[1], u.Mean, u.Signed, u.Peak, u.Slack)
						if v := value(u); math.IsNaN(result) {
							result = v
						} else {
							result = worse(result, v)
						}
					}
				}
				f := papers.Exactly(result)
				f.Table = table
				return f, nil
			},
		}
	}
	ordered, both := [][2]float64{{0.9, 0.999}, {0.9, 0.95}, {0.9, 0.9}}, []string{"spikes", "teeth"}
	mean := func(u *Update) float64 { return u.Mean }
	return []papers.Claim{
		claim("update-size", "With beta1 <= beta2 Adam’s steps are on average no larger than the rate, whatever the gradients.", "largest mean of |step| over the rate", papers.Stated, papers.AtMost(1.01), both, ordered, mean, math.Max),
		claim("update-lemma", "Each squared step is within the lemma’s bound.", "least slack of the bound, over all steps", papers.Stated, papers.AtLeast(-1e-9), both, ordered, func(u *Update) float64 { return u.Slack }, math.Min),
		claim("update-crossed", "With beta1 > beta2 steps can be larger than the rate on average.", "mean of |step| over the rate, beta 0.9 and 0.5, spikes", papers.Measured, papers.AtLeast(3), []string{"spikes"}, [][2]float64{{0.9, 0.5}}, mean, math.Max),
	}
}
