package report

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"

	"leeway/figure"
)

// displayed bounds the points of a series on the page.
const displayed = 1500

// chartData is what the page's script draws, in JSON.
type chartData struct {
	X       []value      `json:"x"`
	YLabel  string       `json:"ylabel"`
	Log     bool         `json:"log"`
	Stacked bool         `json:"stacked"`
	Range   *[2]float64  `json:"range,omitempty"`
	Wide    bool         `json:"wide"`
	Guides  []guideData  `json:"guides"`
	Series  []seriesData `json:"series"`
}

// guideData is a horizontal line to compare with.
type guideData struct {
	Y     float64 `json:"y"`
	Label string  `json:"label"`
	Below bool    `json:"below,omitempty"`
}

// seriesData is one line. Where At is present, Y[k] belongs to X[At[k]].
type seriesData struct {
	Name    string    `json:"name"`
	Note    string    `json:"note,omitempty"`
	Light   string    `json:"light"`
	Dark    string    `json:"dark"`
	Dash    []float64 `json:"dash,omitempty"`
	Width   float64   `json:"width"`
	Stopped bool      `json:"stopped,omitempty"`
	At      []int     `json:"at,omitempty"`
	Y       []value   `json:"y"`
}

// value is a number in JSON with six significant digits, null where it is NaN or
// infinite.
type value float64

// MarshalJSON implements [json.Marshaler].
func (v value) MarshalJSON() ([]byte, error) {
	f := float64(v)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.AppendFloat(nil, f, 'f', -1, 64), nil // steps keep all digits
	}
	return strconv.AppendFloat(nil, f, 'g', 6, 64), nil
}

// data returns the chart of a panel, thinned for display.
func (p panel) data() chartData {
	c := p.chart
	d := chartData{YLabel: c.YLabel, Log: c.LogY, Stacked: c.Stacked, Wide: p.wide, Guides: []guideData{}}
	if c.YRange[0] < c.YRange[1] {
		d.Range = &c.YRange
	}
	for _, g := range c.Guides {
		d.Guides = append(d.Guides, guideData(g))
	}
	// Series have steps of their own: those at which they were measured.
	chosen := make([][]int, len(c.Series))
	place := map[float64]int{} // of a step in d.X
	for k, s := range c.Series {
		n := min(len(s.X), len(s.Y))
		if c.Stacked {
			chosen[k] = every(n, displayed) // areas must not cross between neighbours
		} else {
			chosen[k] = figure.Thin(s.Y[:n], displayed)
		}
		for _, i := range chosen[k] {
			place[s.X[i]] = 0
		}
	}
	for i, x := range slices.Sorted(maps.Keys(place)) {
		place[x] = i
		d.X = append(d.X, value(x))
	}
	for k, s := range c.Series {
		d.Series = append(d.Series, thinned(s, chosen[k], place))
	}
	return d
}

// thinned returns a series at the chosen indices.
func thinned(s figure.Series, chosen []int, place map[float64]int) seriesData {
	style := s.Style
	if style.Light.A == 0 {
		style = figure.StyleOf(s.Name)
	}
	d := seriesData{
		Name: s.Name, Note: s.Note, Stopped: s.Stopped,
		Light: figure.Hex(style.Light), Dark: figure.Hex(style.Dark), Dash: style.Dash, Width: max(style.Width, 1.6),
		Y: []value{},
	}
	for _, i := range chosen {
		d.At = append(d.At, place[s.X[i]])
		d.Y = append(d.Y, value(s.Y[i]))
	}
	if len(chosen) == len(place) {
		d.At = nil // every point is there
	}
	return d
}

// every returns at most limit evenly spaced indices below n, with the last.
func every(n, limit int) []int {
	stride := max(1, (n+limit-2)/(limit-1))
	var indices []int
	for i := 0; i < n; i += stride {
		indices = append(indices, i)
	}
	if n > 0 && !slices.Contains(indices, n-1) {
		indices = append(indices, n-1)
	}
	return indices
}

// script returns the data of all panels as JSON that is safe inside a script
// element: encoding/json writes <, > and & as escapes.
func script(panels []panel) ([]byte, error) {
	charts := make(map[string]chartData, len(panels))
	for _, p := range panels {
		charts[p.name] = p.data()
	}
	return json.Marshal(charts)
}
