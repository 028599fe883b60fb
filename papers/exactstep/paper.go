package exactstep

import (
	"context"
	"fmt"
	"math"
	"sync"

	"leeway/curvature"
	"leeway/figure"
	"leeway/optim"
	"leeway/papers"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2309.08339", Title: "Convergence of Adam with an Exact Constant Step Size",
		Authors: "Mazumder et al.", Venue: "arXiv, 2023",
		About: "A constant step from the loss at the start, the gradient’s Lipschitz constant and the number of steps is held against schedulers and other constants, on a small network; " +
			"the paper’s image networks are not among these claims. The schedulers begin at 0.01, as in the released code, the constant step lies between 0.02 and 0.1.",
		Claims: claims,
	}
}

func seedsOf(scale papers.Scale) int {
	if scale == papers.Full {
		return 20
	}
	return 5
}

func claims(scale papers.Scale) []papers.Claim {
	n := seedsOf(scale)
	how := func(what string) string {
		return fmt.Sprintf("MLP 32-64-64-10 (ReLU, He) on 1,000 rows of ten Gaussian clusters, Adam (0.9, 0.999, 1e-8), %s, K the largest over ten initialisations; %d seeds.", what, n)
	}
	const full, mini = "100 steps in full batch", "50 epochs of ten batches"
	steps := func(id, place, says, quantity, what string, batches int, from papers.Provenance, expected papers.Region, value func([]*contest) *papers.Finding) papers.Claim {
		return papers.Claim{ID: id, Place: place, Says: says, Quantity: quantity, How: how(what), Provenance: from, Expected: expected,
			Measure: func(ctx context.Context, lab *papers.Lab) (*papers.Finding, error) {
				all, err := contests(ctx, lab, batches, n)
				if err != nil {
					return nil, err
				}
				return beside(value(all), all), nil
			}}
	}
	ratio := func(of func(*contest) map[string]*run) func([]*contest) *papers.Finding {
		return func(all []*contest) *papers.Finding {
			var values []float64
			for _, c := range all {
				values = append(values, least(of(c))/c.ours.last())
			}
			return papers.Range(values)
		}
	}
	schedule := func(c *contest) map[string]*run { return c.schedulers }
	constant := func(c *contest) map[string]*run { return c.constants }
	return []papers.Claim{
		{
			ID: "step", Place: "Table I, released code", Provenance: papers.Code, Says: "The step that the authors print for ResNet-18 on ImageNet follows from their constants.",
			Quantity: "sqrt(2 ln 1000 / (40.11 * 100 * 10010))", How: "Arithmetic; 100 epochs of 10,010 batches.", Expected: papers.Between(5.865e-4, 5.867e-4),
			Measure: func(context.Context, *papers.Lab) (*papers.Finding, error) {
				v, err := optim.ExactStep(math.Log(1000), 40.11, 100*10010)
				return papers.Exactly(v), err
			},
		},
		{
			ID: "lipschitz", Place: "released code", Provenance: papers.Measured, Says: "The estimate finds the largest eigenvalue of the Hessian.",
			Quantity: "relative distance from the largest eigenvalue", How: "The toy network’s Hessian at its start: Lanczos to a residual of 1e-8, itself held against dense Hessians in the tests, against power iteration to a residual of 0.01.", Expected: papers.AtMost(0.01), Measure: eigenvalue,
		},
		{
			ID: "bound", Place: "main theorem", Provenance: papers.Derived, Says: "On a smooth loss the least squared gradient stays below (delta/c) sqrt(2 K (L_0 - L*)/T).",
			Quantity: "largest share of that bound, T from 10 to 10,000", How: "A quadratic in 20 dimensions with curvatures from 0.01 to 1, RMSProp with beta2 0.9, delta = sqrt(20/(1 - beta2)), the step of the theorem, c the least of <g, step>/|g|^2 along the run.", Expected: papers.AtMost(1), Measure: bound,
		},
		steps("schedulers", "Figures, abstract", "The constant step brings the gradient’s norm far below every scheduler’s.", "least final norm of seven schedulers over that of the constant step; the range over seeds", full, 1,
			papers.Stated, papers.AtLeast(5), ratio(schedule)),
		steps("constants", "Figures", "No constant step of the grid 0.1, 0.01, ..., 0.00001 does better.", "least final norm of five constants over that of the exact step; the range over seeds", full, 1,
			papers.Stated, papers.AtLeast(1), ratio(constant)),
		steps("factor-two", "Table I", "Half of the step and twice the step do no better.", "lesser final norm of the two over that of the exact step; the range over seeds", full, 1,
			papers.Implied, papers.AtLeast(1), ratio(func(c *contest) map[string]*run { return c.near })),
		steps("accuracy", "Figures", "The constant step’s test accuracy is above the best scheduler’s.", "test accuracy less that of the best scheduler", full, 1,
			papers.Implied, papers.Positive("above 0"), func(all []*contest) *papers.Finding {
				var ours, best []float64
				for _, c := range all {
					most := 0.0
					for _, r := range c.schedulers {
						most = math.Max(most, r.accuracy)
					}
					ours, best = append(ours, c.ours.accuracy), append(best, most)
				}
				return papers.Difference(ours, best)
			}),
		steps("mini-batch", "Figures, abstract", "In mini-batches, too, the constant step’s gradient norm falls below every scheduler’s.", "least final norm of seven schedulers over that of the constant step; the range over seeds", mini, 10,
			papers.Stated, papers.AtLeast(1), ratio(schedule)),
	}
}

