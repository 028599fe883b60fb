package ode_test

import (
	"fmt"
	"testing"

	"leeway/ode"
)

// BenchmarkIntegrate is the hot path: one short interval of a piecewise field
// after the other, with a field that costs almost nothing, so that what is
// measured is the solver's own work.
func BenchmarkIntegrate(b *testing.B) {
	for _, m := range ode.Methods() {
		for _, dim := range []int{2, 1000, 100000} {
			b.Run(fmt.Sprintf("%s/%d", m.Name, dim), func(b *testing.B) {
				sys := system(dim, func(dst []float64, _ float64, y []float64) {
					for i, v := range y {
						dst[i] = -v
					}
				})
				s := newSolver(b, sys, m, &ode.Settings{Substeps: 1})
				y := ones(dim)
				b.ReportAllocs()
				b.SetBytes(int64(8 * dim))
				for n := 0; b.Loop(); n++ {
					if err := s.Integrate(y, 1e-3*float64(n), 1e-3*float64(n+1)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkKepler is a whole orbit: the price of an accuracy.
func BenchmarkKepler(b *testing.B) {
	p := kepler()
	for _, tol := range []float64{1e-4, 1e-8, 1e-12} {
		b.Run(fmt.Sprintf("tol=%g", tol), func(b *testing.B) {
			s := newSolver(b, p.sys, ode.Dopri5(), &ode.Settings{AbsTol: tol, RelTol: tol})
			y := make([]float64, 4)
			b.ReportAllocs()
			for b.Loop() {
				s.Reset()
				copy(y, p.y0)
				if err := s.Integrate(y, 0, p.t1); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(s.Stats().Evaluations), "evaluations")
		})
	}
}
