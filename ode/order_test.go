package ode_test

import (
	"math"
	"testing"

	"leeway/ode"
)

// globalOrder fits the slope of log error at t1 against log h over four
// halvings.
func globalOrder(t *testing.T, m *ode.Method, sys linear, coarsest int) float64 {
	t.Helper()
	const t0, t1 = 0.5, 2.5
	y0 := ones(sys.Dim())
	want := sys.truth(y0, t0, t1)
	var hs, errs []float64
	for n := coarsest; n <= coarsest<<4; n *= 2 {
		s := newSolver(t, sys, m, &ode.Settings{Substeps: n, Fixed: true})
		hs = append(hs, (t1-t0)/float64(n))
		errs = append(errs, distance(integrate(t, s, y0, t0, t1), want))
	}
	got := slope(hs, errs)
	t.Logf("%s: order %.3f, errors %.2e", m.Name, got, errs)
	return got
}

// The asymptotic range begins at a finer step for low orders and ends at
// rounding for high ones.
var coarsest = map[string]int{"euler": 512, "heun": 64, "rk4": 16, "dopri5": 6}

func TestOrder(t *testing.T) {
	for _, m := range ode.Methods() {
		for _, autonomous := range []bool{true, false} {
			got := globalOrder(t, m, randomLinear(7, 5, autonomous), coarsest[m.Name])
			if math.Abs(got-float64(m.Order)) > 0.1 {
				t.Errorf("%s, autonomous %v: order %.3f, want %d", m.Name, autonomous, got, m.Order)
			}
		}
	}
}

// The negative half: with one wrong coefficient the order falls, so TestOrder
// would notice. A wrong node c is invisible to an autonomous system and must
// show on the other one.
func TestOrderFallsWithWrongCoefficient(t *testing.T) {
	for _, tc := range []struct {
		name       string
		method     *ode.Method
		spoil      func(m *ode.Method)
		autonomous bool
		most       float64
	}{
		{"rk4 a", ode.RK4(), func(m *ode.Method) { m.A[3][2] += 0.01 }, true, 1.2},
		{"rk4 b", ode.RK4(), func(m *ode.Method) { m.B[0] += 0.01; m.B[3] -= 0.01 }, true, 1.2},
		{"heun c", ode.Heun(), func(m *ode.Method) { m.C[1] -= 0.05 }, false, 1.2},
		{"dopri5 a", ode.Dopri5(), func(m *ode.Method) { m.A[4][0] += 1e-3; m.A[4][1] -= 1e-3 }, true, 2.6},
		{"dopri5 c", ode.Dopri5(), func(m *ode.Method) { m.C[3] += 1e-3 }, false, 2.6},
	} {
		tc.spoil(tc.method)
		if got := globalOrder(t, tc.method, randomLinear(7, 5, tc.autonomous), 16); got > tc.most {
			t.Errorf("%s spoiled: order %.3f, want below %g", tc.name, got, tc.most)
		}
	}
	// Coefficients that do not enter the result: the last stage of Dopri5, once
	// it is no longer the first of the next step, and c without time.
	m := ode.Dopri5()
	m.A[6][0] += 0.01
	if got := globalOrder(t, m, randomLinear(7, 5, false), 6); math.Abs(got-5) > 0.1 {
		t.Errorf("dopri5 with another last stage: order %.3f, want 5", got)
	}
	m = ode.RK4()
	m.C[2] += 0.05
	if got := globalOrder(t, m, randomLinear(7, 5, true), 16); math.Abs(got-4) > 0.1 {
		t.Errorf("rk4 with a wrong c: order %.3f on an autonomous system, want 4", got)
	}
}

// denseOrder fits the order q of dense output: the largest error within one
// step from an exact state is O(h^(q+1)).
func denseOrder(t *testing.T, m *ode.Method, sys linear) float64 {
	t.Helper()
	const t0 = 0.5
	y0 := ones(sys.Dim())
	y := make([]float64, len(y0))
	var hs, errs []float64
	coarse := 0.1
	if m.DenseOrder > 3 {
		coarse = 0.2 // the finest step must stay above rounding
	}
	for h := coarse; h > coarse/20; h /= 2 {
		s := newSolver(t, sys, m, &ode.Settings{Substeps: 1, Fixed: true})
		var worst float64
		for step, err := range s.Steps(t0, t0+h, y0) {
			if err != nil {
				t.Fatal(err)
			}
			for i := range 21 {
				at := t0 + h*float64(i)/20
				if err := step.Interpolate(y, at); err != nil {
					t.Fatal(err)
				}
				worst = math.Max(worst, distance(y, sys.truth(y0, t0, at)))
			}
		}
		hs, errs = append(hs, h), append(errs, worst)
	}
	got := slope(hs, errs) - 1
	t.Logf("%s: dense order %.3f, errors %.2e", m.Name, got, errs)
	return got
}

func TestDenseOrder(t *testing.T) {
	for _, m := range ode.Methods() {
		for _, autonomous := range []bool{true, false} {
			got := denseOrder(t, m, randomLinear(7, 5, autonomous))
			if math.Abs(got-float64(m.DenseOrder)) > 0.1 {
				t.Errorf("%s, autonomous %v: dense order %.3f, want %d", m.Name, autonomous, got, m.DenseOrder)
			}
		}
	}
	// The negative half: without its extra term, and with one wrong weight,
	// the dense output of Dopri5 is the cubic of order 3.
	m := ode.Dopri5()
	m.D = nil
	if got := denseOrder(t, m, randomLinear(7, 5, true)); math.Abs(got-3) > 0.1 {
		t.Errorf("dopri5 without D: dense order %.3f, want 3", got)
	}
	m = ode.Dopri5()
	m.D[3] *= 1.01
	if got := denseOrder(t, m, randomLinear(7, 5, true)); got > 3.5 {
		t.Errorf("dopri5 with a wrong D: dense order %.3f, want a fall", got)
	}
}

// The embedded estimate and the Richardson estimate are O(h^(q+1)); Richardson's
// also agrees with the true local error, from the matrix exponential.
func TestLocalErrorEstimates(t *testing.T) {
	for _, m := range ode.Methods() {
		sys := randomLinear(7, 5, false)
		y0 := ones(5)
		const t0 = 0.5
		var hs, errs []float64
		var ratio float64
		for h := 0.1; h > 0.1/20; h /= 2 {
			s := newSolver(t, sys, m, &ode.Settings{Substeps: 1, Fixed: true, EstimateEvery: 1})
			y := integrate(t, s, y0, t0, t0+h)
			stats := s.Stats()
			if stats.Estimated != 1 || stats.ErrorSum != stats.MaxError {
				t.Fatalf("%s: stats %+v, want one estimate that is both sum and maximum", m.Name, stats)
			}
			hs, errs = append(hs, h), append(errs, stats.ErrorSum)
			ratio = stats.ErrorSum / distance(y, sys.truth(y0, t0, t0+h))
		}
		want := float64(m.Order + 1)
		if m.Adaptive() {
			want = float64(m.EmbeddedOrder + 1)
		}
		got := slope(hs, errs)
		t.Logf("%s: estimate is O(h^%.3f), estimate / true error = %.4f", m.Name, got, ratio)
		if math.Abs(got-want) > 0.1 {
			t.Errorf("%s: estimate is O(h^%.3f), want %g", m.Name, got, want)
		}
		if !m.Adaptive() && math.Abs(ratio-1) > 0.02 {
			t.Errorf("%s: Richardson estimate is %.4f of the true error, want 1", m.Name, ratio)
		}
	}
}
