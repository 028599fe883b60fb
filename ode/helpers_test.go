package ode_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/ode"
)

// system makes a System of a function that cannot fail.
func system(n int, f func(dst []float64, t float64, y []float64)) ode.Func {
	return ode.Func{N: n, F: func(dst []float64, t float64, y []float64) error {
		f(dst, t, y)
		return nil
	}}
}

func newSolver(t testing.TB, sys ode.System, m *ode.Method, set *ode.Settings) *ode.Solver {
	t.Helper()
	s, err := ode.New(sys, m, set)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// integrate returns the state at t1.
func integrate(t testing.TB, s *ode.Solver, y0 []float64, t0, t1 float64) []float64 {
	t.Helper()
	y := append([]float64(nil), y0...)
	if err := s.Integrate(y, t0, t1); err != nil {
		t.Fatal(err)
	}
	return y
}

func distance(a, b []float64) float64 {
	var d float64
	for i := range a {
		d = math.Max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// slope fits log y = a + slope log x by least squares.
func slope(x, y []float64) float64 {
	var mx, my, sxx, sxy float64
	for i := range x {
		mx += math.Log(x[i]) / float64(len(x))
		my += math.Log(y[i]) / float64(len(x))
	}
	for i := range x {
		dx := math.Log(x[i]) - mx
		sxx += dx * dx
		sxy += dx * (math.Log(y[i]) - my)
	}
	return sxy / sxx
}

// linear is y' = A (y - g(t)) + g'(t) with g_i = sin(t + i), or g = 0 if
// autonomous. Its truth is the matrix exponential of gonum (Padé approximation
// with scaling and squaring), which shares nothing with Runge-Kutta methods:
//
//	y(t) = g(t) + exp(A (t - t0)) (y0 - g(t0)).
type linear struct {
	a          *mat.Dense
	autonomous bool
}

func randomLinear(seed uint64, n int, autonomous bool) linear {
	rng := rand.New(rand.NewPCG(seed, 0))
	a := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			a.Set(i, j, rng.NormFloat64()/math.Sqrt(float64(n)))
		}
	}
	return linear{a, autonomous}
}

func (l linear) shift(t float64, i int) (g, dg float64) {
	if l.autonomous {
		return 0, 0
	}
	dg, g = math.Cos(t+float64(i)), math.Sin(t+float64(i))
	return g, dg
}

func (l linear) Dim() int { n, _ := l.a.Dims(); return n }

func (l linear) Derivative(dst []float64, t float64, y []float64) error {
	for i := range dst {
		_, dst[i] = l.shift(t, i)
		for j, v := range y {
			g, _ := l.shift(t, j)
			dst[i] += l.a.At(i, j) * (v - g)
		}
	}
	return nil
}

func (l linear) truth(y0 []float64, t0, t float64) []float64 {
	n := len(y0)
	var at, e mat.Dense
	at.Scale(t-t0, l.a)
	e.Exp(&at)
	d := mat.NewVecDense(n, nil)
	for i, v := range y0 {
		g, _ := l.shift(t0, i)
		d.SetVec(i, v-g)
	}
	var r mat.VecDense
	r.MulVec(&e, d)
	y := make([]float64, n)
	for i := range y {
		g, _ := l.shift(t, i)
		y[i] = r.AtVec(i) + g
	}
	return y
}

func ones(n int) []float64 {
	y := make([]float64, n)
	for i := range y {
		y[i] = 1 - 0.3*float64(i)
	}
	return y
}
