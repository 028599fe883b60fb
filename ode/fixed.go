package ode

import "math"

// advanceFixed takes one step of the fixed size. Times are computed from the
// start of the call, not by adding up steps, so that their errors do not grow.
func (s *Solver) advanceFixed() error {
	done := s.last.Accepted
	h := s.hFixed
	if limit := s.set.MaxSteps; limit > 0 && done >= limit {
		return &StepLimitError{T: s.t, T1: s.t1, H: h, Limit: limit, Component: -1, Rate: math.NaN()}
	}
	tEnd := s.t1
	if n := float64(done + 1); n < s.steps {
		tEnd = s.t0 + n*h
	}

	measure := s.half.every > 0 && s.memory.Countdown == 0
	if measure {
		// Before the step itself, whose stages dense output needs afterwards.
		if err := s.halve(h, tEnd); err != nil {
			return err
		}
	}
	if err := s.try(s.yNew, s.y, s.t, h, tEnd); err != nil {
		return err
	}
	if firstNonFinite(s.yNew) >= 0 {
		return s.nonFinite(tEnd)
	}

	stepError := math.NaN()
	switch {
	case s.method.Adaptive():
		s.estimate(s.err, h)
		_, stepError, _, _ = s.set.weigh(s.err, s.y, s.yNew)
		s.last.ErrorSum += stepError
	case s.half.every > 0:
		s.memory.Countdown--
		if measure {
			s.memory.Countdown = s.half.every - 1
			if e := s.half.difference(s.yNew); 0*e == 0 {
				stepError = e
				s.memory.Estimate, s.memory.EstimateStep = e, math.Abs(h)
			}
		}
		s.hold(math.Abs(h))
	}
	s.accept(h, tEnd, stepError)
	return nil
}

// nonFinite makes the error of a step that ended in something not finite: the
// derivative's fault if it is bad at the start already, else the state's at
// tEnd, else the derivative's during the step.
func (s *Solver) nonFinite(tEnd float64) error {
	e := &NonFiniteError{T: tEnd, Step: s.last.Accepted + 1}
	if i := firstNonFinite(s.k[0]); i >= 0 {
		e.T, e.Component, e.Derivative = s.t, i, true
	} else if i := firstNonFinite(s.yNew); i >= 0 {
		e.Component = i
	} else {
		e.Component, e.Derivative = max(0, firstNonFinite(s.err)), true
	}
	return e
}
