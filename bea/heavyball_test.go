package bea_test

import (
	"math"
	"testing"

	"leeway/bea"
)

// Truth: the equation that the velocity of heavy ball on its slow manifold obeys,
// G(theta + hG) = beta G(theta) - grad E(theta + hG), with G the scaled gradient
// of the modified loss. Leaving out the h^2 term must cost an order.
func TestHeavyBallLossIsInvariant(t *testing.T) {
	const beta = 0.7
	f := newFull(t)
	residual := func(h float64, second bool) float64 {
		velocity := func(theta []float64) []float64 {
			g, hg := make([]float64, 4), make([]float64, 4)
			v := gradientOf(func(theta []float64) float64 {
				loss := must[float64](t)(f.Gradient(g, theta, 0))
				if err := f.HVP(hg, theta, g, 0); err != nil {
					t.Fatal(err)
				}
				if !second {
					clear(hg)
				}
				return bea.HeavyBallLoss(loss, g, hg, beta, h)
			}, theta)
			for j := range v {
				v[j] /= -(1 - beta)
			}
			return v
		}
		here := velocity(start)
		next := each(func(j int) float64 { return start[j] + h*here[j] })
		there, g := velocity(next), make([]float64, 4)
		must[float64](t)(f.Gradient(g, next, 0))
		return bea.Distance(there, each(func(j int) float64 { return beta*here[j] - g[j] }))
	}
	for second, want := range map[bool]float64{true: 3, false: 2} {
		var off []float64
		for k := range 5 {
			off = append(off, residual(0.02/float64(int(1)<<k), second))
		}
		if order := slope(off); math.Abs(order-want) > 0.15 {
			t.Errorf("h^2 term %v: residual %.2g, order %.2f, want %g", second, off, order, want)
		}
	}
}

// Truth: on E = lambda theta^2/2 heavy ball multiplies by the slow root of
// mu^2 - (1 + beta - h lambda) mu + beta = 0; gradient descent on the modified
// loss agrees with it to O(h^4).
func TestHeavyBallLossOnQuadratic(t *testing.T) {
	const beta, lambda = 0.7, 1.3
	var off []float64
	for k := range 5 {
		h := 0.002 / float64(int(1)<<k)
		b := 1 + beta - h*lambda
		mu := (b + math.Sqrt(b*b-4*beta)) / 2
		// The loss is c theta^2/2 with c read off at theta = 1.
		c := 2 * bea.HeavyBallLoss(lambda/2, []float64{lambda}, []float64{lambda * lambda}, beta, h)
		off = append(off, math.Abs(1-h/(1-beta)*c-mu))
	}
	if order := slope(off); math.Abs(order-4) > 0.15 {
		t.Errorf("root off by %.2g, order %.2f, want 4", off, order)
	}
}
