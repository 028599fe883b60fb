package bea_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// Truth: Gauss-Legendre quadrature of the integrand, in the variable
// y = sqrt(eps) sinh u, which knows no scale.
func TestOneParameterIntegral(t *testing.T) {
	for _, eps := range []float64{1, 1e-2, 1e-8} {
		for _, c := range [][2]float64{{19, 1999}, {39, 19}, {1, 1}, {19, 199}} {
			a, b := c[0], c[1]
			for _, x := range []float64{1e-9, 1e-5, 1e-3, 0.1, -0.7, 3, 50} {
				integrand := func(u float64) float64 {
					y := math.Sqrt(eps) * math.Sinh(u)
					return (a - b + b*eps/(y*y+eps)) * y // d sqrt(y^2+eps) = y du
				}
				end := math.Asinh(x / math.Sqrt(eps))
				want := quad.Fixed(integrand, min(0, end), max(0, end), 200, quad.Legendre{}, 0)
				if x < 0 {
					want = -want
				}
				got := bea.OneParameterIntegral(x, a, b, eps)
				// Where the hump ends large terms cancel: measure against them.
				scale := max(a, b) * math.Abs(x) * min(1, math.Abs(x)/math.Sqrt(eps))
				if math.Abs(got-want) > 1e-9*scale {
					t.Errorf("x=%g a=%g b=%g eps=%g: %.15g, want %.15g", x, a, b, eps, got, want)
				}
			}
		}
	}
	if got := bea.OneParameterIntegral(0, 19, 1999, 0); got != 0 {
		t.Errorf("at the origin with eps = 0: %v", got)
	}
	if got := bea.OneParameterIntegral(-2, 19, 1999, 0); got != -3960 {
		t.Errorf("eps = 0: %v, want (a-b)|x| = -3960", got)
	}
}

// In one parameter the modified loss holds at any eps: its derivative over
// -sqrt(g^2+eps) is the velocity of the corrected flow. Truth: the flow, and
// central differences.
func TestOneParameterLossMovesTheFlow(t *testing.T) {
	const h, beta, rho = 0.01, 0.9, 0.99
	obj := must[*objective.Sines](t)(objective.NewSines(1, 1, 3))
	for _, eps := range []float64{10, 0.1, 1e-3} {
		opt := constant(t, optim.Adam{Beta1: beta, Beta2: rho, Eps: eps, BiasCorrection: true}, h)
		c := bea.CoefficientsOf(opt.Rule, -1)
		for _, x := range []float64{-1.3, 0.2, 2.5} {
			theta, g := []float64{x}, make([]float64, 1)
			derivative := gradientOf(func(theta []float64) float64 {
				loss := must[float64](t)(obj.Gradient(g, theta, 0))
				return loss + h/2*bea.OneParameterIntegral(g[0], c.A, c.B, eps)
			}, theta)
			must[float64](t)(obj.Gradient(g, theta, 0))
			want := -derivative[0] / math.Sqrt(g[0]*g[0]+eps)
			if got := asymptotic(t, obj, opt, theta)[0]; !near(got, want, 1e-8) {
				t.Errorf("eps=%g theta=%g: velocity %v, want %v", eps, x, got, want)
			}
		}
	}
}

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
