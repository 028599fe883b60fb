package figure

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Contour is a map of a loss of two parameters with the paths of processes over
// it. The darker the ground, the larger the loss. The zero value is an empty
// figure.
type Contour struct {
	Title, XLabel, YLabel string
	// X and Y are the ranges of the map.
	X, Y [2]float64
	// Z holds the loss, Z[j][i] at row j of Y and column i of X, both spaced
	// evenly over their ranges. Without at least two equally long rows of two
	// values the paths are drawn on blank ground.
	Z [][]float64
	// Levels are the heights of the contours; Levels(Z, 12) where nil.
	Levels []float64
	// Paths run over the map, clipped to it: a ring marks the start, a dot the
	// end, a cross the end of a process that stopped.
	Paths []Series
	// Curves are further lines, such as a set of minima, drawn under the paths.
	Curves []Series
	// Marks are single points, such as a minimum.
	Marks []Mark
	// Width and Height are in points: 525 and 420 where 0, never less
	// than 200 and 140.
	Width, Height float64
	// MaxPoints bounds the points that are drawn of each path, 900 where 0.
	MaxPoints int
}

// Mark is a point with a word about it.
type Mark struct {
	X, Y  float64
	Label string
}

func (c Contour) size() (width, height float64) {
	return sizeOr(c.Width, 525, 200), sizeOr(c.Height, 420, 140)
}

func (c Contour) title() string { return c.Title }

func (c Contour) draw(d *drawing) {
	curves := make([]Series, len(c.Curves))
	for i, s := range c.Curves {
		if s.Style.Light.A == 0 {
			s.Style = Style{Light: muted, Dark: muted, Dash: []float64{2, 2.5}, Width: 1.2}
		}
		curves[i] = s
	}
	d.begin(c.Title, append(curves[:len(curves):len(curves)], c.Paths...), false)
	limit := c.MaxPoints
	if limit <= 0 {
		limit = 900
	}
	x, y := &axis{}, &axis{}
	lines := placeAll(curves, x, y, limit)
	paths := placeAll(c.Paths, x, y, limit)
	if c.X[0] < c.X[1] && c.Y[0] < c.Y[1] {
		*x, *y = axis{}, axis{}
		for k := range 2 {
			x.include(x.at(c.X[k]))
			y.include(y.at(c.Y[k]))
		}
	}
	if !x.seen || !y.seen {
		d.empty()
		return
	}
	x.settle(0)
	y.settle(0)
	p := d.axes(x, y, c.XLabel, c.YLabel)
	p.Add(c.ground(), plotFunc(func(dc draw.Canvas, p *plot.Plot) {
		for _, s := range lines {
			drawPieces(&dc, p, s)
		}
		for _, s := range paths {
			drawPieces(&dc, p, s)
		}
		for _, s := range paths {
			ends(&dc, p, s)
		}
		d.marks(&dc, p, c.Marks)
	}))
	p.Draw(d.Canvas)
}

// placeAll places several series on the same axes.
func placeAll(series []Series, x, y *axis, limit int) []placed {
	all := make([]placed, len(series))
	for i, s := range series {
		all[i] = placePath(s, x, y, limit)
	}
	return all
}

// placePath places a path. Its points are kept evenly and not by their height,
// which says nothing about a path.
func placePath(s Series, x, y *axis, limit int) placed {
	n := min(len(s.X), len(s.Y))
	if n <= limit {
		return place(s, x, y, n)
	}
	thin := s
	thin.X, thin.Y = nil, nil
	for k := range limit {
		i := k * (n - 1) / (limit - 1)
		thin.X, thin.Y = append(thin.X, s.X[i]), append(thin.Y, s.Y[i])
	}
	return place(thin, x, y, limit)
}

// ground paints the contours: every level adds one layer of tint over the
// region above it, with a line along its edge.
func (c Contour) ground() plot.Plotter {
	levels := c.Levels
	if levels == nil {
		levels = Levels(c.Z, 12)
	}
	if !rectangular(c.Z) {
		levels = nil
	}
	return plotFunc(func(dc draw.Canvas, p *plot.Plot) {
		for _, level := range levels {
			var fill, line vg.Path
			for _, loop := range region(c.Z, level) {
				trace(&fill, &line, loop, func(at gridPoint) vg.Point {
					return vg.Point{
						X: dc.X(at.x / float64(len(c.Z[0])-1)),
						Y: dc.Y(at.y / float64(len(c.Z)-1)),
					}
				})
			}
			dc.SetColor(veil{tint, 0.055})
			dc.Fill(fill)
			dc.SetLineStyle(draw.LineStyle{Color: veil{tint, 0.45}, Width: 0.5})
			dc.Stroke(line)
		}
	})
}

// trace adds a loop to the area to fill, and the parts of it that do not run
// along the rim of the map to the line to draw.
func trace(fill, line *vg.Path, loop []gridPoint, to func(gridPoint) vg.Point) {
	for i, at := range loop {
		point, next := to(at), loop[(i+1)%len(loop)]
		if i == 0 {
			fill.Move(point)
		} else {
			fill.Line(point)
		}
		if at.rim || next.rim {
			continue
		}
		if n := len(*line); n == 0 || (*line)[n-1].Pos != point {
			line.Move(point)
		}
		line.Line(to(next))
	}
	fill.Close()
}

// rectangular says whether z has at least two rows of two values, all equally
// long.
func rectangular(z [][]float64) bool {
	if len(z) < 2 || len(z[0]) < 2 {
		return false
	}
	for _, row := range z {
		if len(row) != len(z[0]) {
			return false
		}
	}
	return true
}

// ends marks where a path starts and where it ends.
func ends(dc *draw.Canvas, p *plot.Plot, s placed) {
	last, ok := s.last()
	if !ok {
		return
	}
	toX, toY := p.Transforms(dc)
	first := s.pieces[0][0]
	start := vg.Point{X: toX(near(first.X, p.X)), Y: toY(near(first.Y, p.Y))}
	end := vg.Point{X: toX(near(last.X, p.X)), Y: toY(near(last.Y, p.Y))}
	if !s.Stopped {
		dot(dc, end, s.style(), 3.4)
	}
	if dc.Contains(start) {
		dot(dc, start, Style{Light: paper}, 3.6)
		dc.DrawGlyph(draw.GlyphStyle{Color: ink, Radius: 3.6, Shape: draw.RingGlyph{}}, start)
	}
}

// marks draws single points with their labels, which stand on the side where
// there is room.
func (d *drawing) marks(dc *draw.Canvas, p *plot.Plot, marks []Mark) {
	toX, toY := p.Transforms(dc)
	for _, m := range marks {
		if !finite(m.X) || !finite(m.Y) {
			continue
		}
		at := vg.Point{X: toX(near(m.X, p.X)), Y: toY(near(m.Y, p.Y))}
		if !dc.Contains(at) {
			continue
		}
		dc.DrawGlyph(draw.GlyphStyle{Color: ink, Radius: 4.5, Shape: draw.PlusGlyph{}}, at)
		style := letters(tickSize, ink, text.XLeft, text.YBottom)
		shift := vg.Length(6)
		if at.X > dc.Center().X {
			style.XAlign, shift = text.XRight, -6
		}
		dc.FillText(style, vg.Point{X: at.X + shift, Y: at.Y + 3}, d.clean(m.Label))
	}
}
