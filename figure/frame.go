package figure

import (
	"image/color"
	"strings"
	"unicode"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of type, in points. At the default width of 525 points (700 pixels) they
// are about 17, 13 and 12 pixels high.
const (
	titleSize  = 13
	legendSize = 9.5
	tickSize   = 9
)

// letters returns the text style of one size and colour. All figures use one
// typeface and one weight.
func letters(size float64, c color.Color, x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{
		Color:   c,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: font.Length(size)},
		XAlign:  x,
		YAlign:  y,
		Handler: plot.DefaultTextHandler,
	}
}

// drawing is one canvas with the rules of the format it is written in.
type drawing struct {
	draw.Canvas
	// latin restricts text to the characters that the PDF fonts are encoded in.
	latin bool
}

// write draws one line of text at a point.
func (d *drawing) write(style text.Style, at vg.Point, line string) {
	d.FillText(style, at, d.clean(line))
}

// clean makes text fit for every format: one line, valid UTF-8, no control
// characters, at most 90 characters.
func (d *drawing) clean(line string) string {
	line = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar, r >= 0xFFFE && r <= 0xFFFF:
			return '?'
		case unicode.IsControl(r), unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(line, "?"))
	if runes := []rune(line); len(runes) > 90 {
		line = string(runes[:89]) + "…"
	}
	if d.latin {
		line = latinize(line)
	}
	return line
}

// latinize spells out the letters that occur in this program's figures and are
// not in code page 1252, the encoding of the PDF fonts, and replaces all others.
func latinize(line string) string {
	line = spelled.Replace(line)
	return strings.Map(func(r rune) rune {
		if r > 0xFF && !strings.ContainsRune("…–—‘’“”•€", r) {
			return '?'
		}
		return r
	}, line)
}

var spelled = strings.NewReplacer(
	"β", "beta", "ε", "eps", "θ", "theta", "ρ", "rho", "λ", "lambda", "τ", "tau",
	"∞", "inf", "ℓ", "l", "−", "-", "≤", "<=", "≥", ">=", "≈", "~", "√", "sqrt", "→", "->",
	"₁", "_1", "₂", "_2", "∇", "grad ")

// begin paints the paper, writes the title and the legend, and leaves the rest
// of the canvas for the axes.
func (d *drawing) begin(title string, series []Series, patches bool) {
	d.SetColor(paper)
	d.Fill(d.Rectangle.Path())
	d.Canvas = draw.Crop(d.Canvas, 10, -12, 8, -10)
	if title != "" {
		style := letters(titleSize, ink, text.XLeft, text.YTop)
		d.write(style, vg.Point{X: d.Min.X, Y: d.Max.Y}, title)
		d.Max.Y -= titleSize + 9
	}
	d.legend(series, patches)
}

// legend writes one entry for every named series, in rows above the data. Where
// the rows would leave less than room for the data, the others are left out.
func (d *drawing) legend(series []Series, patches bool) {
	const gap, row, room = 16, legendSize + 6, 90
	style := letters(legendSize, ink, text.XLeft, text.YCenter)
	x, y, rows := d.Min.X, d.Max.Y+row/2, 0
	for _, s := range series {
		label := d.clean(s.label())
		if strings.TrimSpace(label) == "" {
			continue
		}
		thumb := vg.Length(24)
		if patches {
			thumb = 12
		}
		width := thumb + 5 + style.Width(label)
		if rows == 0 || x+width > d.Max.X {
			if y-1.5*row-6-d.Min.Y < room {
				break
			}
			x, y, rows = d.Min.X, y-row, rows+1
		}
		if patches {
			d.SetColor(s.style().Light)
			d.Fill(vg.Rectangle{Min: vg.Point{X: x, Y: y - 4}, Max: vg.Point{X: x + thumb, Y: y + 4}}.Path())
		} else {
			d.StrokeLine2(s.style().line(), x, y, x+thumb, y)
		}
		d.write(style, vg.Point{X: x + thumb + 5, Y: y}, label)
		x += width + gap
	}
	if rows > 0 {
		d.Max.Y = y - row/2 - 6
	}
}

// line returns the style's line on paper.
func (s Style) line() draw.LineStyle {
	line := draw.LineStyle{Color: s.Light, Width: vg.Points(s.width())}
	for _, length := range s.Dash {
		line.Dashes = append(line.Dashes, vg.Points(length))
	}
	return line
}

// empty writes "no data" in the middle of what is left of the canvas.
func (d *drawing) empty() {
	d.SetColor(grid)
	d.SetLineWidth(0.8)
	d.Stroke(d.Rectangle.Path())
	d.write(letters(titleSize, muted, text.XCenter, text.YCenter), d.Center(), "no data")
}
