package exactstep

import (
	"context"
	"math"
	"strings"

	"leeway/config"
	"leeway/curvature"
	"leeway/optim"
	"leeway/papers"
)

// eigenvalue holds the estimate of the config against Lanczos.
func eigenvalue(context.Context, *papers.Lab) (*papers.Finding, error) {
	s := subjects(papers.Quick)[0]
	c, err := config.Parse([]byte("objective: {"+strings.ReplaceAll(s.objective, "DATA", "0")+"}\noptimizer: {kind: adam, lr: {kind: exact, points: 1}}\n"), "", []string{"objective.data.train=200", "objective.data.test=0"})
	if err != nil {
		return nil, err
	}
	p, err := c.Build()
	if err != nil {
		return nil, err
	}
	h, err := curvature.NewHessian(p.Objective, p.Start)
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
	return papers.Exactly(math.Abs(p.Estimate.Lipschitz/largest - 1)), nil
}

// bound follows RMSProp on a quadratic with the theorem’s step.
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
				along += f[i] * g[i]
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
