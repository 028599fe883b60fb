package box

import (
	"context"
	"fmt"
	"math"

	"leeway/autodiff"
	"leeway/data"
	"leeway/figure"
	"leeway/nn"
	"leeway/optim"
	"leeway/papers"
	"leeway/steepest"
)

// languageSettings of a scale.
type languageSettings struct {
	transformer                       nn.Transformer
	sequences, length, vocabulary, at int // at is the number of steps
}

func languageOf(scale papers.Scale) languageSettings {
	if scale == papers.Full {
		return languageSettings{nn.Transformer{Dim: 128, Depth: 2, Heads: 4}, 1000, 64, 64, 12_800}
	}
	return languageSettings{nn.Transformer{Dim: 16, Depth: 2, Heads: 4, MLPDim: 32}, 32, 12, 16, 6000}
}

// language are the claims of Section 5.1 on a small causal transformer.
func language(scale papers.Scale) []papers.Claim {
	l := languageOf(scale)
	how := fmt.Sprintf("A causal transformer of %d blocks of width %d on %d sequences of %d tokens of a random language in which a token depends on the one before it, which stands in for Penn Treebank; full batch, no dropout, constant rate 0.001, %d steps, no eps, no bias correction, lambda 1 and 2. Largest over the last tenth of the steps; no interval, each setting is one run.",
		l.transformer.Depth, l.transformer.Dim, l.sequences, l.length, l.at)
	claim := func(id, says, quantity string, from papers.Provenance, expected papers.Region, rule func(lambda float64) optim.Definition) papers.Claim {
		return papers.Claim{ID: id, Place: "Section 5.1", Says: says, Provenance: from, Quantity: quantity, How: how, Expected: expected,
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) { return l.measure(ctx, lab, rule) }}
	}
	const size = "lambda |theta|_inf over the last tenth of the steps; the range over lambda"
	return []papers.Claim{
		claim("language", "On a language model, which is not convex, AdamW’s iterates stay in the box.", size, papers.Stated, papers.AtMost(1+1e-2),
			func(lambda float64) optim.Definition { return AdamW(0.9, 0.99, lambda) }),
		claim("language-equal", "So they do with beta1 = beta2.", size, papers.Stated, papers.AtMost(1+1e-2),
			func(lambda float64) optim.Definition { return AdamW(0.95, 0.95, lambda) }),
		claim("language-crossed", "With beta1 > beta2 they leave it.", size, papers.Implied, papers.AtLeast(1+1e-2),
			func(lambda float64) optim.Definition { return AdamW(0.99, 0.9, lambda) }),
	}
}

// measure trains with each lambda.
func (l languageSettings) measure(ctx context.Context, lab *papers.Lab, rule func(lambda float64) optim.Definition) (*papers.Finding, error) {
	text, err := data.Markov(l.sequences, l.length, l.vocabulary, 0)
	if err != nil {
		return nil, err
	}
	net, err := nn.New(nn.Data{Tokens: text.X, Y: text.Y, Shape: []int{text.Length}, Classes: text.Vocab}, nn.Settings{Architecture: l.transformer, DType: autodiff.Float64, Threads: lab.Threads})
	if err != nil {
		return nil, err
	}
	var values []float64
	table := &papers.Table{Columns: []string{"lambda", "lambda |theta|_inf at the end", "largest, last tenth", "KKT ratio", "loss"}}
	chart := figure.Chart{XLabel: "step", YLabel: "lambda |theta|_inf", Guides: []figure.Guide{{Y: 1, Label: "the box"}}}
	for _, lambda := range []float64{1, 2} {
		opt, err := optim.New(rule(lambda), 1e-3, optim.Schedule{})
		if err != nil {
			return nil, err
		}
		theta := append([]float64(nil), net.Start()...)
		g, state := make([]float64, len(theta)), optim.NewState(opt, len(theta))
		line, late, loss := figure.Series{Name: fmt.Sprintf("lambda %g", lambda), Style: figure.Numbered(int(lambda) - 1)}, 0.0, 0.0
		for n := range l.at {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if loss, err = net.Gradient(g, theta, 0); err != nil {
				return nil, err
			}
			state.Step(theta, g)
			size := lambda * steepest.Inf.Of(theta)
			if n >= l.at-l.at/10 {
				late = math.Max(late, size)
			}
			if n%20 == 0 {
				line.X, line.Y = append(line.X, float64(n)), append(line.Y, size)
			}
			if n%500 == 0 {
				lab.Say("lambda %g, step %d of %d", lambda, n, l.at)
			}
		}
		if _, err := net.Gradient(g, theta, 0); err != nil {
			return nil, err
		}
		kkt := steepest.KKTOf(theta, g, steepest.Inf, lambda)
		table.Add(lambda, kkt.Size, late, kkt.Ratio, loss)
		chart.Series = append(chart.Series, line)
		values = append(values, late)
	}
	f := papers.Range(values)
	f.Table = table
	f.Figures = []papers.Figure{{Name: "norm", Caption: "Largest parameter times lambda along the run; AdamW’s box is below the line.", Drawing: chart}}
	return f, nil
}
