package box

import (
	"context"
	"fmt"

	"leeway/compare"
	"leeway/figure"
	"leeway/papers"
	"leeway/trace"
)

// languageSettings of a scale.
type languageSettings struct {
	model                         string // the config's section
	width, depth                  int
	sequences, length, vocabulary int
	steps, every, seeds           int
}

func languageOf(scale papers.Scale) languageSettings {
	if scale == papers.Full {
		return languageSettings{"{kind: transformer, dim: 128, depth: 2, heads: 4}", 128, 2, 1000, 64, 64, 12_800, 50, 3}
	}
	return languageSettings{"{kind: transformer, dim: 16, depth: 2, heads: 4, mlp_dim: 32}", 16, 2, 32, 12, 16, 12_800, 50, 3}
}

// betas are those of the claims, on both sides of equality.
var betas = map[string][2]float64{"language": {0.9, 0.99}, "language-equal": {0.95, 0.95}, "language-crossed": {0.99, 0.9}, "language-adam": {0.9, 0.99}}

// plan is the text of the sweep of a claim: over lambda, and over seeds of the weights.
func (l languageSettings) plan(id string) string {
	kind, quantities, axes := "adamw", "loss, parameter_norm, kkt", "\n  axes: {optimizer.weight_decay: [1, 2]}"
	if id == "language-adam" {
		kind, quantities, axes = "adam", "loss, parameter_norm", ""
	}
	b := betas[id]
	return fmt.Sprintf(`name: %s
objective: {model: %s, data: {kind: markov, vocab: %d, length: %d, train: %d}}
optimizer: {kind: %s, lr: 1e-3, beta1: %g, beta2: %g, eps: 0, eps_mode: outside, bias_correction: false}
processes: [discrete]
steps: %d
measure: {every: %d, quantities: [%s]}
sweep:%s
  seeds: %d
`, id, l.model, l.vocabulary, l.length, l.sequences, kind, b[0], b[1], l.steps, l.every, quantities, axes, l.seeds)
}

// plans are the sweeps of a scale by name.
func plans(scale papers.Scale) map[string]string {
	all := map[string]string{}
	for id := range betas {
		all[id] = languageOf(scale).plan(id)
	}
	return all
}

// late is the largest value of the last tenth of a run.
var late = compare.At{Kind: "peak", X: 0.9}

// language are the claims of Section 5.1 on a small causal transformer.
func language(scale papers.Scale) []papers.Claim {
	l := languageOf(scale)
	claim := func(id, says string, from papers.Provenance, expected papers.Region) papers.Claim {
		what, quantity := "AdamW with lambda 1 and 2", "lambda |theta|_inf, the largest over the last tenth of the steps; the range over lambda and seeds"
		if id == "language-adam" {
			what, quantity = "Adam without weight decay", "|theta|_inf, the largest over the last tenth of the steps; the range over seeds"
		}
		return papers.Claim{ID: id, Place: "Section 5.1", Says: says, Provenance: from, Quantity: quantity, Expected: expected, Sweeps: []string{id},
			How: fmt.Sprintf("A causal transformer of %d blocks of width %d on %d sequences of %d tokens of a random language in which a token depends on the one before it, which stands in for Penn Treebank; %s, beta %g and %g, full batch, no dropout, constant rate 0.001, %d steps, no eps, no bias correction; %d seeds of the weights.",
				l.depth, l.width, l.sequences, l.length, what, betas[id][0], betas[id][1], l.steps, l.seeds),
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) { return l.measure(ctx, lab, id) }}
	}
	return []papers.Claim{
		claim("language", "On a language model, which is not convex, AdamW’s iterates end in the box.", papers.Stated, papers.AtMost(1+1e-2)),
		claim("language-equal", "On a language model with beta1 = beta2, too, AdamW’s iterates end in the box.", papers.Stated, papers.AtMost(1+1e-2)),
		claim("language-crossed", "On a language model with beta1 > beta2 AdamW’s iterates stay outside of the box.", papers.Implied, papers.AtLeast(1+1e-2)),
		claim("language-adam", "On a language model Adam’s parameters, without weight decay, grow beyond the box of lambda = 1.", papers.Implied, papers.AtLeast(1+1e-2)),
	}
}

// measure reads the sweep of a claim.
func (l languageSettings) measure(ctx context.Context, lab *papers.Lab, id string) (*papers.Finding, error) {
	const decay = "optimizer.weight_decay"
	s, err := lab.Sweep(ctx, id)
	if err != nil {
		return nil, err
	}
	column := trace.Discrete + "/kkt_size"
	if id == "language-adam" {
		column = trace.Discrete + "/theta_inf"
	}
	var values []float64
	table := &papers.Table{Columns: []string{"lambda", "seed", "size, last tenth", "size at the end", "KKT ratio", "loss"}}
	chart := figure.Chart{XLabel: "step", YLabel: "lambda |theta|_inf", Guides: []figure.Guide{{Y: 1, Label: "the box"}}}
	for i := range s.Cells {
		c := &s.Cells[i]
		size, ok := late.Value(c, column)
		if !ok {
			return nil, papers.NoRuns(s)
		}
		values = append(values, size)
		at := func(quantity string) any {
			if v, ok := (compare.At{Kind: "end"}).Value(c, trace.Discrete+"/"+quantity); ok {
				return v
			}
			return ""
		}
		lambda := c.Values[decay]
		if lambda == "" {
			lambda = "0, size |theta|"
		}
		end, _ := (compare.At{Kind: "end"}).Value(c, column)
		table.Add(lambda, c.Seed, size, end, at("kkt_ratio"), at("loss"))
		if c.Seed == 0 {
			chart.Series = append(chart.Series, figure.Series{Name: "lambda " + lambda, Style: figure.Numbered(len(chart.Series)), X: c.Table.Column("step"), Y: c.Table.Column(column)})
		}
	}
	f := papers.Range(values)
	f.Table = table
	if id != "language-adam" {
		f.Notes = []string{"The KKT ratio, 1 where an iterate rests on the box, tells how far the run is from convergence, which the theorem supposes; a constant rate does not get there."}
	}
	f.Figures = []papers.Figure{{Name: "norm", Caption: "Largest parameter times lambda along the run, first seed; AdamW’s box is below the line.", Drawing: chart}}
	return f, nil
}
