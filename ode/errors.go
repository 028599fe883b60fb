package ode

import (
	"fmt"
	"math"
)

// StiffError says that step size control gave up: the steps that the tolerance
// asks for are smaller than rounding (or Settings.MinStep) allows, or
// Settings.MaxRejects were rejected in a row.
type StiffError struct {
	// T is the time that was reached, H the signed size of the last trial step.
	T, H float64
	// Step is the number of the step that failed, counted from 1 in this call.
	Step int
	// Rejects is the number of trials of that step.
	Rejects int
	// Component has the largest scaled error.
	Component int
	// Rate estimates the fastest rate of the system at T, the modulus of the
	// largest eigenvalue of the Jacobian, in 1/time; NaN if f could not be
	// evaluated there.
	Rate float64
}

func (e *StiffError) Error() string {
	return fmt.Sprintf("ode: too stiff at t=%.10g: step %d rejected (%d in a row, the last with h=%.2g), largest error in component %d, effective rate %.2g (h*rate = %.2g)",
		e.T, e.Step, e.Rejects, e.H, e.Component, e.Rate, math.Abs(e.H)*e.Rate)
}

// Hint says what to do about it.
func (e *StiffError) Hint() string {
	return fmt.Sprintf("stop before t=%.10g, or allow smaller steps or a looser tolerance; a field that jumps or grows without bound there needs a smoother right-hand side", e.T)
}

// NonFiniteError says that a component of the state, or of the derivative, is
// NaN or infinite, and that smaller steps do not help.
type NonFiniteError struct {
	// T is the time of the bad value; for a derivative that is bad only inside
	// the step it is the end of the step.
	T float64
	// Step is the number of the step, counted from 1 in this call; 0 is the
	// initial state.
	Step int
	// Component is the first one that is not finite.
	Component int
	// Derivative tells a bad derivative at a good state from a bad state.
	Derivative bool
}

func (e *NonFiniteError) Error() string {
	what := "state"
	if e.Derivative {
		what = "derivative"
	}
	return fmt.Sprintf("ode: %s is not finite at t=%.10g, step %d, component %d", what, e.T, e.Step, e.Component)
}

// Hint says what to do about it.
func (e *NonFiniteError) Hint() string {
	switch {
	case e.Step == 0:
		return "a finite initial state"
	case e.Derivative:
		return fmt.Sprintf("check the field at t=%.10g for a division by zero, a root or logarithm of a negative number", e.T)
	default:
		return fmt.Sprintf("smaller or adaptive steps, or stop before t=%.10g", e.T)
	}
}

// StepLimitError says that Settings.MaxSteps did not suffice.
type StepLimitError struct {
	// T is the time that was reached, T1 the end that was asked for, H the
	// signed size of the next step.
	T, T1, H float64
	// Limit is Settings.MaxSteps.
	Limit int
	// Component had the largest scaled error in the latest step; -1 with fixed
	// steps, or before the first one.
	Component int
	// Rate estimates the fastest rate of the system at T, as in StiffError; NaN
	// where Component is -1. If H times Rate is about 3, stability and not
	// accuracy holds the steps of Dopri5 small: the system is stiff.
	Rate float64
}

func (e *StepLimitError) Error() string {
	var where string
	if e.Component >= 0 {
		where = fmt.Sprintf(", largest error in component %d, effective rate %.2g (h*rate = %.2g)", e.Component, e.Rate, math.Abs(e.H)*e.Rate)
	}
	return fmt.Sprintf("ode: limit of %d steps reached at t=%.10g, before t=%.10g, h=%.2g%s", e.Limit, e.T, e.T1, e.H, where)
}

// Hint says what to do about it.
func (e *StepLimitError) Hint() string {
	more := math.Ceil(math.Abs((e.T1 - e.T) / e.H))
	return fmt.Sprintf("a limit above %.0f steps, or a looser tolerance", float64(e.Limit)+more)
}

// DerivativeError wraps an error of System.Derivative.
type DerivativeError struct {
	// T is the time of the evaluation and Step the number of the step, counted
	// from 1 in this call.
	T    float64
	Step int
	// Err is what Derivative returned.
	Err error
}

func (e *DerivativeError) Error() string {
	return fmt.Sprintf("ode: derivative at t=%.10g, step %d: %v", e.T, e.Step, e.Err)
}

// Unwrap returns Err.
func (e *DerivativeError) Unwrap() error { return e.Err }
