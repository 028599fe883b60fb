package compare

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// Measure is a quantity at a place.
type Measure struct {
	Quantity string
	At       At
}

// Measures are those that a table of the sweep holds: every quantity at the end, at
// its extremes, at its peak, and at every threshold of the loss, and the step at
// which each threshold was crossed.
func (s *Sweep) Measures() []Measure {
	places := []At{{Kind: "end"}}
	for _, x := range s.Thresholds() {
		places = append(places, At{Kind: "loss", X: x})
	}
	thresholds := places[1:]
	places = append(places[:len(places):len(places)], At{Kind: "max"}, At{Kind: "min"}, At{Kind: "peak", X: 0.1})
	var all []Measure
	for _, a := range append([]At{{Kind: "end"}}, thresholds...) {
		all = append(all, Measure{StepQuantity, a})
	}
	for _, q := range s.Quantities() {
		for _, a := range places {
			all = append(all, Measure{q, a})
		}
	}
	return all
}

// WriteCSV writes a tidy table: one row a cell and measure, with columns cell, the
// axes by their paths, seed, status, quantity, at, value. A value that a cell does
// not have is an empty field. The order is that of the cells and measures, so that
// the same results give the same bytes.
func (s *Sweep) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	row := []string{"cell"}
	for _, a := range s.Axes {
		row = append(row, a.Path)
	}
	out.Write(append(row, "seed", "status", "quantity", "at", "value"))
	measures := s.Measures()
	for i := range s.Cells {
		c := &s.Cells[i]
		head := []string{c.ID}
		for _, a := range s.Axes {
			head = append(head, c.Values[a.Path])
		}
		head = append(head, strconv.FormatUint(c.Seed, 10), c.Status)
		for _, m := range measures {
			text := ""
			if v, ok := m.At.Value(c, m.Quantity); ok {
				text = strconv.FormatFloat(v, 'g', -1, 64)
			}
			out.Write(append(head[:len(head):len(head)], m.Quantity, m.At.String(), text))
		}
		if len(measures) == 0 {
			out.Write(append(head[:len(head):len(head)], "", "", ""))
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("compare: table: %w", err)
	}
	return nil
}
