package figure

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// whisker is an interval at a point, in the coordinates of the axes.
type whisker struct{ x, low, middle, high float64 }

// whiskers are the intervals of a series; the axes make room for them.
func whiskers(s Series, x, y *axis) []whisker {
	if len(s.Low) != len(s.Y) || len(s.High) != len(s.Y) {
		return nil
	}
	var all []whisker
	for i := range min(len(s.X), len(s.Y)) {
		w := whisker{x.at(s.X[i]), y.at(s.Low[i]), y.at(s.Y[i]), y.at(s.High[i])}
		if finite(w.x) && finite(w.low) && finite(w.middle) && finite(w.high) {
			y.include(w.low)
			y.include(w.high)
			all = append(all, w)
		}
	}
	return all
}

// drawWhiskers draws intervals as lines with caps, and their points as dots.
func drawWhiskers(dc *draw.Canvas, p *plot.Plot, all []whisker, style Style) {
	toX, toY := p.Transforms(dc)
	line := draw.LineStyle{Color: style.Light, Width: 1}
	const cap = 3
	for _, w := range all {
		x := toX(near(w.x, p.X))
		low, high := toY(near(w.low, p.Y)), toY(near(w.high, p.Y))
		dc.StrokeLines(line, dc.ClipLinesXY([]vg.Point{{X: x, Y: low}, {X: x, Y: high}})...)
		for _, y := range []vg.Length{low, high} {
			dc.StrokeLines(line, dc.ClipLinesXY([]vg.Point{{X: x - cap, Y: y}, {X: x + cap, Y: y}})...)
		}
		if at := (vg.Point{X: x, Y: toY(near(w.middle, p.Y))}); dc.Contains(at) {
			dot(dc, at, style, 2.4)
		}
	}
}
