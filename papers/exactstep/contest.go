package exactstep

import (
	"context"
	"fmt"
	"math"

	"leeway/figure"
	"leeway/optim"
	"leeway/papers"
)

// contest is the exact step beside its rivals on one problem.
type contest struct {
	step, lipschitz, loss       float64
	ours                        *run
	schedulers, constants, near map[string]*run
}

// contests runs them, one a seed.
func contests(ctx context.Context, lab *papers.Lab, batches, seeds int) ([]*contest, error) {
	return papers.Shared(lab, fmt.Sprintf("%d batches", batches), func() ([]*contest, error) {
		all := make([]*contest, seeds)
		return all, papers.Each(seeds, lab.Threads, func(i int) (err error) {
			all[i], err = newContest(ctx, batches, uint64(i))
			lab.Say("seed %d", i)
			return err
		})
	})
}

func newContest(ctx context.Context, batches int, seed uint64) (*contest, error) {
	epochs := 100
	if batches > 1 {
		epochs = 50
	}
	p, err := newProblem(1000, 1000, batches, seed)
	if err != nil {
		return nil, err
	}
	c := &contest{}
	if c.lipschitz, err = p.lipschitz(10); err != nil {
		return nil, err
	}
	if c.loss, err = p.loss(); err != nil {
		return nil, err
	}
	if c.step, err = optim.ExactStep(c.loss, c.lipschitz, epochs*batches); err != nil {
		return nil, err
	}
	each := func(rivals []rival) (map[string]*run, error) {
		runs := map[string]*run{}
		for _, v := range rivals {
			r, err := p.follow(ctx, v.lr, v.schedule, epochs)
			if err != nil {
				return nil, err
			}
			runs[v.name] = r
		}
		return runs, nil
	}
	if c.ours, err = p.follow(ctx, c.step, optim.Schedule{}, epochs); err != nil {
		return nil, err
	}
	if c.schedulers, err = each(schedulers(epochs)); err != nil {
		return nil, err
	}
	if batches > 1 {
		return c, nil
	}
	if c.constants, err = each(constants()); err != nil {
		return nil, err
	}
	c.near, err = each([]rival{{"half of it", c.step / 2, optim.Schedule{}}, {"twice it", 2 * c.step, optim.Schedule{}}})
	return c, err
}

// least is the least final norm.
func least(runs map[string]*run) float64 {
	best := math.Inf(1)
	for _, r := range runs {
		best = math.Min(best, r.last())
	}
	return best
}

// beside adds tables and figures: the norms of the first seed.
func beside(f *papers.Finding, all []*contest) *papers.Finding {
	f.Table = &papers.Table{Columns: []string{"seed", "step size", "K", "L(theta_0)", "rule", "final gradient norm", "final loss", "test accuracy"}}
	chart := figure.Chart{XLabel: "epoch", YLabel: "gradient norm", LogY: true}
	add := func(seed int, c *contest, name string, step any, r *run) {
		f.Table.Add(seed, step, c.lipschitz, c.loss, name, r.last(), r.loss, r.accuracy)
		if seed > 0 {
			return
		}
		s := figure.Series{Name: name, Style: figure.Numbered(len(chart.Series)), Y: r.norms}
		for e := range r.norms {
			s.X = append(s.X, float64(e+1))
		}
		chart.Series = append(chart.Series, s)
	}
	for seed, c := range all {
		add(seed, c, "exact step", c.step, c.ours)
		for _, v := range append(append(schedulers(len(c.ours.norms)), constants()...), rival{name: "half of it", lr: c.step / 2}, rival{name: "twice it", lr: 2 * c.step}) {
			for _, runs := range []map[string]*run{c.schedulers, c.constants, c.near} {
				if r := runs[v.name]; r != nil {
					add(seed, c, v.name, v.lr, r)
				}
			}
		}
	}
	f.Figures = []papers.Figure{{Name: "norms", Caption: "Gradient norm of each epoch, first seed: the exact step beside schedulers and constants.", Drawing: chart}}
	return f
}
