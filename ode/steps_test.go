package ode_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"leeway/ode"
)

func TestIteratorStopsAndRestarts(t *testing.T) {
	p := kepler()
	s := newSolver(t, p.sys, ode.Dopri5(), nil)
	var kept ode.Step
	n := 0
	for step, err := range s.Steps(0, 100, p.y0) {
		if err != nil {
			t.Fatal(err)
		}
		kept = step
		if n++; n == 5 {
			break
		}
	}
	if s.Stats().Accepted != 5 || s.Total().Accepted != 5 {
		t.Errorf("after leaving at step 5: %+v", s.Stats())
	}
	y := make([]float64, 4)
	if err := kept.Interpolate(y, kept.T); err != nil || !slices.Equal(y, kept.Y) {
		t.Errorf("the last step is good until the solver is used again: %v", err)
	}
	if err := kept.Interpolate(y, kept.T0); err != nil {
		t.Error(err)
	}
	for _, at := range []float64{kept.T + kept.H, kept.T0 - kept.H, math.NaN()} {
		if err := kept.Interpolate(y, at); err == nil || !strings.Contains(err.Error(), "outside the step") {
			t.Errorf("interpolation at %v from %v to %v: %v", at, kept.T0, kept.T, err)
		}
	}
	if got := integrate(t, s, p.y0, 0, p.t1); distance(got, p.y0) > 1e-2 {
		t.Errorf("after an interrupted loop the orbit ends at %v", got)
	}
	if err := kept.Interpolate(y, kept.T); err == nil || !strings.Contains(err.Error(), "latest") {
		t.Errorf("a stale step interpolates: %v", err)
	}

	// Using the solver inside its own loop is an error, not a wrong result.
	var got error
	for _, err := range s.Steps(0, 100, p.y0) {
		if err != nil {
			got = err
			continue
		}
		integrate(t, s, p.y0, 0, 1)
	}
	if got == nil || !strings.Contains(got.Error(), "second solver") {
		t.Errorf("solver used inside its own loop: %v", got)
	}
}

// Interpolation of a method without the slope at the end evaluates it once and
// hands it to the next step, so that the path costs no more.
func TestInterpolateWastesNothing(t *testing.T) {
	sys := randomLinear(5, 3, false)
	for _, m := range []*ode.Method{ode.Euler(), ode.Heun(), ode.RK4()} {
		s := newSolver(t, sys, m, &ode.Settings{Substeps: 10})
		y := make([]float64, 3)
		for step, err := range s.Steps(0, 1, ones(3)) {
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range []float64{0.2, 0.5, 0.9} {
				if err := step.Interpolate(y, step.T0+f*step.H); err != nil {
					t.Fatal(err)
				}
			}
			if !math.IsNaN(step.Error) {
				t.Errorf("%s: step error %v without an estimate", m.Name, step.Error)
			}
		}
		if got, want := s.Stats().Evaluations, 10*m.Stages()+1; got != want {
			t.Errorf("%s: %d evaluations, want %d", m.Name, got, want)
		}
		plain := integrate(t, newSolver(t, sys, m, &ode.Settings{Substeps: 10}), ones(3), 0, 1)
		if got := integrate(t, s, ones(3), 0, 1); !slices.Equal(got, plain) {
			t.Errorf("%s: interpolation changed the path", m.Name)
		}
	}
}
