package papers

import (
	"context"
	"fmt"
	"math"

	"leeway/config"
	"leeway/rundir"
	"leeway/trace"
)

// Run is a run that was kept in memory.
type Run struct {
	Summary trace.Summary
	columns []string
	rows    [][]float64
	steps   []float64
}

// RunConfig runs a config, a YAML text with overrides, without touching the disk.
// It returns ctx's error when that ends first.
func RunConfig(ctx context.Context, text string, overrides ...string) (*Run, error) {
	c, err := config.Parse([]byte(text), "", overrides)
	if err != nil {
		return nil, err
	}
	p, err := c.Build()
	if err != nil {
		return nil, err
	}
	defer p.Close()
	runner, err := trace.New(c.Setup(p))
	if err != nil {
		return nil, err
	}
	r := &Run{columns: runner.Columns()}
	if err := runner.Run(ctx, (*memory)(r), nil); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.Summary = runner.Summary()
	return r, nil
}

// VerifyConfig fits the orders of a config's processes.
func VerifyConfig(ctx context.Context, text string, overrides ...string) (*trace.Verification, error) {
	c, err := config.Parse([]byte(text), "", overrides)
	if err != nil {
		return nil, err
	}
	p, err := c.Build()
	if err != nil {
		return nil, err
	}
	defer p.Close()
	return trace.Verify(ctx, c.VerifySetup(p), c.Verify.Halvings, nil)
}

// Steps are the measured steps.
func (r *Run) Steps() []float64 { return r.steps }

// Column returns what was measured of PROCESS/QUANTITY, a value a measured step,
// NaN where nothing was; it panics on a column that the run does not have, which
// is a mistake of the claim.
func (r *Run) Column(name string) []float64 {
	for i, c := range r.columns {
		if c != name {
			continue
		}
		values := make([]float64, len(r.rows))
		for k, row := range r.rows {
			values[k] = row[i]
			if rundir.IsMissing(row[i]) {
				values[k] = math.NaN()
			}
		}
		return values
	}
	panic(fmt.Sprintf("papers: no column %s among %q", name, r.columns))
}

// Last is the last number of a column.
func (r *Run) Last(name string) float64 {
	last := math.NaN()
	for _, v := range r.Column(name) {
		if !math.IsNaN(v) {
			last = v
		}
	}
	return last
}

// memory keeps the rows of a run.
type memory Run

func (m *memory) Row(step int, values []float64) error {
	m.rows = append(m.rows, append([]float64(nil), values...))
	m.steps = append(m.steps, float64(step))
	return nil
}

func (m *memory) Spectrum(int, [][]float64) error { return nil }
func (m *memory) Checkpoint(*trace.State) error   { return nil }
