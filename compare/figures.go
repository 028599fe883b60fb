package compare

import (
	"fmt"
	"strings"

	"leeway/figure"
)

// View is what a figure shows.
type View struct {
	Quantity string
	At       At
	// X is the path on the horizontal axis, Lines the one that has a line for each
	// value, empty for none.
	X, Lines string
	Band     Band
}

// Default is the view to begin with: the perturbed one-norm at the first threshold
// that was crossed, or at the end, else the loss; the axis with the most numbers,
// and a line for each value of the next.
func (s *Sweep) Default() View {
	v := View{At: At{Kind: "end"}, Band: Confidence}
	quantities := s.Quantities()
	for _, name := range []string{"discrete/perturbed_one_norm", "discrete/accuracy", "discrete/loss"} {
		for _, q := range quantities {
			if v.Quantity == "" && q == name {
				v.Quantity = q
			}
		}
	}
	if v.Quantity == "" && len(quantities) > 0 {
		v.Quantity = quantities[0]
	}
	if t := s.Thresholds(); len(t) > 0 && v.Quantity != "discrete/loss" {
		v.At = At{Kind: "loss", X: t[0]}
	}
	most := -1
	for _, a := range s.Axes {
		if score := len(a.Values); a.Numeric && score > most {
			v.X, most = a.Path, score
		}
	}
	if v.X == "" && len(s.Axes) > 0 {
		v.X = s.Axes[0].Path
	}
	for _, a := range s.Axes {
		if a.Path != v.X && len(a.Values) > 1 && len(a.Values) <= 10 {
			v.Lines = a.Path
			break
		}
	}
	return v
}

// Figure draws a view: means with their bands against the axis. An axis that is no
// number is drawn at 1, 2, 3, ...; the caption names its values.
func (s *Sweep) Figure(v View) (figure.Chart, string) {
	x := NewAxis(v.X, s.Cells)
	chart := figure.Chart{XLabel: x.Short(), YLabel: Label(v.Quantity), LogX: x.Numeric && x.Log}
	caption := fmt.Sprintf("%s %s against %s: mean and %s over seeds.", capital(Label(v.Quantity)), v.At.Words(), x.Short(), bandWords(v.Band))
	// Values near one, such as Adam's betas, lie apart on the scale of 1 - x.
	if x.Numeric && nearOne(&x) {
		chart.LogX, chart.XLabel = true, "1/(1 - "+x.Short()+")"
	}
	var names []string
	place := func(text string) float64 {
		if !x.Numeric {
			for i, value := range x.Values {
				if value == text {
					return float64(i + 1)
				}
			}
		}
		if nearOne(&x) {
			return 1 / (1 - number(text))
		}
		return number(text)
	}
	if !x.Numeric {
		for i, value := range x.Values {
			names = append(names, fmt.Sprintf("%d is %s", i+1, value))
		}
		caption += " " + strings.Join(names, ", ") + "."
	}
	lines := Axis{Path: v.Lines}
	var series *figure.Series
	for _, g := range s.Groups(v.Quantity, v.At, v.X, v.Lines, v.Band) {
		name := "mean"
		if v.Lines != "" {
			name = lines.Short() + " " + g.Line
		}
		if series == nil || series.Name != name {
			chart.Series = append(chart.Series, figure.Series{Name: name, Style: figure.Numbered(len(chart.Series))})
			series = &chart.Series[len(chart.Series)-1]
		}
		series.X, series.Y = append(series.X, place(g.X)), append(series.Y, g.Mean)
		series.Low, series.High = append(series.Low, g.Low), append(series.High, g.High)
	}
	return chart, caption
}

// nearOne reports whether an axis holds several numbers below one and close to it.
func nearOne(a *Axis) bool {
	if !a.Numeric || len(a.Values) < 3 {
		return false
	}
	low, high := number(a.Values[0]), number(a.Values[len(a.Values)-1])
	return low >= 0.5 && high < 1 && (1-low)/(1-high) >= 10
}

// Label is a quantity for people: "perturbed one norm"; that of a process other
// than the optimizer is named.
func Label(quantity string) string {
	process, name, ok := strings.Cut(quantity, "/")
	if !ok {
		return quantity
	}
	name = strings.ReplaceAll(name, "_", " ")
	if process != "discrete" {
		name += " of " + process
	}
	return name
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func bandWords(b Band) string {
	switch b {
	case Deviation:
		return "one standard deviation"
	case Range:
		return "range"
	}
	return "95 % interval"
}
