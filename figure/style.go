package figure

import (
	"fmt"
	"hash/fnv"
	"image/color"
)

// Style is how a series is drawn. The zero value stands for [StyleOf] of the
// series' name.
type Style struct {
	// Light is the colour on white paper, Dark the one on a dark screen.
	Light, Dark color.RGBA
	// Dash is the pattern of dashes and gaps in points; empty for a solid line.
	Dash []float64
	// Width is the width of the line in points, 1.6 where it is 0.
	Width float64
}

// width returns the line width in points.
func (s Style) width() float64 {
	if s.Width <= 0 {
		return 1.6
	}
	return s.Width
}

// StyleOf returns the style of a process or quantity by its name, the same in
// every figure. The colours follow M. Okabe and K. Ito, "Color Universal Design"
// (2008), some darkened to stand out on white; order 1 is dashed more finely
// than order 2 within each family, and the optimizer itself is solid. A name
// that the package does not know gets one of a few spare styles, always the
// same one.
func StyleOf(name string) Style {
	if style, ok := styles[name]; ok {
		return style
	}
	h := fnv.New32a()
	h.Write([]byte(name)) // never returns an error
	return spare[h.Sum32()%uint32(len(spare))]
}

// styles are the fixed styles by name.
var styles = map[string]Style{
	"discrete":     {Light: rgb(0x1F2328), Dark: rgb(0xF0F3F6), Width: 2.2},
	"flow-1":       {Light: rgb(0xD55E00), Dark: rgb(0xFF8F4D)},
	"flow-2":       {Light: rgb(0x0072B2), Dark: rgb(0x58B0F5)},
	"memoryless-1": {Light: rgb(0xC08A00), Dark: rgb(0xF0B93A), Dash: []float64{5, 3}},
	"memoryless-2": {Light: rgb(0x3E9BD6), Dark: rgb(0x9BD5FF), Dash: []float64{8, 3}},
	"moments-1":    {Light: rgb(0xB3568F), Dark: rgb(0xF09AD0), Dash: []float64{6, 2, 1.5, 2}},
	"moments-2":    {Light: rgb(0x00896A), Dark: rgb(0x35D0A5), Dash: []float64{10, 2, 1.5, 2}},
	"central":      {Light: rgb(0x7A6A00), Dark: rgb(0xE8DC5A), Dash: []float64{2, 2}},

	"penalized":      {Light: rgb(0x4B3F9E), Dark: rgb(0x8F83E8)},
	"anti-penalized": {Light: rgb(0xE0787A), Dark: rgb(0xE88385)},
	"rest":           {Light: rgb(0xD3D8DF), Dark: rgb(0x4A525D)},

	"test": {Light: rgb(0x1F2328), Dark: rgb(0xF0F3F6), Dash: []float64{5, 3}},
	"line": {Light: rgb(0xD55E00), Dark: rgb(0xFF8F4D), Dash: []float64{6, 3}},

	"maximum":         {Light: rgb(0x4B3F9E), Dark: rgb(0xA99FF5)},
	"99th percentile": {Light: rgb(0x4B3F9E), Dark: rgb(0xA99FF5), Dash: []float64{4, 3}},
}

// spare are the styles of names that the package does not know.
var spare = []Style{
	{Light: rgb(0x4B3F9E), Dark: rgb(0xA99FF5)},
	{Light: rgb(0x8C564B), Dark: rgb(0xD9A296), Dash: []float64{7, 3}},
	{Light: rgb(0x5F6B7A), Dark: rgb(0xB4C0CE), Dash: []float64{3, 2}},
	{Light: rgb(0x2F7D32), Dark: rgb(0x82CF85), Dash: []float64{9, 2, 2, 2}},
}

// Numbered returns the i-th of a row of styles that stay apart, for series that are
// not processes: ten colours, then the same dashed. After the twentieth they repeat.
func Numbered(i int) Style {
	row := []Style{styles["flow-2"], styles["flow-1"], styles["moments-2"], styles["memoryless-2"], spare[1], spare[3], spare[0], styles["memoryless-1"], spare[2], styles["discrete"]}
	style := row[i%len(row)]
	style.Dash, style.Width = nil, 0
	if i/len(row)%2 == 1 {
		style.Dash = []float64{5, 3}
	}
	return style
}

// The neutral colours of all figures, on paper.
var (
	paper = rgb(0xFFFFFF)
	ink   = rgb(0x1F2329) // text; one step off the colour of "discrete"
	muted = rgb(0x5A6472) // axis numbers and labels
	grid  = rgb(0xE6E9ED)
	tint  = rgb(0x2B5C8A) // the shade of a contour's bands
)

// Swatch is one colour that figures use, with its counterpart for dark screens.
type Swatch struct {
	Name  string // "ink", "flow-1", ...
	Light string // "#RRGGBB", in capitals as in the SVG files
	Dark  string
}

// Palette lists every colour that occurs in a figure, once each, so that a page
// can show an SVG in its own scheme. The order is fixed.
func Palette() []Swatch {
	swatches := []Swatch{
		{"paper", Hex(paper), "#14181D"},
		{"ink", Hex(ink), "#E8ECF1"},
		{"muted", Hex(muted), "#A3AEBB"},
		{"grid", Hex(grid), "#2A313A"},
		{"tint", Hex(tint), "#7FB0DC"},
	}
	seen := make(map[string]bool)
	add := func(name string, style Style) {
		if light := Hex(style.Light); !seen[light] {
			seen[light] = true
			swatches = append(swatches, Swatch{name, light, Hex(style.Dark)})
		}
	}
	for _, name := range []string{
		"discrete", "flow-1", "flow-2", "memoryless-1", "memoryless-2",
		"moments-1", "moments-2", "central", "penalized", "anti-penalized", "rest", "maximum",
	} {
		add(name, styles[name])
	}
	for i, style := range spare {
		add(fmt.Sprintf("spare-%d", i+1), style)
	}
	return swatches
}

// Hex writes a colour as #RRGGBB.
func Hex(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// rgb makes an opaque colour of 0xRRGGBB.
func rgb(x uint32) color.RGBA {
	return color.RGBA{R: uint8(x >> 16), G: uint8(x >> 8), B: uint8(x), A: 255}
}

// veil is a colour at some opacity. Unlike [color.NRGBA] it rounds its
// premultiplied components up, so that taking the opacity out again gives the
// very same colour back, also where that truncates.
type veil struct {
	of      color.RGBA
	opacity float64 // from 0.01 to 1
}

// RGBA implements [color.Color].
func (v veil) RGBA() (r, g, b, a uint32) {
	opacity := uint32(65535*v.opacity + 0.5)
	up := func(c uint8) uint32 { return (uint32(c)*257*opacity + 65534) / 65535 }
	return up(v.of.R), up(v.of.G), up(v.of.B), opacity
}
