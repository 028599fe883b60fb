package implicitbias

import (
	"fmt"
	"strings"

	"leeway/figure"
	"leeway/papers"
)

// stageFigure is a quantity along training, a line a seed.
func stageFigure(runs []*papers.Run, quantity string) papers.Figure {
	words := strings.ReplaceAll(quantity, "_", " ")
	chart := figure.Chart{XLabel: "step", YLabel: words}
	for seed, r := range runs {
		chart.Series = append(chart.Series, figure.Series{Name: fmt.Sprintf("seed %d", seed), X: r.Steps(), Y: r.Column("discrete/" + quantity)})
	}
	return papers.Figure{Name: strings.ReplaceAll(quantity, "_", "-"), Caption: strings.ToUpper(words[:1]) + words[1:] + " along training.", Drawing: chart}
}
