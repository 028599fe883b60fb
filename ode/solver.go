package ode

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
)

// Solver integrates one System with one Method. It owns all workspace and
// serves one goroutine at a time; it uses no randomness and no goroutines, so
// equal calls give equal bits.
type Solver struct {
	stepper
	control controller
	set     Settings
	half    richardson

	// The step in hand runs from (t, y) to (tNext, yNew). pending says that it
	// was accepted and the next one has not begun.
	t, tNext, h float64
	y, yNew     []float64
	pending     bool
	haveSlope   bool // k[0] is f(t, y)
	end         []float64
	haveEnd     bool      // end is f(tNext, yNew)
	err         []float64 // the embedded estimate of the latest trial
	stepError   float64
	worst       int // component with the largest scaled error, or -1

	// The call in hand goes from t0 to t1, with fixed steps of size hFixed.
	t0, t1, hFixed, steps float64

	memory     State
	last       Stats
	generation uint64
}

// New returns a solver for the system. Nil settings are the zero Settings. An
// error names the setting, or the part of the method's tableau, that is wrong.
func New(sys System, method *Method, settings *Settings) (*Solver, error) {
	if err := method.check(); err != nil {
		return nil, err
	}
	dim := sys.Dim()
	if dim < 0 {
		return nil, fmt.Errorf("ode: system has dimension %d. Try: a dimension of 0 or more", dim)
	}
	set, err := settings.resolved(method, dim)
	if err != nil {
		return nil, err
	}
	s := &Solver{
		stepper: newStepper(sys, method),
		control: newController(&set, method),
		set:     set,
		half:    newRichardson(&set, method, dim),
		y:       make([]float64, dim),
		yNew:    make([]float64, dim),
	}
	if method.Adaptive() {
		s.err = make([]float64, dim)
	}
	return s, nil
}

// Method returns the method. Its slices are the solver's own: do not modify them.
func (s *Solver) Method() Method { return s.method }

// Settings returns the settings with all defaults filled in.
func (s *Solver) Settings() Settings {
	set := s.set
	set.AbsTols = slices.Clone(set.AbsTols)
	set.RelTols = slices.Clone(set.RelTols)
	return set
}

// Integrate advances y from its value at t0 to its value at t1, in place. The
// last step lands on t1 exactly; t1 may be before t0. Nothing is allocated
// unless it fails. On an error y holds the state at the last accepted step.
//
// It panics if y has another length than Dim.
func (s *Solver) Integrate(y []float64, t0, t1 float64) error {
	if err := s.begin(y, t0, t1); err != nil {
		return err
	}
	var err error
	for s.tNext != t1 && err == nil {
		err = s.advance()
	}
	if s.pending {
		copy(y, s.yNew)
	} else {
		copy(y, s.y)
	}
	return err
}

var errReused = errors.New("ode: the solver was used for something else inside its own Steps loop. Try: a second solver")

// Steps returns an iterator over the accepted steps from (t0, y0) to t1, the
// last of which lands on t1 exactly; t1 may be before t0. An error comes with a
// zero Step and ends the loop. Steps and their states are borrowed, see Step;
// y0 is read when the loop begins and not modified. Leaving the loop early is
// fine.
//
// It panics if y0 has another length than Dim.
func (s *Solver) Steps(t0, t1 float64, y0 []float64) iter.Seq2[Step, error] {
	if s.end == nil && !s.fsal {
		s.end = make([]float64, len(s.y))
	}
	return func(yield func(Step, error) bool) {
		if err := s.begin(y0, t0, t1); err != nil {
			yield(Step{}, err)
			return
		}
		generation := s.generation
		for s.tNext != t1 {
			if err := s.advance(); err != nil {
				yield(Step{}, err)
				return
			}
			step := Step{
				Index: s.last.Accepted, T0: s.t, T: s.tNext, H: s.h, Y: s.yNew,
				Error: s.stepError, solver: s, generation: generation,
			}
			if !yield(step, nil) {
				return
			}
			if s.generation != generation {
				yield(Step{}, errReused)
				return
			}
		}
	}
}

// begin prepares a call.
func (s *Solver) begin(y []float64, t0, t1 float64) error {
	if len(y) != len(s.y) {
		panic("ode: length of y is not the dimension of the system")
	}
	s.generation++
	s.memory.Total = s.Total()
	s.last = Stats{}
	s.pending, s.haveSlope, s.haveEnd = false, false, false
	if span := t1 - t0; 0*span != 0 { // NaN, infinite, or overflowing
		return fmt.Errorf("ode: interval from %g to %g is not finite. Try: finite times; leave a Steps loop to stop early", t0, t1)
	}
	if i := firstNonFinite(y); i >= 0 {
		return &NonFiniteError{T: t0, Component: i}
	}
	copy(s.y, y)
	s.worst = -1
	s.t, s.tNext, s.t0, s.t1 = t0, t0, t0, t1
	if !s.set.Fixed || t0 == t1 {
		return nil
	}
	s.steps = float64(s.set.Substeps)
	if s.set.Step > 0 {
		// The slack keeps a quotient such as 10.000000000000002 at 10.
		s.steps = max(1, math.Ceil(math.Abs(t1-t0)/s.set.Step-1e-9))
	}
	s.hFixed = (t1 - t0) / s.steps
	if t0+s.hFixed == t0 || t1-s.hFixed == t1 {
		return fmt.Errorf("ode: fixed step %g does not change t between %g and %g. Try: a larger step", s.hFixed, t0, t1)
	}
	return nil
}

// advance takes one accepted step.
func (s *Solver) advance() error {
	if s.pending {
		s.y, s.yNew = s.yNew, s.y
		s.t = s.tNext
		switch last := len(s.k) - 1; {
		case s.fsal:
			s.k[0], s.k[last] = s.k[last], s.k[0]
		case s.haveEnd:
			s.k[0], s.end = s.end, s.k[0]
		default:
			s.haveSlope = false
		}
		s.pending, s.haveEnd = false, false
	}
	if !s.haveSlope {
		if err := s.eval(s.k[0], s.t, s.y); err != nil {
			return err
		}
		s.haveSlope = true
	}
	if s.set.Fixed {
		return s.advanceFixed()
	}
	return s.advanceAdaptive()
}

// eval evaluates the derivative.
func (s *Solver) eval(dst []float64, t float64, y []float64) error {
	s.last.Evaluations++
	if err := s.sys.Derivative(dst, t, y); err != nil {
		return &DerivativeError{T: t, Step: s.last.Accepted + 1, Err: err}
	}
	return nil
}

// try carries out a step of the stepper and counts its evaluations.
func (s *Solver) try(dst, y []float64, t, h, tEnd float64) error {
	evals, at, err := s.stepper.try(dst, y, t, h, tEnd)
	s.last.Evaluations += evals
	if err != nil {
		return &DerivativeError{T: at, Step: s.last.Accepted + 1, Err: err}
	}
	return nil
}

// accept makes the step that was tried the latest accepted one; stepError is its
// measured local error, or NaN.
func (s *Solver) accept(h, tEnd, stepError float64) {
	s.h, s.tNext, s.stepError, s.pending = h, tEnd, stepError, true
	s.last.Accepted++
	if !math.IsNaN(stepError) {
		s.last.Estimated++
		s.last.MaxError = max(s.last.MaxError, stepError)
	}
}
