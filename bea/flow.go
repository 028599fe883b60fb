package bea

import (
	"leeway/objective"
	"leeway/optim"
)

// Flow is the piecewise vector field that follows an optimizer: the leading
// flow theta' = -F_n (order 1) or the corrected one (order 2; arXiv 2309.00079,
// the main theorem, for Adam),
//
//	theta' = -eta_n F_n - h eta_n (Corr_n + eta_n DF_n[F_n]/2),  nh <= t <= (n+1)h,
//
// whose solution stays within O(h^2) of the iterates over a fixed time. It
// changes at every grid point: integrate from grid point to grid point, calling
// [Flow.SetStep] at each.
type Flow struct {
	expansion  *Expansion
	order, n   int
	f, correct []float64
}

// NewFlow returns the flow of order 1 or 2; it panics for another order. The
// error is that of [NewExpansion].
func NewFlow(order int, opt optim.Optimizer, obj objective.TwiceDifferentiable, settings *Settings) (*Flow, error) {
	checkOrder(order)
	e, err := NewExpansion(opt, obj, settings)
	if err != nil {
		return nil, err
	}
	return &Flow{expansion: e, order: order, f: make([]float64, e.dim), correct: make([]float64, e.dim)}, nil
}

func checkOrder(order int) {
	if order != 1 && order != 2 {
		panic("bea: order must be 1 or 2")
	}
}

// Dim is the number of parameters.
func (f *Flow) Dim() int { return f.expansion.dim }

// SetStep makes f the field of the interval [nh, (n+1)h].
func (f *Flow) SetStep(n int) { f.n = n }

// Derivative writes the velocity at theta to dst; it does not depend on t within
// the interval. It makes Flow a system for package ode.
func (f *Flow) Derivative(dst []float64, _ float64, theta []float64) error {
	eta := f.expansion.opt.Schedule.Factor(f.n)
	if f.order == 1 {
		if err := f.expansion.Direction(f.f, f.n, theta); err != nil {
			return err
		}
		for j, x := range f.f {
			dst[j] = -eta * x
		}
		return nil
	}
	if err := f.expansion.Correct(f.correct, f.f, f.n, theta, 0.5); err != nil {
		return err
	}
	h := f.expansion.opt.LR
	for j, x := range f.f {
		dst[j] = -eta * (x + h*f.correct[j])
	}
	return nil
}

// Parts writes h times the correction to correction and returns the leading
// direction F_n, both at the theta of the last evaluation: their negative sum is
// the velocity, up to eta_n. The next evaluation overwrites what is returned; the
// correction of a flow of order 1 is zero.
func (f *Flow) Parts(correction []float64) (leading []float64) {
	h := f.expansion.opt.LR
	for j, x := range f.correct {
		correction[j] = h * x
	}
	return f.f
}

// Map is the memoryless iteration of order 1 or 2 (arXiv 2502.02132, Theorem
// 3.2 and Corollary 3.3),
//
//	theta <- theta - h eta_n F_n(theta) - h^2 eta_n Corr_n(theta),
//
// the second term for order 2 only.
type Map struct {
	expansion  *Expansion
	order      int
	f, correct []float64
}

// NewMap returns the memoryless map of order 1 or 2; it panics for another
// order. The error is that of [NewExpansion].
func NewMap(order int, opt optim.Optimizer, obj objective.TwiceDifferentiable, settings *Settings) (*Map, error) {
	flow, err := NewFlow(order, opt, obj, settings)
	if err != nil {
		return nil, err
	}
	return &Map{expansion: flow.expansion, order: order, f: flow.f, correct: flow.correct}, nil
}

// Step does step n on theta.
func (m *Map) Step(theta []float64, n int) error {
	var err error
	if m.order == 1 {
		err = m.expansion.Direction(m.f, n, theta)
	} else {
		err = m.expansion.Correct(m.correct, m.f, n, theta, 0)
	}
	if err != nil {
		return err
	}
	opt := m.expansion.opt
	h := opt.StepSize(n)
	for j := range theta {
		theta[j] -= h * (m.f[j] + opt.LR*m.correct[j])
	}
	return nil
}
