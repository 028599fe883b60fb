package ode_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"leeway/ode"
)

// A field that is different in each interval, as in a piecewise modified flow:
// y' = a_n y has the truth y0 exp(sum a_n h). A slope kept from the interval
// before would be wrong by a factor a_n / a_(n-1).
func TestPiecewiseField(t *testing.T) {
	const h, intervals = 0.01, 300
	for _, m := range ode.Methods() {
		var rate, sum float64
		sys := system(1, func(dst []float64, _ float64, y []float64) { dst[0] = rate * y[0] })
		s := newSolver(t, sys, m, &ode.Settings{AbsTol: 1e-12, RelTol: 1e-12, Substeps: 4})
		y := []float64{1}
		for n := range intervals {
			rate = math.Sin(float64(n)) * 3
			sum += rate * h
			if err := s.Integrate(y, float64(n)*h, float64(n+1)*h); err != nil {
				t.Fatal(err)
			}
		}
		tol := map[string]float64{"euler": 1e-1, "heun": 1e-3, "rk4": 1e-8, "dopri5": 1e-9}[m.Name]
		if e := math.Abs(y[0]/math.Exp(sum) - 1); e > tol {
			t.Errorf("%s: relative error %.1e, want below %g", m.Name, e, tol)
		}
		total := s.Total()
		if total.Accepted < intervals || total.Evaluations < intervals*m.Stages() {
			t.Errorf("%s: %+v is too little work for %d intervals", m.Name, total, intervals)
		}
	}
}

// Warm start: a smooth problem in many short pieces takes one step a piece and
// no search for a step size, and the size that control wants survives the
// truncated steps: the next long call begins with it.
func TestWarmStart(t *testing.T) {
	p := kepler()
	s := newSolver(t, p.sys, ode.Dopri5(), nil)
	y := slices.Clone(p.y0)
	for n := range 100 {
		if err := s.Integrate(y, 1e-4*float64(n), 1e-4*float64(n+1)); err != nil {
			t.Fatal(err)
		}
		stats := s.Stats()
		if n > 0 && (stats.Accepted != 1 || stats.Rejected != 0 || stats.Evaluations != 7) {
			t.Fatalf("piece %d: %+v, want one step of 7 evaluations", n, stats)
		}
	}
	wanted := s.State().Step
	if wanted < 1e-3 {
		t.Fatalf("step wanted after pieces of 1e-4 is %g: truncation was remembered", wanted)
	}
	for step := range s.Steps(0.01, 6, y) {
		if step.H != wanted {
			t.Errorf("first step of the long call is %g, want %g", step.H, wanted)
		}
		break
	}

	// Nor does a truncated step enter the controller's memory of errors.
	y = integrate(t, s, y, 0, 2)
	before := s.State()
	integrate(t, s, y, 2, 2+before.Step/100)
	if after := s.State(); before.Error == 0 || after.Error != before.Error || after.Step != before.Step {
		t.Errorf("a truncated step changed step %g, error %g to %g, %g", before.Step, before.Error, after.Step, after.Error)
	}

	// In pieces far longer than a step, warm starts save work over cold ones.
	cold := 0
	for n := range 6 {
		c := newSolver(t, p.sys, ode.Dopri5(), nil)
		integrate(t, c, p.y0, float64(n), float64(n+1))
		cold += c.Stats().Evaluations
	}
	s.Reset()
	for n := range 6 {
		integrate(t, s, p.y0, float64(n), float64(n+1))
	}
	if warm := s.Total().Evaluations; warm >= cold {
		t.Errorf("%d evaluations with warm starts, %d without", warm, cold)
	}
}

// What State returns goes through JSON and continues to the same bits.
func TestStateRestores(t *testing.T) {
	sys := randomLinear(5, 3, false)
	for _, m := range ode.Methods() {
		set := &ode.Settings{Step: 0.02, EstimateEvery: 3}
		whole := newSolver(t, sys, m, set)
		y := ones(3)
		var saved []byte
		var middle []float64
		for n := range 20 {
			if n == 7 {
				var err error
				if saved, err = json.Marshal(whole.State()); err != nil {
					t.Fatal(err)
				}
				middle = slices.Clone(y)
			}
			if err := whole.Integrate(y, 0.05*float64(n), 0.05*float64(n+1)); err != nil {
				t.Fatal(err)
			}
		}
		var state ode.State
		if err := json.Unmarshal(saved, &state); err != nil {
			t.Fatal(err)
		}
		resumed := newSolver(t, sys, m, set)
		resumed.Restore(state)
		for n := 7; n < 20; n++ {
			if err := resumed.Integrate(middle, 0.05*float64(n), 0.05*float64(n+1)); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(y, middle) || resumed.Total().Accepted != whole.Total().Accepted ||
			resumed.Total().Estimated != whole.Total().Estimated || resumed.State().Step != whole.State().Step {
			t.Errorf("%s: resumed %v %+v, uninterrupted %v %+v", m.Name, middle, resumed.Total(), y, whole.Total())
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	// Larger than one block of the stage sums, with a remainder.
	const dim = 2500
	sys := system(dim, func(dst []float64, t float64, y []float64) {
		for i, v := range y {
			dst[i] = math.Cos(t) - v
		}
	})
	for _, m := range ode.Methods() {
		s := newSolver(t, sys, m, &ode.Settings{Substeps: 3, EstimateEvery: 2})
		y := make([]float64, dim)
		n := 0.0
		allocs := testing.AllocsPerRun(20, func() {
			if err := s.Integrate(y, n, n+0.5); err != nil {
				t.Fatal(err)
			}
			n += 0.5
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations a call", m.Name, allocs)
		}
		// The loop allocates per call, not per step.
		dst := make([]float64, dim)
		perLoop := func(t1 float64) float64 {
			return testing.AllocsPerRun(5, func() {
				for step, err := range s.Steps(0, t1, y) {
					if err != nil || step.Interpolate(dst, step.T0+step.H/2) != nil {
						t.Fatal(err)
					}
				}
			})
		}
		if short, long := perLoop(0.1), perLoop(20); long > short {
			t.Errorf("%s: %v allocations in a short loop, %v in a long one", m.Name, short, long)
		}
	}
}
