package optim_test

import (
	"math"
	"testing"

	"leeway/optim"
)

// Truth: central differences of Apply, and the names of the functions.
func TestFunctions(t *testing.T) {
	g := []float64{-3, -0.5, 0, 0.25, 7}
	for _, c := range []struct {
		q    optim.Function
		want func(x float64) float64
	}{
		{optim.Identity, func(x float64) float64 { return x }},
		{optim.Square, func(x float64) float64 { return math.Pow(x, 2) }},
	} {
		value, slope := make([]float64, len(g)), make([]float64, len(g))
		c.q.Apply(value, g)
		c.q.Derivative(slope, g)
		for j, x := range g {
			const h = 1e-4
			central := (c.want(x+h) - c.want(x-h)) / (2 * h)
			if value[j] != c.want(x) || !near(slope[j], central, 1e-9) {
				t.Errorf("%T at %v: %v and slope %v, want %v and %v", c.q, x, value[j], slope[j], c.want(x), central)
			}
		}
		// dst may be g.
		inPlace := append([]float64(nil), g...)
		c.q.Apply(inPlace, inPlace)
		if relative(inPlace, value) != 0 {
			t.Errorf("%T in place gives %v, want %v", c.q, inPlace, value)
		}
		inPlace = append(inPlace[:0], g...)
		c.q.Derivative(inPlace, inPlace)
		if relative(inPlace, slope) != 0 {
			t.Errorf("%T: derivative in place gives %v, want %v", c.q, inPlace, slope)
		}
	}
}
