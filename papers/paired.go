package papers

import (
	"fmt"
	"strconv"

	"leeway/compare"
)

// Paired returns a quantity at a place for the cells with two values of a path, in
// pairs of the same seed; seeds of which one run did not get there are left out.
// Where no pair is left the error says why.
func Paired(c *compare.Sweep, path string, a, b float64, quantity string, at compare.At) (x, y []float64, err error) {
	of := func(want float64, seed uint64) (float64, bool) {
		for i := range c.Cells {
			cell := &c.Cells[i]
			if v, err := strconv.ParseFloat(cell.Values[path], 64); err == nil && v == want && cell.Seed == seed {
				return at.Value(cell, quantity)
			}
		}
		return 0, false
	}
	seen := map[uint64]bool{}
	for i := range c.Cells {
		seed := c.Cells[i].Seed
		if seen[seed] {
			continue
		}
		seen[seed] = true
		v, okA := of(a, seed)
		w, okB := of(b, seed)
		if okA && okB {
			x, y = append(x, v), append(y, w)
		}
	}
	if len(x) == 0 {
		return nil, nil, NoRuns(c)
	}
	return x, y, nil
}

// NoRuns is the error of a sweep of which nothing can be compared: the reason of
// the first cell that failed, if one did.
func NoRuns(c *compare.Sweep) error {
	for i := range c.Cells {
		if reason := c.Cells[i].Reason; reason != "" {
			return fmt.Errorf("sweep %s: %s", c.Name, reason)
		}
	}
	return fmt.Errorf("sweep %s: none of its %d runs got to where they are compared", c.Name, len(c.Cells))
}
