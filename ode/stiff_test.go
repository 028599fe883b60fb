package ode_test

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"leeway/ode"
)

// stiff relaxes component 2 of 4 to cos t at the given rate; the others rotate
// slowly.
func stiff(rate float64) ode.Func {
	return system(4, func(dst []float64, t float64, y []float64) {
		dst[0], dst[1], dst[3] = y[1], -y[0], -y[3]
		dst[2] = -rate * (y[2] - math.Cos(t))
	})
}

func TestStiffError(t *testing.T) {
	const rate = 1e8
	for _, set := range []ode.Settings{
		{MinStep: 1e-5},
		{MaxRejects: 3, Step: 0.5, MinFactor: 0.9},
	} {
		s := newSolver(t, stiff(rate), ode.Dopri5(), &set)
		y := []float64{1, 0, 0.5, 1}
		err := s.Integrate(y, 0.5, 10)
		var e *ode.StiffError
		if !errors.As(err, &e) {
			t.Fatalf("got %v, want a StiffError", err)
		}
		// The truth is the Jacobian, whose entry (2, 2) is -rate.
		if e.Component != 2 || math.Abs(e.Rate/rate-1) > 0.01 {
			t.Errorf("component %d, rate %g; want 2 and %g", e.Component, e.Rate, rate)
		}
		if set.MaxRejects == 3 && (e.Rejects != 3 || e.Step != 1 || e.T != 0.5) {
			t.Errorf("%+v, want 3 rejects of step 1 at t = 0.5", e)
		}
		if set.MinStep > 0 && e.H != set.MinStep {
			t.Errorf("gave up at h = %g, want MinStep", e.H)
		}
		if y[0] != 1 && e.T == 0.5 {
			t.Errorf("y is %v, want the last accepted state", y)
		}
		mustHint(t, err)
		if !strings.Contains(err.Error(), "component 2") || !strings.Contains(err.Error(), "1e+08") {
			t.Error(err)
		}
	}
	// The negative half: a rate that the tolerance and MinStep can resolve.
	s := newSolver(t, stiff(100), ode.Dopri5(), &ode.Settings{MinStep: 1e-5})
	if err := s.Integrate([]float64{1, 0, 0.5, 1}, 0, 10); err != nil {
		t.Error(err)
	}
}

// y' = y^2 reaches infinity at t = 1/y0, in either direction of time; the solve
// ends there instead of running for ever, and names the component.
func TestBlowUp(t *testing.T) {
	for _, dir := range []float64{1, -1} {
		sys := system(2, func(dst []float64, _ float64, y []float64) { dst[0], dst[1] = 0, dir*y[1]*y[1] })
		s := newSolver(t, sys, ode.Dopri5(), nil)
		err := s.Integrate([]float64{1, 2}, 0, dir*3)
		var e *ode.StiffError
		if !errors.As(err, &e) {
			t.Fatalf("got %v, want a StiffError", err)
		}
		if e.Component != 1 || math.Abs(e.T-dir*0.5) > 1e-6 || e.H*dir <= 0 || !(e.Rate > 1e9) {
			t.Errorf("%+v, want component 1 near t = %g with a huge rate", e, dir*0.5)
		}
	}
}

func TestStiffRateUnknown(t *testing.T) {
	// f fails or is not finite wherever y is not on the path: the rate is NaN,
	// and the error is still the StiffError.
	n := 0
	fail := ode.Func{N: 1, F: func(dst []float64, t float64, y []float64) error {
		if n++; n > 7 {
			return io.EOF
		}
		dst[0] = 1e9 * float64(n)
		return nil
	}}
	s := newSolver(t, fail, ode.Dopri5(), &ode.Settings{MaxRejects: 1, Step: 0.1})
	err := s.Integrate([]float64{0}, 0, 1)
	var e *ode.StiffError
	if !errors.As(err, &e) || !math.IsNaN(e.Rate) {
		t.Errorf("got %v, want a StiffError without a rate", err)
	}
	n = 0
	nan := system(1, func(dst []float64, t float64, y []float64) {
		if n++; n > 7 {
			dst[0] = math.NaN()
			return
		}
		dst[0] = 1e9 * float64(n)
	})
	s = newSolver(t, nan, ode.Dopri5(), &ode.Settings{MaxRejects: 1, Step: 0.1})
	if err := s.Integrate([]float64{0}, 0, 1); !errors.As(err, &e) || !math.IsNaN(e.Rate) {
		t.Errorf("got %v, want a StiffError without a rate", err)
	}
}

// A jump in time, of a field that does not depend on y: refused at the jump,
// with the rate 0 that is the truth.
func TestJumpInTime(t *testing.T) {
	sys := system(2, func(dst []float64, tt float64, _ []float64) {
		dst[0], dst[1] = 1, 0
		if tt > 1 {
			dst[1] = 1e6
		}
	})
	s := newSolver(t, sys, ode.Dopri5(), &ode.Settings{MinStep: 1e-6})
	err := s.Integrate(make([]float64, 2), 0, 2)
	var e *ode.StiffError
	if !errors.As(err, &e) || e.Component != 1 || e.Rate != 0 || math.Abs(e.T-1) > 2e-6 {
		t.Errorf("%v, want component 1, rate 0, t = 1", err)
	}
}

// The flow of sign descent reaches the minimum of |y| at t = 1 and cannot go on:
// MinStep turns the chattering there into an error.
func TestSlidingMode(t *testing.T) {
	sys := system(1, func(dst []float64, _ float64, y []float64) { dst[0] = -math.Copysign(1, y[0]) })
	s := newSolver(t, sys, ode.Dopri5(), &ode.Settings{MinStep: 1e-5})
	err := s.Integrate([]float64{1}, 0, 2)
	var e *ode.StiffError
	if !errors.As(err, &e) || math.Abs(e.T-1) > 1e-4 {
		t.Errorf("%v, want a StiffError at t = 1", err)
	}
}
