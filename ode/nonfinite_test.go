package ode_test

import (
	"errors"
	"math"
	"testing"

	"leeway/ode"
)

// Non-finite values where they are hardest to see: in the last stage, which
// enters only the estimate; in the search for the first step; in the half
// steps of a Richardson estimate.
func TestNonFiniteAside(t *testing.T) {
	spoilt := func(at int, bad float64) ode.System {
		n := 0
		return system(1, func(dst []float64, t float64, _ []float64) {
			dst[0] = math.Cos(t)
			if n++; n == at {
				dst[0] = bad
			}
		})
	}
	s := newSolver(t, spoilt(7, math.NaN()), ode.Dopri5(), &ode.Settings{Step: 0.1, MaxRejects: 1})
	err := s.Integrate([]float64{0}, 0, 1)
	var e *ode.NonFiniteError
	if !errors.As(err, &e) || !e.Derivative || e.T != 0.1 {
		t.Errorf("NaN in the last stage: %v", err)
	}
	for _, bad := range []float64{math.Inf(1), math.NaN()} {
		s = newSolver(t, spoilt(2, bad), ode.Dopri5(), nil)
		if y := integrate(t, s, []float64{0}, 0, 1); math.Abs(y[0]-math.Sin(1)) > 1e-5 {
			t.Errorf("%v in the search for the first step: %v, want sin 1", bad, y)
		}
	}
	s = newSolver(t, spoilt(2, math.Inf(1)), ode.RK4(), &ode.Settings{Substeps: 2, EstimateEvery: 2})
	if y := integrate(t, s, []float64{0}, 0, 1); math.Abs(y[0]-math.Sin(1)) > 1e-3 {
		t.Errorf("Inf in a half step: %v, want sin 1", y)
	}
	if st := s.Stats(); st.Estimated != 0 || st.ErrorSum != 0 {
		t.Errorf("Inf in a half step: %+v, want no estimate", st)
	}
}

func TestNonFinite(t *testing.T) {
	for _, m := range ode.Methods() {
		// The initial state.
		s := newSolver(t, stiff(1), m, nil)
		err := s.Integrate([]float64{0, 0, math.Inf(-1), math.NaN()}, 2, 3)
		var e *ode.NonFiniteError
		if !errors.As(err, &e) || e.Step != 0 || e.Component != 2 || e.T != 2 || e.Derivative {
			t.Errorf("%s, initial state: %v", m.Name, err)
		}
		mustHint(t, err)

		// A derivative that is NaN from the start.
		bad := system(3, func(dst []float64, t float64, y []float64) { dst[0], dst[1], dst[2] = 1, math.NaN(), 1 })
		s = newSolver(t, bad, m, nil)
		err = s.Integrate(make([]float64, 3), 2, 3)
		if !errors.As(err, &e) || e.Step != 1 || e.Component != 1 || e.T != 2 || !e.Derivative {
			t.Errorf("%s, derivative at the start: %v", m.Name, err)
		}
		mustHint(t, err)
		if r := s.Stats().Rejected; r > 1 {
			t.Errorf("%s: %d rejections of a step that cannot succeed", m.Name, r)
		}

		// A field that ends at t = 1. y holds the last good state.
		wall := system(2, func(dst []float64, t float64, y []float64) { dst[0], dst[1] = 1, math.Sqrt(1-t) })
		s = newSolver(t, wall, m, nil)
		y := make([]float64, 2)
		err = s.Integrate(y, 0, 2)
		if !errors.As(err, &e) || e.Component != 1 || math.Abs(e.T-1) > 0.05 || e.Step != s.Stats().Accepted+1 {
			t.Errorf("%s, wall: %v", m.Name, err)
		}
		if math.IsNaN(y[1]) || math.Abs(y[0]-1) > 0.05 {
			t.Errorf("%s, wall: y = %v, want the last good state", m.Name, y)
		}
		mustHint(t, err)

		// Overflow: Inf at the end of a step, from a finite slope at its start.
		over := system(2, func(dst []float64, t float64, y []float64) { dst[0], dst[1] = 0, 1e308 })
		if m.Adaptive() { // the error estimate of this field is finite: 0
			s = newSolver(t, over, m, &ode.Settings{Step: 1})
			err = s.Integrate(make([]float64, 2), 0, 9)
			if !errors.As(err, &e) || e.Component != 1 || e.Derivative || math.Abs(e.T-math.MaxFloat64/1e308) > 1e-6 {
				t.Errorf("%s, overflow: %v", m.Name, err)
			}
		}
		s = newSolver(t, over, m, &ode.Settings{Step: 1, Fixed: true})
		err = s.Integrate(make([]float64, 2), 0, 9)
		if !errors.As(err, &e) || e.Component != 1 || e.Derivative || e.T != 2 || e.Step != 2 {
			t.Errorf("%s, overflow: %v", m.Name, err)
		}
		mustHint(t, err)
	}
}

// A NaN on a trial step, here beyond |y| = 1, makes the step smaller and is no
// error: the solution sin t never goes there. The first trial step does.
func TestNaNOnTrialStep(t *testing.T) {
	nans := 0
	sys := system(2, func(dst []float64, t float64, y []float64) {
		if math.Abs(y[0]) > 1.01 {
			nans++
		}
		dst[0], dst[1] = y[1], -math.Sqrt(1.02*1.02-y[0]*y[0])/math.Sqrt(1.02*1.02-y[0]*y[0])*y[0]
	})
	s := newSolver(t, sys, ode.Dopri5(), &ode.Settings{Step: 5})
	y := integrate(t, s, []float64{0, 1}, 0, 7)
	if nans == 0 || s.Stats().Rejected == 0 {
		t.Error("the trial step did not meet a NaN: the test shows nothing")
	}
	if d := distance(y, []float64{math.Sin(7), math.Cos(7)}); d > 1e-4 {
		t.Errorf("error %.1e", d)
	}
}
