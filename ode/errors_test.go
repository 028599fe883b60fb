package ode_test

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"leeway/ode"
)

// mustHint checks the form of a message: it names the package, and the hint is
// apart from it, for a caller to print where it likes.
func mustHint(t *testing.T, err error) {
	t.Helper()
	var h interface{ Hint() string }
	if !errors.As(err, &h) || h.Hint() == "" {
		t.Fatalf("no hint in %v", err)
	}
	if s := err.Error(); !strings.HasPrefix(s, "ode: ") || strings.Contains(s, h.Hint()) || strings.Contains(s, "\n") {
		t.Errorf("bad form: %s", s)
	}
}

func TestStepLimit(t *testing.T) {
	for _, m := range ode.Methods() {
		s := newSolver(t, stiff(1), m, &ode.Settings{Step: 0.01, MaxSteps: 7})
		y := []float64{1, 0, 0, 1}
		n := 0
		var err error
		for step, e := range s.Steps(0, 100, y) {
			if err = e; e == nil {
				n = step.Index
			}
		}
		var e *ode.StepLimitError
		if !errors.As(err, &e) || e.Limit != 7 || e.T1 != 100 || n+s.Stats().Rejected != 7 {
			t.Fatalf("%s: %v after %d steps", m.Name, err, n)
		}
		mustHint(t, err)
		if m.Adaptive() != (e.Component >= 0) || m.Adaptive() == math.IsNaN(e.Rate) {
			t.Errorf("%s: component %d, rate %g", m.Name, e.Component, e.Rate)
		}
		err = s.Integrate(y, 0, 100)
		if !errors.As(err, &e) || e.T == 0 || y[0] == 1 {
			t.Errorf("%s: %v, y = %v: want the state that was reached", m.Name, err, y)
		}
		// The limit is for each call, and enough is enough.
		s = newSolver(t, stiff(1), m, &ode.Settings{Step: 0.1, MaxSteps: 7, AbsTol: 1, RelTol: 1})
		for n := range 4 {
			if err := s.Integrate(y, float64(n), float64(n)+0.7); err != nil {
				t.Errorf("%s: %v", m.Name, err)
			}
		}
	}
}

// At the step limit of a stiff system the error shows the rate that holds the
// steps small: h times rate is at the edge of Dopri5's stability region, 3.3.
func TestStepLimitShowsStiffness(t *testing.T) {
	s := newSolver(t, stiff(1e6), ode.Dopri5(), &ode.Settings{MaxSteps: 2000})
	err := s.Integrate([]float64{1, 0, 0.5, 1}, 0, 10)
	var e *ode.StepLimitError
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	if e.Component != 2 || math.Abs(e.Rate/1e6-1) > 0.01 || e.H*e.Rate < 2 || e.H*e.Rate > 5 {
		t.Errorf("%v, want component 2, rate 1e6, h*rate near 3.3", err)
	}
	// Before the first step there is nothing to show.
	s = newSolver(t, stiff(1e6), ode.Dopri5(), &ode.Settings{MaxSteps: 1, Step: 1})
	if err := s.Integrate([]float64{1, 0, 0.5, 1}, 0, 10); !errors.As(err, &e) || e.Component != -1 {
		t.Error(err)
	}
}

// An error of f ends the solve wherever it happens: at the start, in a stage,
// in the search for the first step, in the half steps of an estimate, and in
// dense output.
func TestDerivativeError(t *testing.T) {
	for _, m := range ode.Methods() {
		for at := range 25 {
			n := 0
			sys := ode.Func{N: 1, F: func(dst []float64, t float64, y []float64) error {
				if n++; n > at {
					return io.ErrUnexpectedEOF
				}
				dst[0] = math.Cos(t)
				return nil
			}}
			s := newSolver(t, sys, m, &ode.Settings{EstimateEvery: 1, Substeps: 30})
			accepted := 0
			var got error
			dst := make([]float64, 1)
			for step, err := range s.Steps(0, 1, []float64{0}) {
				if got = err; err != nil {
					break
				}
				if got = step.Interpolate(dst, step.T0+step.H/2); got != nil {
					accepted++
					break
				}
				accepted++
			}
			var e *ode.DerivativeError
			if !errors.As(got, &e) || !errors.Is(got, io.ErrUnexpectedEOF) || e.Step != accepted+1 || e.T < 0 || e.T > 1 {
				t.Fatalf("%s, evaluation %d: %v after %d steps", m.Name, at, got, accepted)
			}
			if n != at+1 {
				t.Fatalf("%s: %d evaluations after the error", m.Name, n-at-1)
			}
			if !strings.Contains(got.Error(), "unexpected EOF") {
				t.Error(got)
			}
		}
	}
}
