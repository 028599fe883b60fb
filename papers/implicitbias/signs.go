package implicitbias

import (
	"context"
	"fmt"

	"leeway/papers"
)

// network is the one on which signs and stages are measured: small, on real data.
const network = `name: signs
objective: {model: {kind: mlp, hidden: [32, 32], activation: tanh}, data: {kind: digits}}
optimizer: {kind: adam, lr: 1e-3, beta1: %g, beta2: %g, eps: %g}
processes: [discrete]
steps: %d
seed: %d
measure: {every: %d, quantities: [loss, perturbed_one_norm, two_norm, bias]}
`

// seeds is the number of independent runs of a claim about means.
const seeds = 5

// signs are the four cells of the table of signs, measured on a network.
func signs(papers.Scale) []papers.Claim {
	cells := []struct {
		id, says       string
		beta, rho, eps float64
		expected       papers.Region
	}{
		{"sign-beta-small", "With beta above rho and small eps Adam penalizes the one-norm of the gradient.", 0.97, 0.9, 1e-8, papers.Negative("below 0: the bias lowers the norm")},
		{"sign-rho-small", "With rho above beta, the typical setting, and small eps Adam anti-penalizes the one-norm of the gradient.", 0.9, 0.97, 1e-8, papers.Positive("above 0: the bias raises the norm")},
		{"sign-beta-large", "With beta above rho and large eps Adam penalizes the gradient’s norm, as gradient descent does.", 0.97, 0.9, 1, papers.Negative("below 0: the bias lowers the norm")},
		{"sign-rho-large", "With rho above beta but large eps Adam still penalizes the gradient’s norm.", 0.9, 0.97, 1, papers.Negative("below 0: the bias lowers the norm")},
	}
	var claims []papers.Claim
	for _, c := range cells {
		claims = append(claims, papers.Claim{
			ID: c.id, Place: "Table 1", Provenance: papers.Stated, Says: c.says, Expected: c.expected,
			Quantity: "relative rate, per unit of time nh, at which the bias alone changes the perturbed one-norm",
			How: fmt.Sprintf("beta %g, rho %g, eps %g, h 1e-3 on an MLP (two hidden layers of 32, tanh) on 1,000 digits, after 20 steps; mean over %d seeds with Student’s 95 %% interval.",
				c.beta, c.rho, c.eps, seeds),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				var rates []float64
				table := &papers.Table{Columns: []string{"seed", "rate", "share penalized", "share anti-penalized", "|bias|/|g|"}}
				for seed := range seeds {
					r, err := papers.RunConfig(ctx, fmt.Sprintf(network, c.beta, c.rho, c.eps, 20, seed, 20))
					if err != nil {
						return nil, err
					}
					rates = append(rates, r.Last("discrete/norm_rate"))
					table.Add(seed, r.Last("discrete/norm_rate"), r.Last("discrete/penalized_share"), r.Last("discrete/anti_penalized_share"), r.Last("discrete/bias_ratio"))
				}
				f := papers.Mean(rates)
				f.Table = table
				return f, nil
			},
		})
	}
	return claims
}

// stages is the claim that what Adam does depends on the stage of training.
func stages(papers.Scale) []papers.Claim {
	const rho, eps, steps = 0.97, 1e-8, 600
	measure := func(ctx context.Context, lab *papers.Lab) ([]*papers.Run, error) {
		var runs []*papers.Run
		for seed := range seeds {
			r, err := papers.RunConfig(ctx, fmt.Sprintf(network, 0.9, rho, eps, steps, seed, 20))
			if err != nil {
				return nil, err
			}
			runs = append(runs, r)
			lab.Say("seed %d of %d", seed+1, seeds)
		}
		return runs, nil
	}
	how := fmt.Sprintf("beta 0.9, rho %g, eps %g, h 1e-3 on the digits’ MLP: after 20 and after %d steps; mean of the difference over %d seeds with Student’s 95 %% interval.", rho, eps, steps, seeds)
	late := func(quantity string) func(context.Context, *papers.Lab) (*papers.Finding, error) {
		return func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			runs, err := measure(ctx, lab)
			if err != nil {
				return nil, err
			}
			var early, end []float64
			table := &papers.Table{Columns: []string{"seed", "after 20 steps", fmt.Sprintf("after %d steps", steps)}}
			for seed, r := range runs {
				column := r.Column("discrete/" + quantity)
				early, end = append(early, column[1]), append(end, r.Last("discrete/"+quantity))
				table.Add(seed, early[seed], end[seed])
			}
			f := papers.Difference(end, early)
			f.Table = table
			f.Figures = []papers.Figure{stageFigure(runs, quantity)}
			return f, nil
		}
	}
	return []papers.Claim{
		{
			ID: "stage-share", Place: "abstract, Section 6", Provenance: papers.Stated, How: how,
			Says:     "The bias depends on the stage of training: late, where gradients are small against sqrt(eps), more coordinates are penalized than early.",
			Quantity: "share of penalized coordinates, late less early",
			Expected: papers.Positive("above 0"), Measure: late("penalized_share"),
		},
		{
			ID: "stage-rate", Place: "abstract, Section 6", Provenance: papers.Implied, How: how,
			Says:     "Early in training, with rho above beta, the bias alone raises the gradient’s norm.",
			Quantity: "relative rate at which the bias alone changes the perturbed one-norm after 20 steps",
			Expected: papers.Positive("above 0"),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				runs, err := measure(ctx, lab)
				if err != nil {
					return nil, err
				}
				var rates []float64
				for _, r := range runs {
					rates = append(rates, r.Column("discrete/norm_rate")[1])
				}
				f := papers.Mean(rates)
				f.Figures = []papers.Figure{stageFigure(runs, "norm_rate")}
				return f, nil
			},
		},
	}
}
