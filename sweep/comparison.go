package sweep

import (
	"errors"
	"io/fs"
	"path/filepath"

	"leeway/compare"
	"leeway/rundir"
)

// Comparison reads what the sweep found so far: every cell of the plan with its
// result and measurements. Cells without a result have the status missing and no
// measurements, so that nothing unfinished is taken for a result.
func (d *Dir) Comparison() (*compare.Sweep, error) {
	s := &compare.Sweep{Name: d.Name}
	for i := range d.Cells {
		c := &d.Cells[i]
		cell := compare.Cell{ID: c.ID, Values: map[string]string{}, Seed: c.Seed, Status: "missing"}
		for _, v := range c.Values {
			cell.Values[v.Path] = v.Text
		}
		r, err := d.Result(c)
		if err != nil {
			return nil, err
		}
		if r != nil {
			cell.Status, cell.Reason, cell.Summary = r.Status, r.Reason, r.Summary
			if r.Status != Failed {
				cell.Table, err = rundir.ReadMetrics(filepath.Join(d.CellPath(c), rundir.MetricsFile))
				if err != nil && !errors.Is(err, fs.ErrNotExist) {
					return nil, err
				}
			}
		}
		s.Cells = append(s.Cells, cell)
	}
	for _, path := range d.Axes {
		s.Axes = append(s.Axes, compare.NewAxis(path, s.Cells))
	}
	return s, nil
}
