package ode_test

import (
	"math"
	"slices"
	"testing"

	"leeway/ode"
)

// EstimateEvery measures every k-th step, across calls, and extrapolates the
// rest: the sum agrees with the one of measuring every step, and the path is
// the same to the bit.
func TestEstimateEvery(t *testing.T) {
	sys := randomLinear(5, 3, false)
	run := func(every int) ([]float64, ode.Stats) {
		s := newSolver(t, sys, ode.RK4(), &ode.Settings{Substeps: 2, EstimateEvery: every})
		y := ones(3)
		for n := range 60 {
			h := 0.05
			if n%2 == 1 {
				h = 0.02 // the held estimate must follow the fifth power of the step
			}
			if err := s.Integrate(y, 0, h); err != nil {
				t.Fatal(err)
			}
		}
		return y, s.Total()
	}
	y0, never := run(0)
	y1, always := run(1)
	y7, some := run(7)
	if !slices.Equal(y0, y1) || !slices.Equal(y0, y7) {
		t.Error("estimates change the path")
	}
	if never.Estimated != 0 || never.ErrorSum != 0 || always.Estimated != 120 || some.Estimated != 18 {
		t.Errorf("estimated %d, %d and %d of 120 steps", never.Estimated, always.Estimated, some.Estimated)
	}
	if never.Evaluations != 480 || always.Evaluations != 480+120*7 || some.Evaluations != 480+18*7 {
		t.Errorf("evaluations %d, %d, %d", never.Evaluations, always.Evaluations, some.Evaluations)
	}
	if r := some.ErrorSum / always.ErrorSum; math.Abs(r-1) > 0.3 {
		t.Errorf("sum of extrapolated errors is %.2f of the measured one", r)
	}
	if some.MaxError > always.MaxError {
		t.Errorf("maximum %g of some steps above %g of all", some.MaxError, always.MaxError)
	}
}

// The extrapolation of the estimate, exactly: y' = y by Euler's method, one step
// of 0.1 measured and three of 0.05 that count with a quarter each, which is
// the second power of the step.
func TestEstimateScales(t *testing.T) {
	sys := system(1, func(dst []float64, _ float64, y []float64) { dst[0] = y[0] })
	s := newSolver(t, sys, ode.Euler(), &ode.Settings{Step: 0.1, EstimateEvery: 100})
	y := []float64{1}
	if err := s.Integrate(y, 0, 0.1); err != nil {
		t.Fatal(err)
	}
	// 1.1 against 1.05^2 = 1.1025, times 2.
	if got := s.Total().ErrorSum; math.Abs(got-0.005) > 1e-15 {
		t.Errorf("estimate %v, want 0.005", got)
	}
	for range 3 {
		if err := s.Integrate(y, 0, 0.05); err != nil {
			t.Fatal(err)
		}
	}
	total := s.Total()
	if math.Abs(total.ErrorSum-0.005*(1+3./4)) > 1e-15 || total.Estimated != 1 || math.Abs(total.MaxError-0.005) > 1e-15 {
		t.Errorf("total %+v, want 0.00875 from one estimate", total)
	}
}

// Two decoupled components, the second a million times larger: with one
// observed component the statistics are those of the first alone, solved on its
// own with the same fixed steps.
func TestObservedComponents(t *testing.T) {
	both := ode.Func{N: 2, F: func(dst []float64, _ float64, y []float64) error {
		dst[0], dst[1] = -y[0], -2*y[1]
		return nil
	}}
	first := ode.Func{N: 1, F: func(dst []float64, _ float64, y []float64) error {
		dst[0] = -y[0]
		return nil
	}}
	for _, m := range []*ode.Method{ode.RK4(), ode.Dopri5()} {
		set := ode.Settings{Step: 0.1, Fixed: true, EstimateEvery: 1}
		alone := newSolver(t, first, m, &set)
		set.Observed = 1
		observed := newSolver(t, both, m, &set)
		if err := alone.Integrate([]float64{1}, 0, 1); err != nil {
			t.Fatal(err)
		}
		if err := observed.Integrate([]float64{1, 1e6}, 0, 1); err != nil {
			t.Fatal(err)
		}
		if got, want := observed.Total().ErrorSum, alone.Total().ErrorSum; got != want || want == 0 {
			t.Errorf("%s: error sum %g, want %g", m.Name, got, want)
		}
		set.Observed = 2
		if all := newSolver(t, both, m, &set); all.Integrate([]float64{1, 1e6}, 0, 1) == nil && all.Total().ErrorSum < 1e3*alone.Total().ErrorSum {
			t.Errorf("%s: both observed, but the large component does not show", m.Name)
		}
	}
}
