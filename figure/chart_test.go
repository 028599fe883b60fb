package figure

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
)

// document is what a test sees of an SVG file.
type document struct {
	text  []string
	paths []string // style attributes
	data  []string // d attributes
	title string
}

// parse reads an SVG as XML, strictly.
func parse(t testing.TB, svg []byte) document {
	t.Helper()
	var doc document
	dec := xml.NewDecoder(bytes.NewReader(svg))
	var inside string
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return doc
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%.500s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local
			for _, a := range token.Attr {
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Fatalf("%s=%q", a.Name.Local, a.Value)
				}
				if inside == "path" && a.Name.Local == "style" {
					doc.paths = append(doc.paths, a.Value)
				}
				if inside == "path" && a.Name.Local == "d" {
					doc.data = append(doc.data, a.Value)
				}
			}
		case xml.CharData:
			switch inside {
			case "text":
				doc.text = append(doc.text, string(token))
			case "title":
				doc.title += string(token)
			}
		case xml.EndElement:
			inside = ""
		}
	}
}

// strokes counts the paths that are drawn in a colour.
func (d document) strokes(colour string) int {
	n := 0
	for _, style := range d.paths {
		if strings.Contains(style, "stroke:"+colour) {
			n++
		}
	}
	return n
}

func (d document) has(text string) bool {
	for _, s := range d.text {
		if s == text {
			return true
		}
	}
	return false
}

func svgOf(t testing.TB, f Figure) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := f.WriteSVG(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// sample is a chart with a gap, a process that stopped and a lone point.
func sample() Chart {
	nan := math.NaN()
	x := []float64{0, 1, 2, 3, 4, 5, 6}
	return Chart{
		Title: "Distance <to> the optimizer", XLabel: "step", YLabel: "ℓ∞ distance", LogY: true,
		Series: []Series{
			{Name: "flow-1", X: x, Y: []float64{0, 1e-3, 2e-3, nan, 4e-3, 5e-3, 6e-3}},
			{Name: "flow-2", Note: "ran away", X: x, Y: []float64{0, 1e-4, 1e-2, 10, math.Inf(1), nan, nan}, Stopped: true},
			{Name: "moments-2", X: x, Y: []float64{nan, nan, 1e-6, nan, nan, nan, nan}},
		},
		Guides: []Guide{{Y: 0.3, Label: "helps below", Below: true}, {Y: 1e9, Label: "far"}, {Y: -1, Label: "never"}},
	}
}

func TestChartStructure(t *testing.T) {
	doc := parse(t, svgOf(t, sample()))
	if doc.title != "Distance <to> the optimizer" {
		t.Errorf("title %q", doc.title)
	}
	for _, text := range []string{"Distance <to> the optimizer", "step", "ℓ∞ distance", "flow-1", "flow-2 (ran away)", "moments-2", "helps below", "far"} {
		if !doc.has(text) {
			t.Errorf("%q is missing from %q", text, doc.text)
		}
	}
	if doc.has("never") {
		t.Error("a guide that a logarithmic axis cannot show is there")
	}
	// One path in the legend, one for each piece; two more for a cross.
	for name, want := range map[string]int{"flow-1": 1 + 2, "flow-2": 1 + 1 + 2, "moments-2": 1} {
		if got := doc.strokes(Hex(StyleOf(name).Light)); got != want {
			t.Errorf("%s: %d strokes, want %d", name, got, want)
		}
	}
	filled := 0
	for _, style := range doc.paths {
		if strings.Contains(style, "fill:"+Hex(StyleOf("moments-2").Light)) {
			filled++
		}
	}
	if filled != 1 {
		t.Errorf("a lone point is %d dots, want 1", filled)
	}
}

// The legend stands above the data: every label of it lies higher than every
// line. Coordinates are read back from the file.
func TestLegendDoesNotCoverData(t *testing.T) {
	c := sample()
	c.Title = ""
	for i := range 12 {
		c.Series = append(c.Series, Series{Name: fmt.Sprintf("a process with a long name %d", i), X: []float64{0, 6}, Y: []float64{1, 2}})
	}
	svg := string(svgOf(t, c))
	lowest := 1e9
	for _, m := range regexp.MustCompile(`<text x="[^"]*" y="-([0-9.]+)"[^>]*>(flow|moments|a process)`).FindAllStringSubmatch(svg, -1) {
		var y float64
		fmt.Sscan(m[1], &y)
		lowest = math.Min(lowest, y)
	}
	highest := 0.0
	for _, m := range regexp.MustCompile(`stroke:#E6E9ED|d="M[0-9.]+,([0-9.]+)L[0-9.]+,([0-9.]+)L`).FindAllStringSubmatch(svg, -1) {
		for _, s := range m[1:] {
			var y float64
			fmt.Sscan(s, &y)
			if y < 299 { // not the paper itself
				highest = math.Max(highest, y)
			}
		}
	}
	if lowest > 1e8 || highest == 0 || lowest <= highest {
		t.Errorf("the lowest label is at %g, the highest line at %g", lowest, highest)
	}
}

func TestEmptyFiguresSayNoData(t *testing.T) {
	nan := math.NaN()
	for name, f := range map[string]Figure{
		"zero chart":    Chart{},
		"zero contour":  Contour{},
		"only gaps":     Chart{Series: []Series{{Name: "a", X: []float64{0, 1}, Y: []float64{nan, math.Inf(1)}}}},
		"log of zeros":  Chart{LogY: true, Series: []Series{{Name: "a", X: []float64{0, 1}, Y: []float64{0, -1}}}},
		"no x":          Chart{Series: []Series{{Name: "a", Y: []float64{1, 2}}}},
		"empty stack":   Chart{Stacked: true},
		"stack of gaps": Chart{Stacked: true, Series: []Series{{Name: "a", X: []float64{1}, Y: []float64{nan}}}},
	} {
		if doc := parse(t, svgOf(t, f)); !doc.has("no data") {
			t.Errorf("%s: %q", name, doc.text)
		}
	}
	if doc := parse(t, svgOf(t, sample())); doc.has("no data") {
		t.Error("a chart with data says that it has none")
	}
}

func TestStackedShares(t *testing.T) {
	x := []float64{0, 1, 2, 3, 4}
	c := Chart{Stacked: true, YRange: [2]float64{0, 1}, Series: []Series{
		{Name: "penalized", X: x, Y: []float64{0.2, 0.3, math.NaN(), 0.5, math.NaN()}},
		{Name: "anti-penalized", X: x, Y: []float64{0.8, 0.7, 0.6, 0.5, 0.4}},
	}}
	doc := parse(t, svgOf(t, c))
	for _, s := range c.Series {
		n := 0
		for _, style := range doc.paths {
			if strings.Contains(style, "fill:"+Hex(StyleOf(s.Name).Light)) {
				n++
			}
		}
		if n != 1+2 { // legend, and a piece on either side of the gap
			t.Errorf("%s: %d areas, want 3", s.Name, n)
		}
	}
	// Shares of 1 reach the top of the fixed range: the areas end at its edge.
	long := Chart{Stacked: true, MaxPoints: 10, Series: []Series{{Name: "penalized", X: make([]float64, 999), Y: make([]float64, 999)}}}
	for i := range 999 {
		long.Series[0].X[i], long.Series[0].Y[i] = float64(i), 0.5
	}
	for _, d := range parse(t, svgOf(t, long)).data {
		if strings.Count(d, "L") > 40 {
			t.Errorf("a stack of 999 points is drawn with %d", strings.Count(d, "L"))
		}
	}
}
