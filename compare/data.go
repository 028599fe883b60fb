package compare

import (
	"encoding/json"
	"math"
	"strconv"

	"leeway/rundir"
)

// pageData is what the page computes with.
type pageData struct {
	Name     string        `json:"name"`
	Axes     []axisData    `json:"axes"`
	Measures []measureData `json:"measures"`
	// Curves are the quantities whose courses the page shows.
	Curves []string   `json:"curves"`
	Cells  []cellData `json:"cells"`
	View   viewData   `json:"view"`
	// T holds Student's quantiles by degrees of freedom from 1 on.
	T []num `json:"t"`
}

type axisData struct {
	Path    string   `json:"path"`
	Short   string   `json:"short"`
	Values  []string `json:"values"`
	Numeric bool     `json:"numeric"`
	Log     bool     `json:"log"`
	NearOne bool     `json:"nearOne"`
}

type measureData struct {
	Quantity string `json:"q"`
	Label    string `json:"label"`
	At       string `json:"at"`
	Words    string `json:"words"`
}

type cellData struct {
	ID string `json:"id"`
	// Values are indices into the axes' values, -1 for none.
	Values []int  `json:"v"`
	Seed   string `json:"seed"`
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
	// M holds the measures, null where the cell has none.
	M []num `json:"m"`
	// X and Y are the courses: steps, and a row for each of the curves.
	X []num   `json:"x,omitempty"`
	Y [][]num `json:"y,omitempty"`
}

type viewData struct {
	Quantity string `json:"q"`
	At       string `json:"at"`
	X        int    `json:"x"`
	Lines    int    `json:"lines"`
}

// num is a number of five digits in JSON; what is no number is null.
type num float64

// MarshalJSON implements [json.Marshaler].
func (n num) MarshalJSON() ([]byte, error) {
	x := float64(n)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, x, 'g', 5, 64), nil
}

// curvePoints is about how many numbers all courses on a page may have.
const curvePoints = 500_000

// data gathers what the page needs.
func (s *Sweep) data(v View) ([]byte, error) {
	d := pageData{Name: s.Name, View: viewData{Quantity: v.Quantity, At: v.At.String(), X: -1, Lines: -1}, Curves: s.Quantities()}
	index := make([]map[string]int, len(s.Axes))
	for k := range s.Axes {
		a := &s.Axes[k]
		if a.Path == v.X {
			d.View.X = k
		}
		if a.Path == v.Lines {
			d.View.Lines = k
		}
		d.Axes = append(d.Axes, axisData{a.Path, a.Short(), a.Values, a.Numeric, a.Log, nearOne(a)})
		index[k] = map[string]int{}
		for i, value := range a.Values {
			index[k][value] = i
		}
	}
	measures := s.Measures()
	for _, m := range measures {
		d.Measures = append(d.Measures, measureData{m.Quantity, Label(m.Quantity), m.At.String(), m.At.Words()})
	}
	points := max(12, min(150, curvePoints/max(1, len(s.Cells)*len(d.Curves))))
	for i := range s.Cells {
		c := &s.Cells[i]
		cell := cellData{ID: c.ID, Seed: strconv.FormatUint(c.Seed, 10), Status: c.Status, Reason: c.Reason}
		for k := range s.Axes {
			at := -1
			if value, ok := c.Values[s.Axes[k].Path]; ok {
				at = index[k][value]
			}
			cell.Values = append(cell.Values, at)
		}
		for _, m := range measures {
			x, ok := m.At.Value(c, m.Quantity)
			if !ok {
				x = math.NaN()
			}
			cell.M = append(cell.M, num(x))
		}
		cell.course(c, d.Curves, points)
		d.Cells = append(d.Cells, cell)
	}
	for n := 1; n <= 100; n++ {
		d.T = append(d.T, num(StudentHalf(math.Sqrt(float64(n+1)), n+1)))
	}
	return json.Marshal(d)
}

// course fills in at most so many points of each curve, of steps evenly spaced
// among those measured, the last included.
func (cell *cellData) course(c *Cell, curves []string, points int) {
	if c.Table == nil || c.Table.Rows == 0 {
		return
	}
	steps := c.Table.Column("step")
	var rows []int
	for k := range min(points, len(steps)) {
		rows = append(rows, k*(len(steps)-1)/max(1, min(points, len(steps))-1))
	}
	for _, i := range rows {
		cell.X = append(cell.X, num(steps[i]))
	}
	for _, q := range curves {
		var y []num
		if values := c.Table.Column(q); values != nil {
			for _, i := range rows {
				v := values[i]
				if rundir.IsMissing(v) {
					v = math.NaN()
				}
				y = append(y, num(v))
			}
		}
		cell.Y = append(cell.Y, y)
	}
}
