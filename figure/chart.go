package figure

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Chart is a line chart, or a stack of shares. The zero value is an empty chart.
type Chart struct {
	Title, XLabel, YLabel string
	// LogX and LogY make an axis logarithmic; values that are not positive are
	// then left out.
	LogX, LogY bool
	// Stacked draws the series as areas on top of each other, the first at the
	// bottom. They must share the X of the first; a point where one of them
	// cannot be drawn is a gap in all.
	Stacked bool
	Series  []Series
	// Guides are horizontal lines to compare with.
	Guides []Guide
	// YRange fixes the vertical axis, where it is not [0 0].
	YRange [2]float64
	// Width and Height are in points of 1/72 inch: 525 and 300 where 0, never
	// less than 200 and 140.
	Width, Height float64
	// MaxPoints bounds the points that are drawn of each series, 900 where 0.
	MaxPoints int
}

// Guide is a horizontal line with a word about it.
type Guide struct {
	Y     float64
	Label string
	Below bool // put the word below the line
}

func (c Chart) size() (width, height float64) {
	return sizeOr(c.Width, 525, 200), sizeOr(c.Height, 300, 140)
}

func (c Chart) title() string { return c.Title }

// sizeOr bounds a size and fills in its default.
func sizeOr(size, standard, least float64) float64 {
	if size == 0 || !finite(size) {
		return standard
	}
	return min(max(size, least), 5000)
}

func (c Chart) draw(d *drawing) {
	d.begin(c.Title, c.Series, c.Stacked)
	limit := c.MaxPoints
	if limit <= 0 {
		limit = 900
	}
	x, y := &axis{log: c.LogX}, &axis{log: c.LogY && !c.Stacked}
	var body plot.Plotter
	if c.Stacked {
		body = stack(c.Series, x, y, limit)
	} else {
		body = c.lines(x, y, limit)
	}
	if !x.seen || !y.seen {
		d.empty()
		return
	}
	for _, g := range c.Guides {
		y.include(y.at(g.Y))
	}
	x.settle(0)
	if lo, hi := y.at(c.YRange[0]), y.at(c.YRange[1]); lo < hi {
		y.min, y.max = lo, hi
		y.settle(0)
	} else {
		y.settle(0.04)
	}
	p := d.axes(x, y, c.XLabel, c.YLabel)
	p.Add(gridLines(y), body, d.guides(c.Guides, y))
	p.Draw(d.Canvas)
}

// lines places all series and returns what draws them.
func (c Chart) lines(x, y *axis, limit int) plot.Plotter {
	var all []placed
	var intervals [][]whisker
	for _, s := range c.Series {
		all = append(all, place(s, x, y, limit))
		intervals = append(intervals, whiskers(s, x, y))
	}
	return plotFunc(func(dc draw.Canvas, p *plot.Plot) {
		for i, s := range all {
			drawWhiskers(&dc, p, intervals[i], s.style())
		}
		for _, s := range all {
			drawPieces(&dc, p, s)
		}
	})
}

// axes returns a plot with the axes of the two ranges.
func (d *drawing) axes(x, y *axis, xlabel, ylabel string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, side := range []struct {
		of    *plot.Axis
		span  *axis
		label string
		ticks []plot.Tick
		xa    text.XAlignment
		ya    text.YAlignment
	}{
		{&p.X, x, xlabel, x.ticks(7), text.XCenter, text.YTop},
		{&p.Y, y, ylabel, y.ticks(6), text.XRight, text.YCenter},
	} {
		a := side.of
		a.Min, a.Max = side.span.min, side.span.max
		a.Label.Text = d.clean(side.label)
		a.Label.TextStyle = letters(legendSize, muted, text.XCenter, text.YBottom)
		a.Label.Padding = 4
		a.Tick.Label = letters(tickSize, muted, side.xa, side.ya)
		a.Tick.Marker = plot.ConstantTicks(side.ticks)
		a.Tick.LineStyle = draw.LineStyle{Color: muted, Width: 0.6}
		a.Tick.Length = 3
		a.LineStyle = draw.LineStyle{Color: muted, Width: 0.6}
		a.Padding = 0
	}
	return p
}

// plotFunc is a plot.Plotter made of a function.
type plotFunc func(draw.Canvas, *plot.Plot)

// Plot draws on the data area of p.
func (f plotFunc) Plot(dc draw.Canvas, p *plot.Plot) { f(dc, p) }

// gridLines draws a faint line at every tick of the vertical axis.
func gridLines(y *axis) plot.Plotter {
	return plotFunc(func(dc draw.Canvas, p *plot.Plot) {
		_, toY := p.Transforms(&dc)
		for _, tick := range y.ticks(6) {
			at := toY(tick.Value)
			dc.StrokeLine2(draw.LineStyle{Color: grid, Width: 0.7}, dc.Min.X, at, dc.Max.X, at)
		}
	})
}

// guides draws the horizontal guide lines with their labels.
func (d *drawing) guides(guides []Guide, y *axis) plot.Plotter {
	return plotFunc(func(dc draw.Canvas, p *plot.Plot) {
		_, toY := p.Transforms(&dc)
		for _, g := range guides {
			u := y.at(g.Y)
			if !(y.min <= u && u <= y.max) {
				continue
			}
			at := toY(u)
			dc.StrokeLine2(draw.LineStyle{Color: muted, Width: 0.8, Dashes: []vg.Length{2, 2.5}}, dc.Min.X, at, dc.Max.X, at)
			style, word := letters(tickSize, muted, text.XRight, text.YBottom), at+1.5
			if g.Below || dc.Max.Y-at < tickSize+2 {
				style.YAlign, word = text.YTop, at-1.5
			}
			d.write(style, vg.Point{X: dc.Max.X - 3, Y: word}, g.Label)
		}
	})
}
