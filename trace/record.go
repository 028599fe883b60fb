package trace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"leeway/rundir"
)

// metaKey is the key under which a checkpoint holds the record of a run.
const metaKey = "run"

// Record runs r in a run directory, which must be locked: it goes on from the
// last checkpoint if there is one, appends to metrics.csv, saves checkpoints and
// keeps the status and summary in run.json. Info names the run; its Status and
// Summary are filled in. warn, if not nil, is told about damaged checkpoints
// that were passed over.
//
// Whatever happens, what was written before stays: an error leaves the run
// resumable from the last checkpoint.
func Record(ctx context.Context, r *Runner, dir *rundir.Dir, info rundir.Info, warn func(string), progress func()) error {
	columns := append([]string{"step", "t"}, r.Columns()...)
	from := -1
	checkpoint, err := dir.LoadCheckpoint()
	switch {
	case errors.Is(err, rundir.ErrNoCheckpoint):
	case err != nil:
		return err
	default:
		from = checkpoint.Step
		for _, damaged := range checkpoint.Skipped {
			if warn != nil {
				warn(damaged.Error())
			}
		}
	}
	info.Status = StatusRunning
	if !dir.Existed() {
		// It tells the directory from a foreign one, should we be stopped now.
		if err := dir.WriteInfo(info); err != nil {
			return err
		}
	}
	metrics, err := dir.OpenMetrics(columns, from)
	if err != nil {
		return err
	}
	defer metrics.Close()
	sink := &recorder{dir: dir, metrics: metrics, lr: r.setup.Optimizer.LR}
	if r.setup.measures("density") {
		if sink.spectrum, err = dir.OpenSpectrum(from); err != nil {
			return err
		}
		defer sink.spectrum.Close()
	}
	if checkpoint != nil {
		if err := r.restoreFrom(checkpoint, dir, from); err != nil {
			return err
		}
	}
	if err := dir.WriteInfo(info); err != nil {
		return err
	}
	if err := r.Run(ctx, sink, progress); err != nil {
		return err
	}
	if err := metrics.Close(); err != nil {
		return err
	}
	summary := r.Summary()
	info.Status = summary.Status
	if info.Summary, err = json.Marshal(summary); err != nil {
		return fmt.Errorf("trace: summary of %s: %w", dir.Path(), err)
	}
	return dir.WriteInfo(info)
}

// restoreFrom brings r to a checkpoint, with the rows measured up to it.
func (r *Runner) restoreFrom(c *rundir.Checkpoint, dir *rundir.Dir, upTo int) error {
	state := &State{Step: c.Step, Meta: c.Meta[metaKey]}
	for name, data := range c.Tensors {
		state.Tensors = append(state.Tensors, Tensor{name, data})
	}
	table, err := rundir.ReadMetrics(filepath.Join(dir.Path(), rundir.MetricsFile))
	if err != nil {
		return err
	}
	var rows [][]float64
	for i, step := range table.Column("step") {
		if int(step) > upTo {
			break
		}
		row := make([]float64, 0, len(r.Columns()))
		for _, name := range r.Columns() {
			row = append(row, table.Column(name)[i])
		}
		rows = append(rows, row)
	}
	return r.Restore(state, rows)
}

// recorder writes a run to its directory.
type recorder struct {
	dir     *rundir.Dir
	metrics *rundir.Metrics
	// spectrum is nil where no density is measured.
	spectrum *rundir.Metrics
	lr       float64
	row      []float64
}

// Row appends a row: time n h, then the measurements.
func (s *recorder) Row(step int, values []float64) error {
	s.row = append(append(s.row[:0], float64(step)*s.lr), values...)
	return s.metrics.Append(step, s.row)
}

// Spectrum appends a density.
func (s *recorder) Spectrum(step int, points [][]float64) error {
	return s.spectrum.AppendAll(step, points...)
}

// Checkpoint saves a state, after the rows that lead to it.
func (s *recorder) Checkpoint(state *State) error {
	for _, table := range []*rundir.Metrics{s.metrics, s.spectrum} {
		if table == nil {
			continue
		}
		if err := table.Sync(); err != nil {
			return err
		}
	}
	tensors := make(map[string][]float64, len(state.Tensors))
	for _, t := range state.Tensors {
		tensors[t.Name] = t.Data
	}
	return s.dir.SaveCheckpoint(state.Step, tensors, map[string]string{metaKey: state.Meta})
}
