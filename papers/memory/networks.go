package memory

import (
	"context"
	"fmt"
	"math"

	"leeway/compare"
	"leeway/curvature"
	"leeway/figure"
	"leeway/papers"
)

const beta2 = "optimizer.beta2"

// ends of the sweeps over beta2.
const low, high = 0.9, 0.999

// compared is a quantity of a sweep at the ends of beta2, in pairs of seeds.
func compared(ctx context.Context, lab *papers.Lab, name, column string, at compare.At) (before, after []float64, f *papers.Finding, err error) {
	s, err := lab.Sweep(ctx, name)
	if err != nil {
		return nil, nil, nil, err
	}
	before, after, err = papers.Paired(s, beta2, low, high, column, at)
	if err != nil {
		return nil, nil, nil, err
	}
	f = papers.Difference(after, before)
	f.Table = &papers.Table{Columns: []string{"beta2", "mean", "low", "high", "n", "runs"}}
	for _, g := range s.Groups(column, at, beta2, "", compare.Confidence) {
		f.Table.Add(g.X, g.Mean, g.Low, g.High, g.N, g.Cells)
	}
	chart, caption := s.Figure(compare.View{Quantity: column, At: at, X: beta2, Band: compare.Confidence})
	f.Figures = []papers.Figure{{Name: name, Caption: caption, Drawing: chart}}
	return before, after, f, nil
}

// accuracies are the claims on test accuracy at a training loss.
func accuracies(scale papers.Scale) []papers.Claim {
	at, network := compare.At{Kind: "loss", X: 0.05}, "MLP (two hidden layers of 128, GELU) on 2,000 images of Fashion-MNIST"
	n := accuracySeeds
	if scale == papers.Full {
		network, n = "ResNet-50 on CIFAR-10", 3
	}
	how := fmt.Sprintf("%s, full batch, eps 1e-6; beta2 = %g less %g, pairs of the same seed, %d seeds, Student’s 95 %% interval.", network, high, low, n)
	return []papers.Claim{
		{
			ID: "accuracy-adamw", Place: "Figure 2a", Provenance: papers.Stated, Sweeps: []string{"adamw"}, How: how,
			Says:     "AdamW’s test accuracy where the training loss is first below 0.05 falls as beta2 goes to one.",
			Quantity: "test accuracy, beta2 = 0.999 less beta2 = 0.9", Expected: papers.Negative("below 0"),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				_, _, f, err := compared(ctx, lab, "adamw", "discrete/accuracy", at)
				return f, err
			},
		},
		{
			ID: "norm-lion", Place: "Section 5", Provenance: papers.Implied, Sweeps: []string{"adamw", "lion"}, How: how,
			Says:     "Lion lacks the effect: the gradient’s norm rises less with Lion’s second beta than with AdamW’s.",
			Quantity: "relative rise of the one-norm at a training loss of 0.1, Lion’s less AdamW’s", Expected: papers.Negative("below 0"),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				var rises [2][]float64
				var parts [2]*papers.Finding
				for i, name := range []string{"lion", "adamw"} {
					before, after, f, err := compared(ctx, lab, name, "discrete/one_norm", compare.At{Kind: "loss", X: 0.1})
					if err != nil {
						return nil, err
					}
					for k := range before {
						rises[i] = append(rises[i], after[k]/before[k]-1)
					}
					parts[i] = f
				}
				f := papers.Difference(rises[0], rises[1])
				f.Table, f.Figures = parts[0].Table, append(parts[0].Figures, parts[1].Figures...)
				l, a := papers.Mean(rises[0]), papers.Mean(rises[1])
				f.Notes = []string{fmt.Sprintf("The one-norm rises by %.3g of itself with Lion, by %.3g with AdamW. The table is Lion’s.", l.Value, a.Value)}
				return f, nil
			},
		},
	}
}

