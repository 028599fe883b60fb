package papers

import (
	"bytes"
	"fmt"
	"math"

	"leeway/figure"
)

// Finding is what the measurement of a claim gave.
type Finding struct {
	// Value of the claim's quantity and its interval; a value without scatter has
	// Low = High = Value.
	Value, Low, High float64
	// N is the number of independent runs behind the value, 0 where it has no
	// scatter.
	N int
	// Ranges marks an interval that reaches from the least to the largest of the runs;
	// others are 95 % intervals.
	Ranges bool
	// Figures and Table stand beside the claim; both may be empty.
	Figures []Figure
	Table   *Table
	// Notes say what a reader has to know to believe the value.
	Notes []string
}

// Figure is a picture of a finding. Its name is that of its files.
type Figure struct {
	Name, Caption string
	Drawing       figure.Figure
}

// Table holds the numbers behind a finding, ready to print.
type Table struct {
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// Add appends a row of values, formatted: text as it is, numbers to five digits.
func (t *Table) Add(values ...any) {
	row := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case float64:
			row[i] = fmt.Sprintf("%.5g", v)
		default:
			row[i] = fmt.Sprint(v)
		}
	}
	t.Rows = append(t.Rows, row)
}

// Exactly is a finding without scatter.
func Exactly(value float64) *Finding { return &Finding{Value: value, Low: value, High: value} }

// Estimated is a finding with an interval from n independent runs.
func Estimated(value, low, high float64, n int) *Finding {
	return &Finding{Value: value, Low: low, High: high, N: n}
}

// text is the value with its interval for people.
func (f *Finding) text() string {
	switch {
	case math.IsNaN(f.Value):
		return "no number"
	case f.Low == f.High:
		return fmt.Sprintf("%.4g", f.Value)
	}
	if f.Ranges {
		return fmt.Sprintf("%.4g, range %.4g to %.4g", f.Value, f.Low, f.High)
	}
	return fmt.Sprintf("%.4g [%.4g, %.4g]", f.Value, f.Low, f.High)
}

// drawn returns the figures as SVG and PDF.
func (f *Finding) drawn() ([]picture, error) {
	var pictures []picture
	for _, fig := range f.Figures {
		var svg, pdf bytes.Buffer
		if err := fig.Drawing.WriteSVG(&svg); err != nil {
			return nil, fmt.Errorf("papers: figure %s: %w", fig.Name, err)
		}
		if err := fig.Drawing.WritePDF(&pdf); err != nil {
			return nil, fmt.Errorf("papers: figure %s: %w", fig.Name, err)
		}
		pictures = append(pictures, picture{fig.Name, fig.Caption, svg.Bytes(), pdf.Bytes()})
	}
	return pictures, nil
}

// picture is a figure, drawn.
type picture struct {
	name, caption string
	svg, pdf      []byte
}
