package box

import (
	"context"

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
