package figure

import (
	"image/color"
	"math"
	"slices"
	"testing"
)

// processNames are the processes of a run, whose lines share charts.
var processNames = []string{
	"discrete", "flow-1", "flow-2", "memoryless-1", "memoryless-2", "moments-1", "moments-2", "central",
}

// linear returns the linear RGB components of an sRGB colour (IEC 61966-2-1).
func linear(c color.RGBA) [3]float64 {
	var out [3]float64
	for i, v := range []uint8{c.R, c.G, c.B} {
		x := float64(v) / 255
		if x <= 0.04045 {
			out[i] = x / 12.92
		} else {
			out[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return out
}

// lab returns CIE 1976 L*a*b* of linear RGB under D65.
func lab(rgb [3]float64) [3]float64 {
	x := (0.4124*rgb[0] + 0.3576*rgb[1] + 0.1805*rgb[2]) / 0.9505
	y := 0.2126*rgb[0] + 0.7152*rgb[1] + 0.0722*rgb[2]
	z := (0.0193*rgb[0] + 0.1192*rgb[1] + 0.9505*rgb[2]) / 1.089
	f := func(t float64) float64 {
		if t > 0.008856 {
			return math.Cbrt(t)
		}
		return 7.787*t + 16.0/116
	}
	return [3]float64{116*f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))}
}

// blind simulates how a dichromat sees linear RGB, by the matrices of F. Viénot,
// H. Brettel and J. Mollon (1999). The last entry is normal sight.
var blind = map[string]func([3]float64) [3]float64{
	"protanopia": func(c [3]float64) [3]float64 {
		rg := 0.11238*c[0] + 0.88762*c[1]
		return [3]float64{rg, rg, 0.00401*c[0] - 0.00401*c[1] + c[2]}
	},
	"deuteranopia": func(c [3]float64) [3]float64 {
		rg := 0.29275*c[0] + 0.70725*c[1]
		return [3]float64{rg, rg, -0.02234*c[0] + 0.02234*c[1] + c[2]}
	},
	"normal": func(c [3]float64) [3]float64 { return c },
}

// apart is the distance of two colours in L*a*b* as a dichromat sees them.
func apart(see func([3]float64) [3]float64, a, b color.RGBA) float64 {
	p, q := lab(see(linear(a))), lab(see(linear(b)))
	return math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2]))
}

// The truth is a published model of colour blindness, independent of how the
// colours were chosen: two lines of the same dash must differ by at least 15 in
// L*a*b* (about 2 is just noticeable) in the eyes of everyone.
func TestProcessesStayApartUnderColourBlindness(t *testing.T) {
	for kind, see := range blind {
		for i, a := range processNames {
			for _, b := range processNames[:i] {
				p, q := StyleOf(a), StyleOf(b)
				if !slices.Equal(p.Dash, q.Dash) {
					continue
				}
				if d := apart(see, p.Light, q.Light); d < 15 {
					t.Errorf("%s: %s and %s differ by %.1f on paper", kind, a, b, d)
				}
				if d := apart(see, p.Dark, q.Dark); d < 15 {
					t.Errorf("%s: %s and %s differ by %.1f on a dark screen", kind, a, b, d)
				}
			}
		}
	}
	// The test can fail: a red and a green of the same lightness.
	if d := apart(blind["deuteranopia"], rgb(0xC05050), rgb(0x6F8A30)); d > 15 {
		t.Errorf("the simulation tells red from green: %.1f", d)
	}
}

// Lines must stand out from their ground: contrast by WCAG 2.1, 3:1 for graphics.
func TestLinesContrastWithTheirGround(t *testing.T) {
	luminance := func(c color.RGBA) float64 {
		l := linear(c)
		return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
	}
	for _, name := range processNames {
		style := StyleOf(name)
		if ratio := 1.05 / (luminance(style.Light) + 0.05); ratio < 2.95 {
			t.Errorf("%s on paper: contrast %.2f", name, ratio)
		}
		if ratio := (luminance(style.Dark) + 0.05) / (luminance(rgb(0x14181D)) + 0.05); ratio < 4.5 {
			t.Errorf("%s on a dark screen: contrast %.2f", name, ratio)
		}
	}
}

func TestStyleOfUnknownNameIsFixed(t *testing.T) {
	a, b := StyleOf("my process"), StyleOf("my process")
	if a.Light != b.Light || !slices.Equal(a.Dash, b.Dash) {
		t.Error("one name, two styles")
	}
	if a.Light == StyleOf("discrete").Light {
		t.Error("an unknown name looks like the optimizer")
	}
}

func TestPaletteIsComplete(t *testing.T) {
	swatches := Palette()
	light := map[string]bool{}
	for _, s := range swatches {
		if light[s.Light] {
			t.Errorf("%s occurs twice", s.Light)
		}
		light[s.Light] = true
	}
	for name, style := range styles {
		if !light[Hex(style.Light)] {
			t.Errorf("%s is missing", name)
		}
	}
	if !slices.Equal(swatches, Palette()) {
		t.Error("the order changes")
	}
}
