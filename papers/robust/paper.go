package robust

import (
	"context"
	"fmt"
	"sync"

	"leeway/data"
	"leeway/figure"
	"leeway/papers"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2406.04981", Title: "The Price of Implicit Bias in Adversarially Robust Generalization",
		Authors: "Nikolaos Tsilivis, Natalie Frank, Nathan Srebro, Julia Kempe", Venue: "NeurIPS 2024",
		About: "In robust training the implicit bias of the optimizer matters more than in ordinary training: against attacks bounded in every feature, coordinate descent, whose geometry agrees with the attack’s, " +
			"generalises better than gradient descent. Linear models, and a network with one hidden layer; the paper’s convolutional network is not among these claims. Training follows the paper’s robust objective unless a claim says that it follows the released script.",
		Claims: claims,
	}
}

// sparse is a sparse teacher on dense rows, dense the other way round.
type kind struct {
	name          string
	teacher, rows int
}

// world are the problems of a scale.
type world struct {
	d, seeds, test int
	sparse, dense  kind
}

func worldOf(scale papers.Scale) world {
	if scale == papers.Full {
		return world{512, 3, 512 * 512, kind{"sparse teacher, dense rows", 23, 0}, kind{"dense teacher, sparse rows", 0, 4}}
	}
	return world{128, 5, 20_000, kind{"sparse teacher, dense rows", 11, 0}, kind{"dense teacher, sparse rows", 0, 4}}
}

// cell is the outcome of methods on a problem of m rows at a share of the largest
// radius, one a seed.
type cell struct {
	rows  int
	share float64
	by    map[Method][]*Outcome
}

func (w world) measure(ctx context.Context, lab *papers.Lab, k kind, rows []int, shares []float64, script bool, methods ...Method) ([]cell, error) {
	var cells []cell
	for _, m := range rows {
		for _, share := range shares {
			c := cell{m, share, map[Method][]*Outcome{}}
			for _, method := range methods {
				c.by[method] = make([]*Outcome, w.seeds)
			}
			cells = append(cells, c)
		}
	}
	type job struct {
		m, seed int
	}
	errs := make([]error, len(rows)*w.seeds)
	room, jobs := make(chan struct{}, max(lab.Threads, 1)), sync.WaitGroup{}
	for at := range errs {
		j := job{at / w.seeds, at % w.seeds}
		jobs.Add(1)
		room <- struct{}{}
		go func() {
			defer func() { <-room; jobs.Done() }()
			p, err := NewProblem(data.TeacherSettings{Rows: rows[j.m], Features: w.d, SparseTeacher: k.teacher, SparseRows: k.rows, Seed: uint64(j.seed)}, w.test)
			for s := 0; s < len(shares) && err == nil; s++ {
				for _, method := range methods {
					var o *Outcome
					if o, err = p.Run(ctx, Settings{Method: method, Radius: shares[s] * p.Radius, Script: script}); err != nil {
						break
					}
					cells[j.m*len(shares)+s].by[method][j.seed] = o
				}
			}
			errs[at] = err
			lab.Say("%d rows, seed %d", rows[j.m], j.seed)
		}()
	}
	jobs.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
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
			name := fmt.Sprintf("%s, %g", m, c.share)
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
	f.Figures = []papers.Figure{{Name: "gaps", Caption: "Training less test robust accuracy, mean with 95 % interval over seeds; numbers are the radius as a share of the largest separable one. Trained on " + objective + ".", Drawing: chart}}
	return f
}
