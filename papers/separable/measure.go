package separable

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"leeway/figure"
	"leeway/papers"
)

// claim is one about variants of the reference table, of which the first is measured
// and the others stand beside it in its figures.
func claim(id, place, says string, from papers.Provenance, quantity string, expected papers.Region, variants []string, value func(Path) float64, figures ...string) papers.Claim {
	return papers.Claim{
		ID: id, Place: place, Says: says, Provenance: from, Quantity: quantity, How: gaussian, Expected: expected,
		Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			sets, err := gaussians(lab)
			if err != nil {
				return nil, err
			}
			var outcomes []Outcome
			for _, v := range named(variants) {
				o, err := papers.Shared(lab, v.ID, func() ([]Outcome, error) {
					lab.Say("%s: %d runs of %d steps", v.Name, len(sets), Last)
					return Measure(ctx, []Variant{v}, sets, ReferenceSteps(), lab.Threads)
				})
				if err != nil {
					return nil, err
				}
				outcomes = append(outcomes, o...)
			}
			return finding(outcomes, value, figures...), nil
		},
	}
}

// lateClaim is that on the direction where the slowest draw has arrived.
func lateClaim() papers.Claim {
	const late = 3 * Last
	return papers.Claim{
		ID: "adam-direction-late", Place: "main theorem", Provenance: papers.Stated, Expected: papers.AtLeast(0.999),
		Says:     "Three times as many steps bring Adam without eps to the direction of the largest l-infinity margin on every draw.",
		Quantity: "cosine to that direction after 300,000 steps, eta 0.001", How: strings.Replace(gaussian, "100,000", "300,000", 1),
		Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
			sets, err := gaussians(lab)
			if err != nil {
				return nil, err
			}
			o, err := Measure(ctx, named([]string{"adam"}), sets, []int{Early, Last, late}, lab.Threads)
			if err != nil {
				return nil, err
			}
			var values []float64
			table := &papers.Table{Columns: []string{"draw", "cosine after 10,000", "after 100,000", "after 300,000"}}
			for draw, r := range o[0].Runs {
				values = append(values, r.At(late).InfCosine)
				table.Add(draw, r.At(Early).InfCosine, r.At(Last).InfCosine, r.At(late).InfCosine)
			}
			f := papers.Range(values)
			f.Table = table
			return f, nil
		},
	}
}

// gaussians are the data sets of the reference table.
func gaussians(lab *papers.Lab) ([]*Data, error) {
	return papers.Shared(lab, "gaussian", func() ([]*Data, error) { return drawn(Gaussian, 50, 50, draws(lab.Scale)) })
}

// drawn are data sets of the first seeds.
func drawn(from func(rows, features int, seed uint64) (*Data, error), rows, features, count int) ([]*Data, error) {
	var sets []*Data
	for seed := range count {
		d, err := from(rows, features, uint64(seed))
		if err != nil {
			return nil, err
		}
		sets = append(sets, d)
	}
	return sets, nil
}

// named are variants of the reference table; an unknown name panics.
func named(ids []string) []Variant {
	known := map[string]Variant{}
	for _, v := range Variants() {
		known[v.ID] = v
	}
	var all []Variant
	for _, id := range ids {
		v, ok := known[id]
		if !ok {
			panic("separable: no variant " + id)
		}
		all = append(all, v)
	}
	return all
}

// The figures of a finding: margins in two norms as shares of the largest, and the gap to
// the largest. By default it is that in the l-infinity norm.
const (
	infinity  = "infinity"
	euclidean = "euclidean"
	gaps      = "gap"
)

// finding is a value of the first outcome's runs, with figures of all.
func finding(outcomes []Outcome, value func(Path) float64, figures ...string) *papers.Finding {
	var values []float64
	table := &papers.Table{Columns: []string{"optimizer", "draw", "step", "share of l-infinity margin", "share of Euclidean margin", "cosine to l-infinity", "cosine to Euclidean"}}
	for k, o := range outcomes {
		for draw, r := range o.Runs {
			if k == 0 {
				values = append(values, value(r))
			}
			for _, p := range []Point{r.At(Early), r.At(Last)} {
				table.Add(o.Name, draw, p.Step, p.InfRatio, p.TwoRatio, p.InfCosine, p.TwoCosine)
			}
		}
	}
	f := papers.Range(values)
	f.Table = table
	share := func(name, label string, y func(Point) float64) papers.Figure {
		chart := figure.Chart{XLabel: "step", YLabel: label, LogX: true, Guides: []figure.Guide{{Y: 1, Label: "largest"}}, YRange: [2]float64{0, 1.02}}
		for k, o := range outcomes {
			s := figure.Series{Name: o.Name, Style: figure.Numbered(k)}
			for _, p := range o.Runs[0].Points {
				s.X, s.Y = append(s.X, float64(p.Step)), append(s.Y, y(p))
			}
			chart.Series = append(chart.Series, s)
		}
		return papers.Figure{Name: name, Caption: "Normalised margin along the run over the largest one, first draw; the line is the largest.", Drawing: chart}
	}
	gap := figure.Chart{XLabel: "step", YLabel: "gap to the largest l-infinity margin", LogX: true, LogY: true}
	for k, o := range outcomes {
		r := o.Runs[0]
		s := figure.Series{Name: o.Name, Style: figure.Numbered(k), Note: fmt.Sprintf("slope %.2f", r.Quantity(GapSlope, Last))}
		for _, p := range r.Points {
			s.X, s.Y = append(s.X, float64(p.Step)), append(s.Y, r.Data.Meter.Inf.Margin-p.Inf)
		}
		gap.Series = append(gap.Series, s)
	}
	if len(figures) == 0 {
		figures = []string{infinity}
	}
	for _, drawn := range []papers.Figure{
		share(infinity, "l-infinity margin, share", func(p Point) float64 { return p.InfRatio }),
		share(euclidean, "Euclidean margin, share", func(p Point) float64 { return p.TwoRatio }),
		{Name: gaps, Caption: "Gap between the normalised l-infinity margin and the largest one, first draw.", Drawing: gap},
	} {
		if slices.Contains(figures, drawn.Name) {
			f.Figures = append(f.Figures, drawn)
		}
	}
	return f
}
