package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"leeway/config"
	"leeway/trace"
)

// Failed is the status of a cell that could not be computed; the others are those
// of package trace: done and diverged.
const Failed = "failed"

// Result is what came of a cell.
type Result struct {
	ID     string         `json:"id"`
	Values []config.Value `json:"values"`
	Seed   uint64         `json:"seed"`
	Status string         `json:"status"`
	// Reason says why a cell failed or diverged.
	Reason string `json:"reason,omitempty"`
	// Summary is the run's, nil where it failed.
	Summary *trace.Summary `json:"summary,omitempty"`
	// Owner published it, after so many seconds of its own.
	Owner   Owner     `json:"owner"`
	Seconds float64   `json:"seconds"`
	When    time.Time `json:"when"`
}

func (d *Dir) resultPath(id string) string {
	return filepath.Join(d.path, ResultsFolder, id+".json")
}

// finished reports whether a cell has a result.
func (d *Dir) finished(id string) (bool, error) {
	_, err := os.Stat(d.resultPath(id))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, failed("cannot read the results", d.resultPath(id), err)
	}
	return true, nil
}

// publish stores a result, unless there is one already: then that stays.
func (d *Dir) publish(r *Result) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("sweep: result of %s: %w", r.ID, err)
	}
	if err := create(d.resultPath(r.ID), append(text, '\n')); err != nil && !errors.Is(err, fs.ErrExist) {
		return failed("cannot write a result", d.resultPath(r.ID), err)
	}
	return nil
}

// Result reads the result of a cell, nil if there is none yet.
func (d *Dir) Result(c *Cell) (*Result, error) {
	path := d.resultPath(c.ID)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, failed("cannot read a result", path, err)
	}
	r := &Result{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, &Error{What: "a result is damaged", Where: path, Err: err, Try: "removing the file; leeway sweep run computes the cell again"}
	}
	return r, nil
}

// Retry takes back the results of the cells that failed, so that they are computed
// again from their start, and returns how many there were.
func (d *Dir) Retry() (int, error) {
	n := 0
	for i := range d.Cells {
		c := &d.Cells[i]
		r, err := d.Result(c)
		if err != nil {
			return n, err
		}
		if r == nil || r.Status != Failed {
			continue
		}
		for _, path := range []string{d.CellPath(c), d.resultPath(c.ID)} {
			if err := os.RemoveAll(path); err != nil {
				return n, failed("cannot take back a result", path, err)
			}
		}
		n++
	}
	return n, nil
}
