package ode_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"leeway/ode"
)

func anyMethod(r *rapid.T) *ode.Method {
	return rapid.SampledFrom(ode.Methods()).Draw(r, "method")
}

func anyState(r *rapid.T, n int) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(-2, 2), n, n).Draw(r, "y0")
}

// A method of order p integrates polynomials of degree p-1 in t exactly: it is
// a quadrature rule then. The truth is the antiderivative.
func TestPolynomialsAreExact(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := anyMethod(r)
		c := rapid.SliceOfN(rapid.Float64Range(-2, 2), m.Order, m.Order).Draw(r, "coefficients")
		eval := func(t float64, integral bool) (v float64) {
			for i := len(c) - 1; i >= 0; i-- {
				if integral {
					v = v*t + c[i]/float64(i+1)
				} else {
					v = v*t + c[i]
				}
			}
			if integral {
				v *= t
			}
			return v
		}
		t0, t1 := rapid.Float64Range(-2, 2).Draw(r, "t0"), rapid.Float64Range(-2, 2).Draw(r, "t1")
		if math.Abs(t1-t0) < 1e-3 {
			t1 = t0 + 1
		}
		sys := system(1, func(dst []float64, t float64, _ []float64) { dst[0] = eval(t, false) })
		s := newSolver(t, sys, m, &ode.Settings{Fixed: true, Substeps: rapid.IntRange(1, 20).Draw(r, "n")})
		y := []float64{0.5}
		if err := s.Integrate(y, t0, t1); err != nil {
			r.Fatal(err)
		}
		want := 0.5 + eval(t1, true) - eval(t0, true)
		if e := math.Abs(y[0] - want); e > 1e-12 {
			r.Errorf("%s: %v, want %v", m.Name, y[0], want)
		}
	})
}

// On a linear system a fixed-step solve is a linear map, and for a factor of a
// power of two it is so to the bit. Explicit Runge-Kutta methods have it; the
// truth is algebra.
func TestLinearSystemsScale(t *testing.T) {
	sys := randomLinear(11, 3, true)
	rapid.Check(t, func(r *rapid.T) {
		m := anyMethod(r)
		y := anyState(r, 3)
		z := make([]float64, 3)
		for i, v := range y {
			z[i] = 8 * v
		}
		s := newSolver(t, sys, m, &ode.Settings{Fixed: true, Substeps: rapid.IntRange(1, 20).Draw(r, "n")})
		t1 := rapid.Float64Range(0.1, 3).Draw(r, "t1")
		for _, v := range [][]float64{y, z} {
			if err := s.Integrate(v, 0, t1); err != nil {
				r.Fatal(err)
			}
		}
		for i := range y {
			if z[i] != 8*y[i] && math.Abs(y[i]) > 1e-300 {
				r.Errorf("%s: component %d: %v, want 8 * %v", m.Name, i, z[i], y[i])
			}
		}
	})
}

// There and back again is where it started, and in pieces is the same as in one
// go, within the error that the matrix exponential allows for.
func TestForwardBackwardAndPieces(t *testing.T) {
	sys := randomLinear(13, 3, false)
	rapid.Check(t, func(r *rapid.T) {
		y0 := anyState(r, 3)
		t0 := rapid.Float64Range(-1, 1).Draw(r, "t0")
		cuts := rapid.SliceOfN(rapid.Float64Range(-1, 1), 1, 6).Draw(r, "cuts")
		tol := math.Pow(10, rapid.Float64Range(-11, -5).Draw(r, "log tol"))
		s := newSolver(t, sys, ode.Dopri5(), &ode.Settings{AbsTol: tol, RelTol: tol})
		y := slices.Clone(y0)
		at := t0
		for _, cut := range append(cuts, t0) {
			if err := s.Integrate(y, at, cut); err != nil {
				r.Fatal(err)
			}
			if e := distance(y, sys.truth(y0, t0, cut)); e > 2000*tol {
				r.Errorf("t=%g: error %.1e for tolerance %.1e", cut, e, tol)
			}
			at = cut
		}
	})
}

// Steps are contiguous and land on the end, dense output is continuous, the
// same solve again gives the same bits, and Integrate agrees with Steps.
func TestStepsTileTheInterval(t *testing.T) {
	sys := randomLinear(17, 3, false)
	rapid.Check(t, func(r *rapid.T) {
		m := anyMethod(r)
		y0 := anyState(r, 3)
		t0, t1 := rapid.Float64Range(-3, 3).Draw(r, "t0"), rapid.Float64Range(-3, 3).Draw(r, "t1")
		if t0 != t1 && math.Abs(t1-t0) < 1e-6 {
			t1 = t0
		}
		set := &ode.Settings{Step: rapid.Float64Range(0.01, 0.5).Draw(r, "step")}
		s := newSolver(t, sys, m, set)
		last, end := t0, slices.Clone(y0)
		dst := make([]float64, 3)
		for step, err := range s.Steps(t0, t1, y0) {
			if err != nil {
				r.Fatal(err)
			}
			if step.T0 != last {
				r.Fatalf("step %d begins at %v, the one before ended at %v", step.Index, step.T0, last)
			}
			if !m.Adaptive() && math.Abs(step.H) > set.Step*(1+1e-8) {
				r.Fatalf("step of %v, above %v", step.H, set.Step)
			}
			if err := step.Interpolate(dst, step.T0); err != nil || distance(dst, end) > 1e-14 {
				r.Fatalf("dense output begins at %v, want %v (%v)", dst, end, err)
			}
			if err := step.Interpolate(dst, step.T-1e-9*step.H); err != nil || distance(dst, step.Y) > 1e-6 {
				r.Fatalf("dense output ends at %v, want %v (%v)", dst, step.Y, err)
			}
			last = step.T
			copy(end, step.Y)
		}
		if last != t1 {
			r.Errorf("ended at %v, want %v", last, t1)
		}
		y := slices.Clone(y0)
		if err := newSolver(t, sys, m, set).Integrate(y, t0, t1); err != nil || !slices.Equal(y, end) {
			r.Errorf("Integrate gives %v, Steps %v (%v)", y, end, err)
		}
	})
}
