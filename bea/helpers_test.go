package bea_test

import (
	"math"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/ode"
	"leeway/optim"
)

// start is where all small problems of four parameters begin. No component of
// the full gradient of sines(3) changes sign within time 1/2 from here, which eps
// outside the root asks for.
var start = []float64{0.9, -1.2, 1.5, 2.4}

// sines is a smooth family of losses in four parameters, one a batch, on which
// nothing is symmetric, separable or quadratic.
func sines(t testing.TB, batches int) objective.TwiceDifferentiable {
	t.Helper()
	obj, err := objective.NewSines(4, batches, 3)
	if err != nil {
		t.Fatal(err)
	}
	return obj
}

func mustNew(t testing.TB, def optim.Definition, lr float64, schedule optim.Schedule) optim.Optimizer {
	t.Helper()
	opt, err := optim.New(def, lr, schedule)
	if err != nil {
		t.Fatal(err)
	}
	return opt
}

// constant is an optimizer at a constant learning rate.
func constant(t testing.TB, def optim.Definition, lr float64) optim.Optimizer {
	t.Helper()
	return mustNew(t, def, lr, optim.Schedule{})
}

// must returns x or ends the test.
func must[T any](t testing.TB) func(x T, err error) T {
	return func(x T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

// process is something that follows an optimizer; step n takes it from nh to
// (n+1)h.
type process interface {
	step(n int) error
	theta() []float64
}

type flowProcess struct {
	flow interface {
		ode.System
		SetStep(int)
	}
	solver *ode.Solver
	y      []float64
	dim    int
	h      float64
}

func (p *flowProcess) step(n int) error {
	p.flow.SetStep(n)
	return p.solver.Integrate(p.y, float64(n)*p.h, float64(n+1)*p.h)
}

func (p *flowProcess) theta() []float64 { return p.y[:p.dim] }

type mapProcess struct {
	m *bea.Map
	y []float64
}

func (p *mapProcess) step(n int) error { return p.m.Step(p.y, n) }
func (p *mapProcess) theta() []float64 { return p.y }

// follow makes a flow of the given order that starts at theta, with RK4 in the
// given number of substeps.
func follow(t testing.TB, order int, opt optim.Optimizer, obj objective.TwiceDifferentiable, s *bea.Settings, theta []float64, substeps int) *flowProcess {
	t.Helper()
	flow := must[*bea.Flow](t)(bea.NewFlow(order, opt, obj, s))
	solver := must[*ode.Solver](t)(ode.New(flow, ode.RK4(), &ode.Settings{Substeps: substeps}))
	return &flowProcess{flow, solver, append([]float64(nil), theta...), len(theta), opt.LR}
}

func iterate(t testing.TB, order int, opt optim.Optimizer, obj objective.TwiceDifferentiable, s *bea.Settings, theta []float64) *mapProcess {
	t.Helper()
	return &mapProcess{must[*bea.Map](t)(bea.NewMap(order, opt, obj, s)), append([]float64(nil), theta...)}
}

// race runs the optimizer and, beside it, both flows and both maps, and returns
// the largest distances of flow-1, flow-2, memoryless-1, memoryless-2 from it.
func race(t testing.TB, opt optim.Optimizer, obj objective.TwiceDifferentiable, s *bea.Settings, steps int) [4]float64 {
	t.Helper()
	var worst [4]float64
	var order bea.Order
	if s != nil {
		order = s.Order
	}
	processes := []process{
		follow(t, 1, opt, obj, s, start, 1), follow(t, 2, opt, obj, s, start, 1),
		iterate(t, 1, opt, obj, s, start), iterate(t, 2, opt, obj, s, start),
	}
	run(t, opt, obj, order, start, steps, func(n int, theta, _ []float64, _ *optim.State) {
		for i, p := range processes {
			if err := p.step(n); err != nil {
				t.Fatal(err)
			}
			worst[i] = max(worst[i], bea.Distance(theta, p.theta()))
		}
	})
	return worst
}

// run takes steps of the real optimizer and reports each: theta is the point
// after step n, taken the direction of the step.
func run(t testing.TB, opt optim.Optimizer, obj objective.TwiceDifferentiable, order bea.Order, from []float64, steps int,
	report func(n int, theta, taken []float64, state *optim.State)) {
	t.Helper()
	theta := append([]float64(nil), from...)
	gradient, taken := make([]float64, len(theta)), make([]float64, len(theta))
	state := optim.NewState(opt, len(theta))
	for n := range steps {
		batch := n % obj.Batches()
		if order != nil {
			batch = order.At(n)
		}
		if _, err := obj.Gradient(gradient, theta, batch); err != nil {
			t.Fatal(err)
		}
		state.StepDirection(taken, theta, gradient)
		report(n, theta, taken, state)
	}
}

// slope fits log error against log h by least squares; errors[k] belongs to h
// divided by 2^k.
func slope(errors []float64) float64 {
	n := float64(len(errors))
	mean, sum, square := (n-1)/2, 0.0, 0.0
	for k, e := range errors {
		x := float64(k) - mean
		sum -= x * math.Log2(e)
		square += x * x
	}
	return sum / square
}

// worst is the largest |a - b| relative to the largest |b|.
func relative(a, b []float64) float64 {
	diff, size := 0.0, 0.0
	for j := range b {
		d := math.Abs(a[j] - b[j])
		if math.IsNaN(d) {
			return d
		}
		diff, size = max(diff, d), max(size, math.Abs(b[j]))
	}
	if diff == 0 {
		return 0
	}
	return diff / size
}
