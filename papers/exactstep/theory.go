package exactstep

import (
	"context"
	"math"

	"leeway/curvature"
	"leeway/optim"
	"leeway/papers"
)

// eigenvalue holds the estimate against Lanczos.
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
	k, _, err := curvature.Lipschitz(1, func(int) (curvature.Objective, []float64, error) { return p.net, p.net.Start(), nil }, estimate)
	if err != nil {
		return nil, err
	}
	return papers.Exactly(math.Abs(k/largest - 1)), nil
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
