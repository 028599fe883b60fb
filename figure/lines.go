package figure

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawPieces draws the pieces of one series, clipped to the data area: a line
// each, a dot for a piece of a single point, and a cross where it stopped.
func drawPieces(dc *draw.Canvas, p *plot.Plot, s placed) {
	toX, toY := p.Transforms(dc)
	style := s.style()
	for _, piece := range s.pieces {
		points := make([]vg.Point, len(piece))
		for i, xy := range piece {
			points[i] = vg.Point{X: toX(near(xy.X, p.X)), Y: toY(near(xy.Y, p.Y))}
		}
		if len(points) == 1 {
			dot(dc, points[0], style, style.width()*0.9)
			continue
		}
		dc.StrokeLines(style.line(), dc.ClipLinesXY(points)...)
	}
	if end, ok := s.last(); ok && s.Stopped {
		cross(dc, vg.Point{X: toX(near(end.X, p.X)), Y: toY(near(end.Y, p.Y))}, style)
	}
}

// near moves a value that is very far out of an axis' range to a thousand times
// its length away, where clipping still computes with finite numbers.
func near(v float64, a plot.Axis) float64 {
	far := 1000 * (a.Max - a.Min)
	return math.Max(a.Min-far, math.Min(v, a.Max+far))
}

// dot draws a filled circle of the given radius in points.
func dot(dc *draw.Canvas, at vg.Point, style Style, radius float64) {
	dc.DrawGlyph(draw.GlyphStyle{Color: style.Light, Radius: vg.Points(radius), Shape: draw.CircleGlyph{}}, at)
}

// cross draws a small x on a ground of paper, so that it stands out from lines.
func cross(dc *draw.Canvas, at vg.Point, style Style) {
	if !dc.Contains(at) {
		return
	}
	for _, line := range []draw.LineStyle{{Color: paper, Width: 4.5}, {Color: style.Light, Width: 1.8}} {
		const r = 3.6
		dc.StrokeLine2(line, at.X-r, at.Y-r, at.X+r, at.Y+r)
		dc.StrokeLine2(line, at.X-r, at.Y+r, at.X+r, at.Y-r)
	}
}

// stack returns what draws the series as areas on top of each other.
func stack(series []Series, x, y *axis, limit int) plot.Plotter {
	bounds := cumulate(series)
	var levels []placed
	for _, bound := range bounds {
		// Thinning each boundary by itself would let neighbours cross; their
		// common index set is chosen by evenly spaced points.
		levels = append(levels, place(bound, x, y, math.MaxInt))
	}
	stride := 1
	if len(bounds) > 0 {
		stride = max(1, len(bounds[0].Y)/limit)
	}
	return plotFunc(func(dc draw.Canvas, p *plot.Plot) {
		toX, toY := p.Transforms(&dc)
		for k := 1; k < len(levels); k++ {
			for i, upper := range levels[k].pieces {
				outline := band(levels[k-1].pieces[i], upper, stride, func(xy plotter.XY) vg.Point {
					return vg.Point{X: toX(near(xy.X, p.X)), Y: toY(near(xy.Y, p.Y))}
				})
				dc.FillPolygon(series[k-1].style().Light, dc.ClipPolygonXY(outline))
			}
		}
	})
}

// cumulate returns the boundaries between the areas: zero, the first series, the
// sum of the first two, and so on. A gap of one is a gap of all.
func cumulate(series []Series) []Series {
	if len(series) == 0 {
		return nil
	}
	x := series[0].X
	n := len(x)
	for _, s := range series {
		n = min(n, len(s.Y))
	}
	bounds := make([]Series, len(series)+1)
	for k := range bounds {
		bounds[k] = Series{X: x[:n], Y: make([]float64, n)}
	}
	for i := range n {
		sum := 0.0
		for k, s := range series {
			sum += s.Y[i]
			bounds[k+1].Y[i] = sum
		}
		if !(math.Abs(sum) < drawable) || hasGap(series, i) {
			for k := range bounds {
				bounds[k].Y[i] = math.NaN()
			}
		}
	}
	return bounds
}

// hasGap says whether a series cannot be drawn at index i.
func hasGap(series []Series, i int) bool {
	for _, s := range series {
		if !(math.Abs(s.Y[i]) < drawable) {
			return true
		}
	}
	return false
}

// band returns the outline of the area between two boundaries of the same
// length, taking every stride-th point. A single point becomes a sliver of two
// points' width, so that it can be seen.
func band(lower, upper plotter.XYs, stride int, to func(plotter.XY) vg.Point) []vg.Point {
	var below, above []vg.Point
	for i := range upper {
		if i%stride == 0 || i == len(upper)-1 {
			below, above = append(below, to(lower[i])), append(above, to(upper[i]))
		}
	}
	if len(above) == 1 {
		at := above[0].X
		above = []vg.Point{{X: at - 1, Y: above[0].Y}, {X: at + 1, Y: above[0].Y}}
		below = []vg.Point{{X: at - 1, Y: below[0].Y}, {X: at + 1, Y: below[0].Y}}
	}
	for i := len(below) - 1; i >= 0; i-- {
		above = append(above, below[i])
	}
	return above
}