// contest is the exact step beside its rivals on one problem.
type contest struct {
	step, lipschitz, loss       float64
	ours                        *run
	schedulers, constants, near map[string]*run
}

// contests runs them, one a seed.
func contests(ctx context.Context, lab *papers.Lab, batches, seeds int) ([]*contest, error) {
	all, errs := make([]*contest, seeds), make([]error, seeds)
	room, jobs := make(chan struct{}, max(lab.Threads, 1)), sync.WaitGroup{}
	for seed := range seeds {
		jobs.Add(1)
		room <- struct{}{}
		go func() {
			defer func() { <-room; jobs.Done() }()
			all[seed], errs[seed] = newContest(ctx, batches, uint64(seed))
			lab.Say("seed %d", seed)
		}()
	}
	jobs.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return all, nil
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

func eigenvalue(context.Context, *papers.Lab) (*papers.Finding, error) {
	p, err := newProblem(200, 10, 1, 0)
	if err != nil {
		return nil, err
	}
	h, err := curvature.NewHessian(p.net, p.net.Start())
	if err != nil {
		return nil, err
	}
	pairs, err := curvature.Lanczos(h, &curvature.LanczosSettings{Top: 1, Bottom: 1, Tolerance: 1e-8})
	if err != nil {
		return nil, err
	}
	largest := 0.0
	for _, pair := range append(pairs.Top, pairs.Bottom...) {
		largest = math.Max(largest, math.Abs(pair.Value))
	}
	k, _, err := curvature.Lipschitz(1, func(int) (curvature.Objective, []float64, error) { return p.net, p.net.Start(), nil }, &curvature.PowerSettings{Tolerance: 1e-2, MaxProducts: 5000})
	if err != nil {
		return nil, err
	}
	return papers.Exactly(math.Abs(k/largest - 1)), nil
}

func bound(context.Context, *papers.Lab) (*papers.Finding, error) {
	const d, beta2 = 20, 0.9
	spectrum := make([]float64, d)
	for i := range spectrum {
		spectrum[i] = math.Pow(10, -2*float64(d-1-i)/(d-1)) // the largest is K = 1
	}
	delta := math.Sqrt(d / (1 - beta2))
	largest := 0.0
	table := &papers.Table{Columns: []string{"T", "step size", "c", "least squared gradient", "bound"}}
	for _, steps := range []int{10, 100, 1000, 10_000} {
		excess := 0.0
		theta, g, f := make([]float64, d), make([]float64, d), make([]float64, d)
		for i := range theta {
			theta[i] = 1
			excess += spectrum[i] / 2
		}
		lr, err := optim.ExactStep(excess, delta*delta, steps)
		if err != nil {
			return nil, err
		}
		opt, err := optim.New(optim.RMSProp{Beta2: beta2, Eps: 1e-8, EpsMode: optim.Outside}, lr, optim.Schedule{})
		if err != nil {
			return nil, err
		}
		state, smallest, c := optim.NewState(opt, d), math.Inf(1), math.Inf(1)
		for range steps {
			square, along := 0.0, 0.0
			for i, v := range spectrum {
				g[i] = v * theta[i]
				square += g[i] * g[i]
			}
			state.StepDirection(f, theta, g)
			for i := range f {
				along += math.Abs(f[i] * g[i]) // F has the sign of g: RMSProp’s steps go down every coordinate
			}
			smallest, c = math.Min(smallest, square), math.Min(c, along/square)
		}
		b := delta / c * math.Sqrt(2*excess/float64(steps))
		table.Add(steps, lr, c, smallest, b)
		largest = math.Max(largest, smallest/b)
	}
	r := papers.Exactly(largest)
	r.Table = table
	return r, nil
}
