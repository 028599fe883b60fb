package robust

import (
	"context"
	"fmt"

	"leeway/data"
	"leeway/figure"
	"leeway/papers"
)

// cell is the outcome of methods on a problem of m rows at a share of the largest
// radius, one a seed.
type cell struct {
	rows  int
	share float64
	by    map[Method][]*Outcome
}

// measure trains with methods on problems of numbers of rows, at shares of their largest
// radius.
func (w world) measure(ctx context.Context, lab *papers.Lab, k kind, rows []int, shares []float64, script bool, methods ...Method) ([]cell, error) {
	var cells []cell
	teacher := func(seed, rows int) data.TeacherSettings {
		return data.TeacherSettings{Rows: rows, Features: w.d, SparseTeacher: k.teacher, SparseRows: k.rows, Seed: uint64(seed)}
	}
	tests, err := papers.Shared(lab, k.name+", test", func() ([]*data.Set, error) {
		all := make([]*data.Set, w.seeds)
		return all, papers.Each(w.seeds, lab.Threads, func(i int) (err error) {
			all[i], err = TestRows(teacher(i, w.test))
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	for _, m := range rows {
		problems, err := papers.Shared(lab, fmt.Sprintf("%s, %d", k.name, m), func() ([]*Problem, error) {
			all := make([]*Problem, w.seeds)
			return all, papers.Each(w.seeds, lab.Threads, func(i int) (err error) {
				all[i], err = NewProblem(teacher(i, m), tests[i])
				return err
			})
		})
		if err != nil {
			return nil, err
		}
		for _, share := range shares {
			c := cell{m, share, map[Method][]*Outcome{}}
			for _, method := range methods {
				c.by[method], err = papers.Shared(lab, fmt.Sprintf("%s, %d, %g, %s, %t", k.name, m, share, method, script), func() ([]*Outcome, error) {
					lab.Say("%s, %d rows, %g of the largest radius", method, m, share)
					all := make([]*Outcome, w.seeds)
					return all, papers.Each(w.seeds, lab.Threads, func(i int) (err error) {
						all[i], err = problems[i].Run(ctx, Settings{Method: method, Radius: share * problems[i].Radius, Script: script, Steps: w.steps})
						return err
					})
				})
				if err != nil {
					return nil, err
				}
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}

// difference is, for each seed, the gap of method a less that of b, the mean over cells.
func difference(cells []cell, seeds int, a, b Method) []float64 {
	values := make([]float64, seeds)
	for i := range values {
		for _, c := range cells {
			values[i] += (c.by[a][i].Gap() - c.by[b][i].Gap()) / float64(len(cells))
		}
	}
	return values
}

// beside adds table and figure of the cells to a finding.
func beside(f *papers.Finding, cells []cell, methods []Method, objective string) *papers.Finding {
	f.Table = &papers.Table{Columns: []string{"rows", "radius, share of the largest", "method", "steps", "robust loss", "train accuracy", "test accuracy", "gap"}}
	chart := figure.Chart{XLabel: "training rows", YLabel: "robust generalisation gap", LogX: true}
	lines := map[string]*figure.Series{}
	var names []string
	for _, c := range cells {
		for _, m := range methods {
			var steps, loss, train, test float64
			n := float64(len(c.by[m]))
			var gaps []float64
			for _, o := range c.by[m] {
				steps, loss, train, test = steps+float64(o.Steps)/n, loss+o.Loss/n, train+o.Train/n, test+o.Test/n
				gaps = append(gaps, o.Gap())
			}
			f.Table.Add(c.rows, c.share, string(m), steps, loss, train, test, train-test)
			name := fmt.Sprintf("%s, radius %g", m, c.share)
			if lines[name] == nil {
				lines[name] = &figure.Series{Name: name, Style: figure.Numbered(len(names))}
				names = append(names, name)
			}
			s, mean := lines[name], papers.Mean(gaps)
			s.X, s.Y, s.Low, s.High = append(s.X, float64(c.rows)), append(s.Y, mean.Value), append(s.Low, mean.Low), append(s.High, mean.High)
		}
	}
	for _, name := range names {
		chart.Series = append(chart.Series, *lines[name])
	}
	if n := capped(cells, methods); n > 0 {
		f.Notes = append(f.Notes, fmt.Sprintf("%d runs ended at the largest number of steps before the loss was below 0.001; the table has their loss.", n))
	}
	f.Figures = []papers.Figure{{Name: "gaps", Caption: "Training less test robust accuracy, mean with 95 % interval over seeds; the radius is a share of the largest separable one. Trained on " + objective + ".", Drawing: chart}}
	return f
}

// capped is the number of runs that did not reach the loss at which training ends.
func capped(cells []cell, methods []Method) int {
	n := 0
	for _, c := range cells {
		for _, m := range methods {
			for _, o := range c.by[m] {
				if !(o.Loss < enough) {
					n++
				}
			}
		}
	}
	return n
}
