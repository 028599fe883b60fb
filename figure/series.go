package figure

import "gonum.org/v1/plot/plotter"

// Series is one line of a chart or path of a contour figure.
type Series struct {
	// Name stands in the legend and chooses the style.
	Name string
	// Note follows the name in the legend, in brackets.
	Note string
	// X and Y are the points; where their lengths differ, the surplus is
	// ignored. A point whose X or Y cannot be drawn is a gap in the line.
	X, Y []float64
	// Low and High, where they are as long as Y, are the ends of an interval at
	// each point of a line chart: a whisker. No whisker is thinned away.
	Low, High []float64
	// Style is StyleOf(Name) where it is the zero value.
	Style Style
	// Stopped marks the last point with a cross: the process ended early there.
	Stopped bool
}

// style returns the style that the series is drawn in.
func (s Series) style() Style {
	if s.Style.Light.A == 0 {
		return StyleOf(s.Name)
	}
	return s.Style
}

// label returns the series' text in the legend.
func (s Series) label() string {
	if s.Note == "" {
		return s.Name
	}
	return s.Name + " (" + s.Note + ")"
}

// placed is a series in the coordinates of its axes: pieces without gaps.
type placed struct {
	Series
	pieces []plotter.XYs
}

// last returns the last drawable point.
func (p placed) last() (plotter.XY, bool) {
	if len(p.pieces) == 0 {
		return plotter.XY{}, false
	}
	piece := p.pieces[len(p.pieces)-1]
	return piece[len(piece)-1], true
}

// place transforms a series by its axes, thins it to limit points and splits it
// at its gaps.
func place(s Series, x, y *axis, limit int) placed {
	n := min(len(s.X), len(s.Y))
	xs, ys := make([]float64, n), make([]float64, n)
	for i := range n {
		xs[i], ys[i] = x.at(s.X[i]), y.at(s.Y[i])
		if !finite(xs[i]) {
			ys[i] = xs[i] // one gap, wherever it comes from
		}
		x.include(xs[i]) // gaps too: charts of one run share their steps
	}
	p := placed{Series: s}
	var piece plotter.XYs
	end := func() {
		if len(piece) > 0 {
			p.pieces = append(p.pieces, piece)
			piece = nil
		}
	}
	for _, i := range Thin(ys, limit) {
		if !finite(ys[i]) {
			end()
			continue
		}
		y.include(ys[i])
		piece = append(piece, plotter.XY{X: xs[i], Y: ys[i]})
	}
	end()
	return p
}