// perplexity is the claim on a causal transformer.
func perplexity(papers.Scale) []papers.Claim {
	return []papers.Claim{{
		ID: "perplexity", Place: "Figure 2b", Provenance: papers.Stated, Sweeps: []string{"transformer"},
		Says:     "A causal transformer’s least validation perplexity rises with beta2.",
		Quantity: "logarithm of the least test perplexity, beta2 = 0.999 less beta2 = 0.9", Expected: papers.Positive("above 0"),
		How: "Full-batch Adam, beta1 0.9, eps 1e-6; at the quick scale two blocks of width 16 on 40 sequences of a random language in which a token depends on the one before it, h 3e-3, 400 steps; pairs of the same seed, Student’s 95 % interval.",
		Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			_, _, f, err := compared(ctx, lab, "transformer", "discrete/test_loss", compare.At{Kind: "min"})
			return f, err
		},
	}}
}

// edge is a network at the edge of stability.
const edge = `objective: {model: {kind: mlp, hidden: [32, 32], activation: tanh}, data: {kind: digits, train: 1000, test: 797}, loss: mse}
optimizer: {kind: adam, lr: 3e-3, beta1: %g, beta2: 0.999, eps: 1e-6}
processes: [discrete]
steps: 1500
measure: {every: 50, quantities: [loss, preconditioned_sharpness]}
`

// sharpness are the claims on the preconditioned sharpness and its line.
func sharpness(papers.Scale) []papers.Claim {
	const h = 3e-3
	const how = "Full-batch Adam, h 3e-3, beta2 0.999, eps 1e-6, on an MLP (two hidden layers of 32, tanh) with the squared loss on 1,000 digits, measured every 50 of 1,500 steps; one seed, so the value has no interval. The line is (2 + 2 beta1)/((1 - beta1) h)."
	share := func(beta1 float64, of func([]float64) float64) func(context.Context, *papers.Lab) (*papers.Finding, error) {
		return func(ctx context.Context, _ *papers.Lab) (*papers.Finding, error) {
			r, err := papers.RunConfig(ctx, fmt.Sprintf(edge, beta1))
			if err != nil {
				return nil, err
			}
			line := curvature.AdamLine(h, beta1)
			s := figure.Series{Name: fmt.Sprintf("beta1 %g", beta1)}
			for i, v := range r.Column("discrete/preconditioned_1") {
				if !math.IsNaN(v) {
					s.X, s.Y = append(s.X, r.Steps()[i]), append(s.Y, v/line)
				}
			}
			f := papers.Exactly(of(s.Y))
			f.Figures = []papers.Figure{{Name: "sharpness", Caption: "The preconditioned sharpness along training, in units of its line.",
				Drawing: figure.Chart{XLabel: "step", YLabel: "sharpness / line", Series: []figure.Series{s}, Guides: []figure.Guide{{Y: 1, Label: "line"}}}}}
			return f, nil
		}
	}
	return []papers.Claim{
		{
			ID: "sharpness-line", Place: "Figures 5, 6", Provenance: papers.Stated, How: how,
			Says:     "With beta1 = 0.9 the preconditioned sharpness oscillates around its line.",
			Quantity: "mean of the last third of the run, over the line", Expected: papers.Around(1, 0.1),
			Measure: share(0.9, func(v []float64) float64 {
				last := v[2*len(v)/3:]
				sum := 0.0
				for _, x := range last {
					sum += x
				}
				return sum / float64(len(last))
			}),
		},
		{
			ID: "sharpness-below", Place: "Figures 5, 6", Provenance: papers.Stated, How: how,
			Says:     "With beta1 = 0.99 the preconditioned sharpness stays below its line.",
			Quantity: "largest value of the run, over the line", Expected: papers.AtMost(0.95),
			Measure: share(0.99, func(v []float64) float64 {
				largest := 0.0
				for _, x := range v {
					largest = math.Max(largest, x)
				}
				return largest
			}),
		},
	}
}
