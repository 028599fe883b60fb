package ode_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"leeway/ode"
)

func TestSettingsAreChecked(t *testing.T) {
	sys := randomLinear(1, 2, true)
	for want, set := range map[string]ode.Settings{
		"Step":          {Step: -1},
		"AbsTol":        {AbsTol: math.NaN()},
		"RelTol":        {RelTol: math.Inf(1)},
		"MinStep":       {MinStep: 2, MaxStep: 1},
		"MaxStep":       {MaxStep: -1},
		"Safety":        {Safety: 1},
		"MinFactor":     {MinFactor: 1.5},
		"MaxFactor":     {MaxFactor: 0.5},
		"Beta":          {Beta: 0.5},
		"Substeps":      {Substeps: -1},
		"Substeps is 3": {Substeps: 3, Step: 1},
		"MaxRejects":    {MaxRejects: -1},
		"MaxSteps":      {MaxSteps: -1},
		"EstimateEvery": {EstimateEvery: -1},
		"Norm":          {Norm: 7},
		"AbsTols is 1":  {AbsTols: []float64{1}},
		"AbsTols[1]":    {AbsTols: []float64{1, 0}},
		"RelTols[0]":    {RelTols: []float64{-1, 0}},
	} {
		_, err := ode.New(sys, ode.Dopri5(), &set)
		if err == nil || !strings.HasPrefix(err.Error(), "ode: Settings."+want) || !strings.Contains(err.Error(), " Try: ") {
			t.Errorf("%+v: %v, want an error that names %s", set, err, want)
		}
	}
	if _, err := ode.New(ode.Func{N: -1}, ode.RK4(), nil); err == nil {
		t.Error("a negative dimension is accepted")
	}
}

// The resolved settings show every default, and do not share memory with the
// caller's.
func TestSettingsDefaults(t *testing.T) {
	s := newSolver(t, randomLinear(1, 2, true), ode.RK4(), nil)
	got := s.Settings()
	want := ode.Settings{
		Substeps: 100, Fixed: true, AbsTol: 1e-9, RelTol: 1e-6, MaxStep: math.Inf(1),
		Safety: 0.9, MinFactor: 0.2, MaxFactor: 10, Beta: 0.04, MaxRejects: 50,
		Observed: 2,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	mine := ode.Settings{AbsTols: []float64{1, 2}, Beta: -3}
	s = newSolver(t, randomLinear(1, 2, true), ode.Dopri5(), &mine)
	mine.AbsTols[0] = 5
	s.Settings().AbsTols[1] = 5
	if got := s.Settings(); got.AbsTols[0] != 1 || got.AbsTols[1] != 2 || got.Beta != 0 || got.Fixed {
		t.Errorf("settings are %+v", got)
	}
	if mine.Beta != -3 {
		t.Error("the caller's settings were changed")
	}
}

func TestByName(t *testing.T) {
	for _, m := range ode.Methods() {
		got, err := ode.ByName(m.Name)
		if err != nil || got.Name != m.Name || got.Reference == "" {
			t.Errorf("%s: %v %v", m.Name, got, err)
		}
	}
	if _, err := ode.ByName("rk5"); err == nil || !strings.Contains(err.Error(), "rk4") {
		t.Errorf("unknown name: %v", err)
	}
}

// The conditions every Runge-Kutta tableau meets, independent of any system:
// rows of A sum to C, B sums to 1 and E to 0, quadrature conditions
// sum B C^(k-1) = 1/k up to the order, and the same for the embedded weights.
func TestTableaus(t *testing.T) {
	for _, m := range ode.Methods() {
		dot := func(w []float64, power int) (v float64) {
			for i, c := range m.C {
				v += w[i] * math.Pow(c, float64(power))
			}
			return v
		}
		for i, row := range m.A {
			var sum float64
			for _, a := range row {
				sum += a
			}
			if math.Abs(sum-m.C[i]) > 1e-14 {
				t.Errorf("%s: row %d of A sums to %v, C is %v", m.Name, i, sum, m.C[i])
			}
		}
		for k := 1; k <= m.Order; k++ {
			if got := dot(m.B, k-1); math.Abs(got-1/float64(k)) > 1e-14 {
				t.Errorf("%s: sum b c^%d = %v, want 1/%d", m.Name, k-1, got, k)
			}
		}
		if m.Adaptive() {
			for k := 1; k <= m.EmbeddedOrder; k++ {
				if got := dot(m.E, k-1); math.Abs(got) > 1e-14 {
					t.Errorf("%s: sum e c^%d = %v, want 0", m.Name, k-1, got)
				}
			}
		}
		if m.D != nil && math.Abs(dot(m.D, 0)) > 1e-14 {
			t.Errorf("%s: sum d = %v, want 0", m.Name, dot(m.D, 0))
		}
	}
}

func TestMalformedMethods(t *testing.T) {
	for want, spoil := range map[string]func(m *ode.Method){
		"no stages":      func(m *ode.Method) { m.B = nil },
		"order 0":        func(m *ode.Method) { m.Order = 0 },
		"entries, C":     func(m *ode.Method) { m.C = m.C[:3] },
		"row 2 of A":     func(m *ode.Method) { m.A[2] = nil },
		"C[3] is 1.5":    func(m *ode.Method) { m.C[3] = 1.5 },
		"C[0]":           func(m *ode.Method) { m.C[0] = 0.1 },
		"error estimate": func(m *ode.Method) { m.EmbeddedOrder = 0 },
		"D has 1":        func(m *ode.Method) { m.D = []float64{1} },
	} {
		m := ode.Dopri5()
		spoil(m)
		if _, err := ode.New(randomLinear(1, 2, true), m, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// A tableau whose second stage repeats the first is Euler's method, to the bit.
func TestStageWithoutWeights(t *testing.T) {
	m := &ode.Method{Name: "twice", Order: 1, C: []float64{0, 0}, A: [][]float64{{}, {0}}, B: []float64{0, 1}}
	sys := randomLinear(1, 2, false)
	a := integrate(t, newSolver(t, sys, m, nil), ones(2), 0, 1)
	b := integrate(t, newSolver(t, sys, ode.Euler(), nil), ones(2), 0, 1)
	if a[0] != b[0] || a[1] != b[1] {
		t.Errorf("%v, want %v", a, b)
	}
}

// A pair of the user's own, Heun with Euler embedded (order 2(1), not first
// same as last), adapts its steps like the built-in one.
func TestOwnPair(t *testing.T) {
	m := ode.Heun()
	m.Name, m.E, m.EmbeddedOrder = "heun-euler", []float64{-0.5, 0.5}, 1
	p := vanDerPol(t)
	var tols, errs []float64
	for tol := 1e-5; tol > 1e-9; tol /= 10 {
		s := newSolver(t, p.sys, m, &ode.Settings{AbsTol: tol, RelTol: tol})
		if got := s.Method().Name; got != "heun-euler" {
			t.Errorf("method %q", got)
		}
		tols = append(tols, tol)
		errs = append(errs, distance(integrate(t, s, p.y0, 0, p.t1), p.truth))
	}
	// Local error per step: h ~ tol^(1/2) and a global error of h^2.
	if got := slope(tols, errs); math.Abs(got-1) > 0.15 {
		t.Errorf("error ~ tolerance^%.2f, want 1 (%.1e)", got, errs)
	}
}
