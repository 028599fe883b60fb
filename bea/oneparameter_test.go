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
