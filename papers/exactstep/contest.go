package exactstep

import (
	"context"
	"fmt"
	"math"

	"leeway/compare"
	"leeway/figure"
	"leeway/papers"
	"leeway/trace"
)

// contest is the sweep of a seed.
type contest struct{ runs []run }

// run is a rival with what came of it.
type run struct {
	rival
	// step is the constant step size, NaN of schedulers.
	step float64
	// epochs and norms are the gradient's norm after each epoch: the root of the mean
	// over batches of |g|^2.
	epochs, norms []float64
	accuracy      float64 // on the test rows, at the end
	start, loss   float64 // of all training rows, at the start and at the end
}

// last is the norm at the end.
func (r *run) last() float64 { return r.norms[len(r.norms)-1] }

// contests are those of all seeds.
func (s *subject) contests(ctx context.Context, lab *papers.Lab) ([]*contest, error) {
	var all []*contest
	for seed := range s.seeds {
		found, err := lab.Sweep(ctx, s.sweep(seed))
		if err != nil {
			return nil, err
		}
		rivals := s.rivals()
		if len(found.Cells) != len(rivals) {
			return nil, fmt.Errorf("exactstep: the sweep %s has %d runs, not %d", found.Name, len(found.Cells), len(rivals))
		}
		c := &contest{}
		for i, v := range rivals {
			r, err := s.read(v, &found.Cells[i])
			if err != nil {
				return nil, fmt.Errorf("exactstep: sweep %s, %s: %w", found.Name, v.name, err)
			}
			c.runs = append(c.runs, r)
		}
		all = append(all, c)
	}
	return all, nil
}

// read is what a cell measured.
func (s *subject) read(v rival, cell *compare.Cell) (run, error) {
	r := run{rival: v, step: math.NaN()}
	if cell.Table == nil || cell.Table.Rows < 2 || cell.Status != "done" {
		return r, fmt.Errorf("the run is %s: %s", cell.Status, cell.Reason)
	}
	column := func(name string) []float64 { return cell.Table.Column(trace.Discrete + "/" + name) }
	norms, noise, last := column("two_norm"), column("noise_scale"), cell.Table.Rows-1
	for i, step := range cell.Table.Column("step") {
		norm := norms[i]
		if noise != nil {
			norm = s.perBatch(norm, noise[i], rows)
		}
		r.epochs, r.norms = append(r.epochs, step/float64(s.batches)), append(r.norms, norm)
	}
	if v.kind != scheduler {
		r.step = cell.Table.Column("t")[1] / cell.Table.Column("step")[1]
	}
	losses := column("loss")
	r.start, r.loss, r.accuracy = losses[0], losses[last], column("accuracy")[last]
	return r, nil
}

// perBatch is the root of the mean over B equal batches of |g_k|^2, which is
// |g|^2 (1 + S (B-1)/rows) with the noise scale S.
func (s *subject) perBatch(norm, noise float64, rows int) float64 {
	return norm * math.Sqrt(1+noise*float64(s.batches-1)/float64(rows))
}

// of are the runs of a kind.
func (c *contest) of(kind rule) []run {
	var all []run
	for _, r := range c.runs {
		if r.kind == kind {
			all = append(all, r)
		}
	}
	return all
}

// exact is the run with the exact step.
func (c *contest) exact() *run { return &c.runs[0] }

// ratio is the least final norm of a kind over that of the exact step, by seeds.
func ratio(kind rule) func([]*contest) *papers.Finding {
	return func(all []*contest) *papers.Finding {
		var values []float64
		for _, c := range all {
			least := math.Inf(1)
			for _, r := range c.of(kind) {
				least = math.Min(least, r.last())
			}
			values = append(values, least/c.exact().last())
		}
		return papers.Range(values)
	}
}

// accuracy is that with the exact step less that of the scheduler which is best on
// average: choosing one for each seed would choose by the test rows.
func accuracy(all []*contest) *papers.Finding {
	var best *papers.Finding
	most, name := math.Inf(-1), ""
	for k, rival := range all[0].of(scheduler) {
		var own, its []float64
		mean := 0.0
		for _, c := range all {
			r := c.of(scheduler)[k]
			own, its, mean = append(own, c.exact().accuracy), append(its, r.accuracy), mean+r.accuracy/float64(len(all))
		}
		if mean > most {
			best, most, name = papers.Difference(own, its), mean, rival.name
		}
	}
	if best == nil {
		return papers.Exactly(math.NaN()) // no accuracy is a number
	}
	best.Notes = []string{fmt.Sprintf("The best scheduler is %q with a mean of %.3f.", name, most)}
	return best
}

// beside adds a table of all runs, and the figures of the first seed.
func (s *subject) beside(f *papers.Finding, all []*contest) *papers.Finding {
	f.Table = &papers.Table{Columns: []string{"seed", "rule", "step size", "K", "loss at the start", "gradient norm at the end", "loss at the end", "test accuracy"}}
	for seed, c := range all {
		for _, r := range c.runs {
			step, k := any("falls from 0.01"), any("")
			if r.kind != scheduler {
				step = r.step
			}
			if r.kind == ours {
				k = 2 * r.start / (r.step * r.step * float64(s.steps)) // as the step has it
			}
			f.Table.Add(seed, r.name, step, k, r.start, r.last(), r.loss, r.accuracy)
		}
	}
	add := func(name, what string, kinds ...rule) {
		chart := figure.Chart{XLabel: "epoch", YLabel: "gradient norm", LogY: true}
		for _, kind := range append([]rule{ours}, kinds...) {
			for _, r := range all[0].of(kind) {
				s := figure.Series{Name: r.name, Style: figure.Numbered(len(chart.Series)), X: r.epochs, Y: r.norms}
				if kind == ours {
					s.Style = figure.StyleOf("discrete") // black and thick
				}
				chart.Series = append(chart.Series, s)
			}
		}
		if len(chart.Series) > 1 {
			f.Figures = append(f.Figures, papers.Figure{Name: name, Caption: "Gradient norm after each epoch, first seed: the exact step beside " + what + ".", Drawing: chart})
		}
	}
	add("schedulers", "schedulers", scheduler)
	add("constants", "other constant steps", near, constant)
	return f
}
