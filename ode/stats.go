package ode

import "math"

// Stats counts the work of a solve and adds up its error estimates. Errors are
// absolute, in the max norm over components, in the units of y.
type Stats struct {
	// Accepted and Rejected count steps, Evaluations calls of Derivative.
	Accepted, Rejected, Evaluations int
	// Estimated counts the accepted steps whose local error was measured: all
	// with an embedded estimate, every k-th with Settings.EstimateEvery, none
	// otherwise. If it is 0, ErrorSum and MaxError say nothing.
	Estimated int
	// ErrorSum is the sum over accepted steps of the estimated local error, an
	// estimate of the integration error. Steps that were not measured count
	// with the last estimate, scaled by the power of the step size that local
	// errors follow.
	ErrorSum float64
	// MaxError is the largest local error that was measured.
	MaxError float64
}

// plus returns the statistics of two solves together.
func (s Stats) plus(o Stats) Stats {
	return Stats{
		Accepted:    s.Accepted + o.Accepted,
		Rejected:    s.Rejected + o.Rejected,
		Evaluations: s.Evaluations + o.Evaluations,
		Estimated:   s.Estimated + o.Estimated,
		ErrorSum:    s.ErrorSum + o.ErrorSum,
		MaxError:    math.Max(s.MaxError, o.MaxError),
	}
}

// State is what a Solver remembers between calls. It is plain data: stored in a
// checkpoint (all fields are finite) and given back with Restore, it continues
// to the same bits.
type State struct {
	// Step is the step size that control wants next; 0 before the first step.
	Step float64
	// Error is the previous scaled error of the PI controller; 0 before the
	// first step.
	Error float64
	// Countdown is the number of fixed steps until the next Richardson
	// estimate.
	Countdown int
	// Estimate is the last Richardson estimate and EstimateStep the size of its
	// step; both 0 if there is none.
	Estimate, EstimateStep float64
	// Total is what Solver.Total returned.
	Total Stats
}

// Stats returns the statistics of the latest call of Integrate or Steps.
func (s *Solver) Stats() Stats { return s.last }

// Total returns the statistics of all calls since New or Reset.
func (s *Solver) Total() Stats { return s.memory.Total.plus(s.last) }

// State returns what the solver remembers between calls.
func (s *Solver) State() State {
	m := s.memory
	m.Total = s.Total()
	return m
}

// Restore brings back what State returned, from this solver or another one of
// the same method and settings. A Steps loop that is still running ends.
func (s *Solver) Restore(state State) {
	s.generation++
	s.memory = state
	s.last = Stats{}
}

// Reset forgets step size, errors and statistics, as if the solver were new: for
// a trajectory that has nothing to do with the previous one.
func (s *Solver) Reset() { s.Restore(State{}) }
