package main

import (
	"slices"
	"time"

	"leeway/config"
	"leeway/objective"
	"leeway/optim"
)

// timed measures what is done with an objective, at points near the start that
// change from call to call: some objectives remember the last one.
type timed struct {
	objective objective.TwiceDifferentiable
	both      func(gradient, product, theta, v []float64, k int) (float64, error) // nil if there is none

	reps   int
	points [2][]float64
	calls  int

	grad, product, direction []float64
	state                    *optim.State
	walker                   []float64 // what the optimizer moves
}

func newTimed(p *config.Problem, reps int) *timed {
	n := len(p.Start)
	t := &timed{objective: p.Objective, reps: reps, state: optim.NewState(p.Optimizer, n)}
	for i := range t.points {
		t.points[i] = slices.Clone(p.Start)
	}
	t.points[1][0] += 1e-3
	t.grad, t.product, t.direction, t.walker = make([]float64, n), make([]float64, n), make([]float64, n), slices.Clone(p.Start)
	for j := range t.direction {
		t.direction[j] = float64(1 - 2*(j%2))
	}
	return t
}

// theta is where to look next.
func (t *timed) theta() []float64 {
	t.calls++
	return t.points[t.calls%2]
}

func (t *timed) gradient() error {
	_, err := t.objective.Gradient(t.grad, t.theta(), 0)
	return err
}

func (t *timed) gradientAndProduct() error {
	theta := t.theta()
	if t.both != nil {
		_, err := t.both(t.grad, t.product, theta, t.direction, 0)
		return err
	}
	if _, err := t.objective.Gradient(t.grad, theta, 0); err != nil {
		return err
	}
	return t.objective.HVP(t.product, theta, t.direction, 0)
}

func (t *timed) step() error {
	t.state.Step(t.walker, t.grad)
	return nil
}

// How often a task is measured without being told.
const (
	budget              = 2 * time.Second
	leastReps, mostReps = 5, 201
)

// median runs a task once to warm up and then several times, and returns the
// median time in milliseconds and the number of times.
func (t *timed) median(task func() error) (ms float64, reps int, err error) {
	var all []float64
	began := time.Now()
	for i := -1; ; i++ {
		start := time.Now()
		if err := task(); err != nil {
			return 0, 0, err
		}
		if i >= 0 {
			all = append(all, float64(time.Since(start).Nanoseconds())/1e6)
		}
		if t.reps > 0 && len(all) == t.reps ||
			t.reps == 0 && (len(all) == mostReps || len(all) >= leastReps && time.Since(began) > budget) {
			return middle(all), len(all), nil
		}
	}
}

// middle is the median.
func middle(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	n := len(x)
	return (x[(n-1)/2] + x[n/2]) / 2
}
