package ode_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/ode"
)

// recorder counts evaluations and remembers the times they were made at.
type recorder struct {
	ode.System
	times []float64
}

func (r *recorder) Derivative(dst []float64, t float64, y []float64) error {
	r.times = append(r.times, t)
	return r.System.Derivative(dst, t, y)
}

// Intervals whose ends do not add up in floating point: the last step lands on
// t1 to the bit, f is never evaluated outside, in both directions of time, and
// the counted evaluations are the real ones.
func TestLandsExactly(t *testing.T) {
	for _, m := range ode.Methods() {
		for _, fixed := range []bool{false, true} {
			for _, ends := range [][2]float64{{0, 0.1}, {0.1, 0.3}, {1e6, 1e6 + 1.1}, {0.7, -0.2}, {-1.0 / 3, 2.0 / 3}} {
				r := &recorder{System: randomLinear(3, 4, false)}
				s := newSolver(t, r, m, &ode.Settings{Fixed: fixed, Step: 0.03, EstimateEvery: 2})
				lo, hi := min(ends[0], ends[1]), max(ends[0], ends[1])
				last := ends[0]
				y := make([]float64, 4)
				for step, err := range s.Steps(ends[0], ends[1], ones(4)) {
					if err != nil {
						t.Fatal(err)
					}
					if step.T0 != last || (step.T-step.T0)*step.H <= 0 {
						t.Fatalf("%s: step from %v to %v with H = %v after %v", m.Name, step.T0, step.T, step.H, last)
					}
					last = step.T
					if err := step.Interpolate(y, step.T0+step.H/3); err != nil {
						t.Fatal(err)
					}
				}
				if last != ends[1] {
					t.Errorf("%s: landed on %v, want %v", m.Name, last, ends[1])
				}
				if a, b := slices.Min(r.times), slices.Max(r.times); a < lo || b > hi {
					t.Errorf("%s: evaluated at %v to %v, outside %v", m.Name, a, b, ends)
				}
				if got := s.Stats().Evaluations; got != len(r.times) {
					t.Errorf("%s: %d evaluations counted, %d made", m.Name, got, len(r.times))
				}
			}
		}
	}
}

// The search for the first step, too, stays inside: here it would like to go
// far beyond the end.
func TestFirstStepStaysInside(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		t0, t1 := 0.7*rng.Float64()-0.3, 0.7*rng.Float64()-0.3
		r := &recorder{System: system(1, func(dst []float64, _ float64, _ []float64) { dst[0] = 1e-3 })}
		y := integrate(t, newSolver(t, r, ode.Dopri5(), nil), []float64{1}, t0, t1)
		if a, b := slices.Min(r.times), slices.Max(r.times); a < min(t0, t1) || b > max(t0, t1) {
			t.Fatalf("evaluated at %v to %v on the way from %v to %v", a, b, t0, t1)
		}
		if e := math.Abs(y[0] - 1 - 1e-3*(t1-t0)); e > 1e-15 {
			t.Fatalf("error %.1e", e)
		}
	}
}

// Fixed steps do not add up rounding errors of time: after n steps of 0.1 the
// time is n/10 to within two units in the last place.
func TestFixedTimes(t *testing.T) {
	sys := system(1, func(dst []float64, _ float64, _ []float64) { dst[0] = 1 })
	s := newSolver(t, sys, ode.Euler(), &ode.Settings{Step: 0.1})
	for step, err := range s.Steps(0, 1000, []float64{0}) {
		if err != nil {
			t.Fatal(err)
		}
		if want := float64(step.Index) / 10; math.Abs(step.T-want) > want*0x1p-51 {
			t.Fatalf("step %d ends at %v, want %v", step.Index, step.T, want)
		}
	}
	if n := s.Stats().Accepted; n != 10000 {
		t.Errorf("%d steps, want 10000", n)
	}
}

func TestBorders(t *testing.T) {
	p := kepler()
	for _, m := range ode.Methods() {
		s := newSolver(t, p.sys, m, nil)
		y := slices.Clone(p.y0)
		if err := s.Integrate(y, 1, 1); err != nil || !slices.Equal(y, p.y0) || s.Stats().Evaluations != 0 {
			t.Errorf("%s: empty interval: %v %v %+v", m.Name, err, y, s.Stats())
		}
		for range s.Steps(1, 1, y) {
			t.Errorf("%s: a step in an empty interval", m.Name)
		}
		for _, ends := range [][2]float64{{0, math.Inf(1)}, {math.NaN(), 1}, {-math.MaxFloat64, math.MaxFloat64}} {
			if err := s.Integrate(y, ends[0], ends[1]); err == nil || !strings.Contains(err.Error(), "not finite") {
				t.Errorf("%s: interval %v: %v", m.Name, ends, err)
			}
		}
		for _, err := range s.Steps(0, math.NaN(), y) {
			if err == nil {
				t.Errorf("%s: a step to NaN", m.Name)
			}
		}
		none := newSolver(t, system(0, func([]float64, float64, []float64) {}), m, nil)
		if err := none.Integrate(nil, 0, 1); err != nil {
			t.Errorf("%s: no components: %v", m.Name, err)
		}
	}
	s := newSolver(t, p.sys, ode.RK4(), &ode.Settings{Step: 1e-20})
	if err := s.Integrate(slices.Clone(p.y0), 1, 2); err == nil || !strings.Contains(err.Error(), "does not change t") {
		t.Errorf("a step below rounding: %v", err)
	}
	for _, f := range []func(){
		func() { _ = s.Integrate(make([]float64, 3), 0, 1) },
		func() {
			for range s.Steps(0, 1, make([]float64, 5)) {
				t.Error("a step")
			}
		},
		func() {
			set := newSolver(t, p.sys, ode.Dopri5(), nil)
			for step := range set.Steps(0, 1, p.y0) {
				_ = step.Interpolate(make([]float64, 3), step.T)
			}
		},
	} {
		func() {
			defer func() {
				if r, ok := recover().(string); !ok || !strings.HasPrefix(r, "ode: length of") {
					t.Errorf("a wrong length panics with %v", r)
				}
			}()
			f()
		}()
	}
}
