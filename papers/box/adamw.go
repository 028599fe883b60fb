package box

import (
	"context"

	"leeway/objective"
	"leeway/optim"
	"leeway/steepest"
)

// Outcome is where an optimizer ended.
type Outcome struct {
	// KKT is that of the last iterate, Excess its value over the least in the box.
	KKT    steepest.KKT
	Excess float64
	// Late is the largest lambda |x|_inf over the last tenth of the steps.
	Late float64
	// Ridge is the largest component of grad L + lambda x at the end, which is zero
	// where Adam with an l2 penalty rests instead.
	Ridge float64
	End   []float64
}

// Follow takes steps of an optimizer in full batch from zero on a quadratic and
// measures how the box of its weight decay binds. It allocates nothing in a step.
func Follow(ctx context.Context, q *Quadratic, opt optim.Optimizer, steps int) (*Outcome, error) {
	d := len(q.Centre)
	x, g := make([]float64, d), make([]float64, d)
	state, late := optim.NewState(opt, d), 0.0
	for n := range steps {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if _, err := q.Objective.Gradient(g, x, 0); err != nil {
			return nil, err
		}
		state.Step(x, g)
		if n >= steps-max(steps/10, 1) {
			late = max(late, steepest.Inf.Of(x))
		}
	}
	value, err := q.Objective.Gradient(g, x, 0)
	if err != nil {
		return nil, err
	}
	o := &Outcome{KKT: steepest.KKTOf(x, g, steepest.Inf, q.Lambda), Excess: value - q.Least, Late: q.Lambda * late, End: x}
	for j := range g {
		g[j] += q.Lambda * x[j]
	}
	o.Ridge = steepest.Inf.Of(g)
	return o, nil
}

// AdamW is the optimizer of the paper: no eps, no bias correction.
func AdamW(beta1, beta2, lambda float64) optim.Definition {
	return optim.AdamW{Beta1: beta1, Beta2: beta2, EpsMode: optim.Outside, Regularization: optim.Regularization{WeightDecay: lambda}}
}

// Penalised is Adam on the loss with an l2 penalty, for which no box binds.
func Penalised(beta1, beta2, lambda float64) optim.Definition {
	return optim.Adam{Beta1: beta1, Beta2: beta2, EpsMode: optim.Outside, Regularization: optim.Regularization{L2: lambda}}
}

// Rate of the experiments, the n-th of which is for step t = n+1.
var (
	// Root is 0.1 t^-1/2 at the learning rate 0.1.
	Root = optim.Schedule{Kind: "polynomial", Power: 0.5}
	// Harmonic is 2/(t+1) at the learning rate 1.
	Harmonic = optim.Schedule{Kind: "polynomial", Power: 1, Stretch: 2}
)

// Geometry is normalised steepest descent in two norms on sum_i (x_i - x*_i)^2 / i^2
// with x*_i = 1 and gamma_t = 2/(t+1): the loss after each of the given numbers of
// steps, which ascend. Lambda is the weight decay, eta_t = gamma_t / lambda.
// The loss's curvature is 2/i^2, small in most coordinates: good for the l-infinity
// norm, where only their sum counts.
func Geometry(p steepest.Norm, lambda float64, d int, steps []int) ([]float64, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	spectrum, b, constant := make([]float64, d), make([]float64, d), 0.0
	for i := range spectrum {
		spectrum[i] = 2 / float64((i+1)*(i+1))
		b[i] = spectrum[i]
		constant += spectrum[i] / 2
	}
	loss, err := objective.NewDiagonal(spectrum, b)
	if err != nil {
		return nil, err
	}
	x, g := make([]float64, d), make([]float64, d)
	descent := steepest.Descent{P: p, WeightDecay: lambda}
	var values []float64
	for t := 1; len(values) < len(steps); t++ {
		if _, err := loss.Gradient(g, x, 0); err != nil {
			return nil, err
		}
		descent.Step(x, g, 2/(lambda*float64(t+1)))
		if t == steps[len(values)] {
			sum := 0.0
			for i, v := range x {
				sum += spectrum[i] / 2 * (v - 1) * (v - 1)
			}
			values = append(values, sum)
		}
	}
	return values, nil
}
