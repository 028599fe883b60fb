package figure

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the data and the names, a figure is drawn: no panic, well-formed XML,
// no coordinate that is not a number.
func TestAnythingCanBeDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		series := rapid.Custom(func(t *rapid.T) Series {
			return Series{
				Name: rapid.String().Draw(t, "name"), Note: rapid.String().Draw(t, "note"),
				X: values(12).Draw(t, "x"), Y: values(12).Draw(t, "y"), Stopped: rapid.Bool().Draw(t, "stopped"),
			}
		})
		some := rapid.SliceOfN(series, 0, 4)
		number := rapid.Map(values(1), func(v []float64) float64 { return append(v, 0)[0] })
		pair := rapid.Custom(func(t *rapid.T) [2]float64 { return [2]float64{number.Draw(t, "a"), number.Draw(t, "b")} })
		chart := Chart{
			Title: rapid.String().Draw(t, "title"), XLabel: "x", YLabel: rapid.String().Draw(t, "ylabel"),
			LogX: rapid.Bool().Draw(t, "logx"), LogY: rapid.Bool().Draw(t, "logy"), Stacked: rapid.Bool().Draw(t, "stacked"),
			Series: some.Draw(t, "series"), YRange: pair.Draw(t, "yrange"), Width: number.Draw(t, "width"), Height: number.Draw(t, "height"),
			Guides: []Guide{{Y: number.Draw(t, "guide"), Label: rapid.String().Draw(t, "label")}}, MaxPoints: rapid.IntRange(-1, 9).Draw(t, "max"),
		}
		columns := rapid.IntRange(0, 5).Draw(t, "columns")
		row := rapid.Custom(func(t *rapid.T) []float64 {
			return append(values(columns).Draw(t, "row"), make([]float64, columns)...)[:columns]
		})
		contour := Contour{
			Title: "c", X: pair.Draw(t, "x"), Y: pair.Draw(t, "y"), Z: rapid.SliceOfN(row, 0, 5).Draw(t, "z"),
			Levels: rapid.SampledFrom([][]float64{nil, {0, 1}, {math.NaN(), math.Inf(1)}}).Draw(t, "levels"),
			Paths:  some.Draw(t, "paths"), Curves: some.Draw(t, "curves"),
			Marks: []Mark{{X: number.Draw(t, "mx"), Y: number.Draw(t, "my"), Label: rapid.String().Draw(t, "mark")}},
		}
		for _, f := range []Figure{chart, contour} {
			var buf bytes.Buffer
			if err := f.WriteSVG(&buf); err != nil {
				t.Fatal(err)
			}
			dec := xml.NewDecoder(&buf)
			for {
				token, err := dec.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("not well-formed: %v", err)
				}
				start, _ := token.(xml.StartElement)
				for _, a := range start.Attr {
					if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
						t.Fatalf("<%s %s=%q>", start.Name.Local, a.Name.Local, a.Value)
					}
				}
			}
		}
	})
}
