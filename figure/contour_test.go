package figure

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
)

// bowl is a contour figure of x^2 + 4 y^2 with a path that leaves it.
func bowl() Contour {
	z := make([][]float64, 41)
	for j := range z {
		z[j] = make([]float64, 51)
		for i := range z[j] {
			x, y := -2+4*float64(i)/50, -1+2*float64(j)/40
			z[j][i] = x*x + 4*y*y
		}
	}
	return Contour{
		Title: "Paths", XLabel: "θ₁", YLabel: "θ₂", X: [2]float64{-2, 2}, Y: [2]float64{-1, 1}, Z: z,
		Paths: []Series{
			{Name: "discrete", X: []float64{-1.5, -0.5, 0}, Y: []float64{0.8, 0.2, 0}},
			{Name: "flow-2", X: []float64{-1.5, 0, 9}, Y: []float64{0.8, 0.8, 9}, Stopped: true},
			{Name: "flow-1", X: []float64{math.NaN()}, Y: []float64{1}},
		},
		Curves: []Series{{Name: "valley", X: []float64{-2, 2}, Y: []float64{0, 0}}},
		Marks:  []Mark{{X: 0, Y: 0, Label: "minimum"}, {X: 1.9, Y: 0.5, Label: "near the edge"}, {X: 50, Y: 0, Label: "off the map"}, {X: math.NaN()}},
	}
}

func TestContourStructure(t *testing.T) {
	c := bowl()
	doc := parse(t, svgOf(t, c))
	for _, text := range []string{"discrete", "flow-2", "valley", "minimum", "near the edge", "θ₁"} {
		if !doc.has(text) {
			t.Errorf("%q is missing", text)
		}
	}
	if doc.has("off the map") {
		t.Error("a mark off the map is there")
	}
	layers := 0
	for _, style := range doc.paths {
		if strings.Contains(style, "fill:"+Hex(tint)) {
			layers++
		}
	}
	if layers != 12 {
		t.Errorf("%d layers of tint, want one for each level", layers)
	}
	// The path that leaves is cut at the edge: no coordinate beyond the canvas.
	for _, d := range doc.data {
		for _, m := range regexp.MustCompile(`[ML]([-0-9.e]+),([-0-9.e]+)`).FindAllStringSubmatch(d, -1) {
			var x, y float64
			fmt.Sscan(m[1], &x)
			fmt.Sscan(m[2], &y)
			if x < -1 || x > 526 || y < -1 || y > 421 {
				t.Fatalf("point (%g, %g) is outside of the figure", x, y)
			}
		}
	}
	for name, z := range map[string][][]float64{"ragged": {{1, 2}, {1}}, "one row": {{1, 2}}, "none": nil} {
		c.Z = z
		if doc := parse(t, svgOf(t, c)); doc.has("no data") || !doc.has("discrete") {
			t.Errorf("%s grid: paths are not drawn", name)
		}
	}
	c.X = [2]float64{} // the range of the paths then
	if doc := parse(t, svgOf(t, c)); doc.has("no data") {
		t.Error("no range, no figure")
	}
	long := Contour{MaxPoints: 50, Paths: []Series{{Name: "discrete"}}}
	for i := range 5000 {
		long.Paths[0].X = append(long.Paths[0].X, math.Cos(float64(i)/800))
		long.Paths[0].Y = append(long.Paths[0].Y, math.Sin(float64(i)/800))
	}
	for _, d := range parse(t, svgOf(t, long)).data {
		if n := strings.Count(d, "L"); n > 50 {
			t.Errorf("a path of 5000 points is drawn with %d", n)
		}
	}
}
