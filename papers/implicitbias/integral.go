package implicitbias

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"leeway/bea"
	"leeway/figure"
	"leeway/papers"
)

// integralBeta and integralSettings are those of the drawing: the paper's beta, and
// rho and eps on both sides of what matters.
const integralBeta = 0.95

var integralSettings = []struct{ rho, eps float64 }{{0.9, 1e-4}, {0.95, 1e-4}, {0.99, 1e-4}, {0.99, 1e-3}, {0.999, 1e-4}}

// integral are the claims of Figure 1: on a loss of one parameter Adam follows
// E + (h/2) I(E'), where I(x) is an integral from 0 to x of the bias.
func integral(papers.Scale) []papers.Claim {
	return []papers.Claim{
		{
			ID: "integral", Place: "Figure 1", Provenance: papers.Stated,
			Says:     "In one parameter, with rho above beta, the added loss is a small hump at gradients near zero and falls linearly beyond: Adam is driven away from small gradients.",
			Quantity: "share of settings with rho > beta with a positive hump, one zero, and the slope a - b far out",
			How: "The integral of Figure 1 by adaptive quadrature for beta = 0.95, several rho and eps: its sign before and after the zero x0 = sqrt(eps) sqrt(s^2 - 1), s = b/(b - a), " +
				"and its slope at 1000 sqrt(eps), against a - b within one percent.",
			Expected: papers.True("all (1)"), Measure: hump,
		},
		{
			ID: "integral-quadrature", Place: "Figure 1", Provenance: papers.Derived,
			Says:     "The integral of Figure 1 has the closed form (a - b)(r - sqrt(eps)) + b (sqrt(eps) - eps/r), r = sqrt(x^2 + eps).",
			Quantity: "largest difference between closed form and quadrature, relative to the larger of the two terms",
			How:      "Gauss-Legendre quadrature of the integrand on 200 pieces at 100 points x for each setting.",
			Expected: papers.AtMost(1e-9), Measure: closedForm,
		},
	}
}

// integrand is that of Figure 1 with respect to y.
func integrand(y, a, b, eps float64) float64 {
	s := math.Sqrt(y*y + eps)
	return (a - b + b*eps/(s*s)) * y / s
}

// byQuadrature is the integral of Figure 1 from 0 to x.
func byQuadrature(x, a, b, eps float64) float64 {
	const pieces = 200
	sum := 0.0
	for i := range pieces {
		l, r := x*float64(i)/pieces, x*float64(i+1)/pieces
		sum += quad.Fixed(func(y float64) float64 { return integrand(y, a, b, eps) }, l, r, 8, quad.Legendre{}, 0)
	}
	return sum
}

func coefficient(beta float64) float64 { return (1 + beta) / (1 - beta) }

func hump(context.Context, *papers.Lab) (*papers.Finding, error) {
	a := coefficient(integralBeta)
	good, n := 0, 0
	table := &papers.Table{Columns: []string{"rho", "eps", "zero at", "integral at half of it", "at twice it", "slope far out", "a - b"}}
	var lines []figure.Series
	for _, s := range integralSettings {
		b := coefficient(s.rho)
		lines = append(lines, curve(s.rho, s.eps, a, b))
		if s.rho <= integralBeta {
			continue
		}
		n++
		ratio := b / (b - a)
		zero := math.Sqrt(s.eps) * math.Sqrt(ratio*ratio-1)
		before, after := byQuadrature(zero/2, a, b, s.eps), byQuadrature(2*zero, a, b, s.eps)
		far := 1000 * math.Sqrt(s.eps)
		slope := integrand(far, a, b, s.eps)
		table.Add(s.rho, s.eps, zero, before, after, slope, a-b)
		if before > 0 && after < 0 && math.Abs(slope-(a-b)) < 0.01*(b-a) {
			good++
		}
	}
	f := papers.Exactly(float64(good) / float64(n))
	f.Table = table
	f.Figures = []papers.Figure{{Name: "integral", Caption: "What Adam adds to a loss of one parameter, in units of h/2, against the gradient x = E′; beta = 0.95.",
		Drawing: figure.Chart{XLabel: "gradient x", YLabel: "added loss / (h/2)", Series: lines}}}
	return f, nil
}

// curve is the integral over gradients between -0.1 and 0.1.
func curve(rho, eps, a, b float64) figure.Series {
	s := figure.Series{Name: fmt.Sprintf("rho %g, eps %g", rho, eps)}
	for i := -300; i <= 300; i++ {
		x := float64(i) / 3000
		s.X = append(s.X, x)
		s.Y = append(s.Y, bea.OneParameterIntegral(x, a, b, eps))
	}
	return s
}

func closedForm(context.Context, *papers.Lab) (*papers.Finding, error) {
	worst := 0.0
	a := coefficient(integralBeta)
	for _, s := range integralSettings {
		b := coefficient(s.rho)
		for i := 1; i <= 100; i++ {
			x := 0.2 * float64(i) / 100
			r := math.Sqrt(x*x + s.eps)
			size := math.Max(math.Abs(a-b)*(r-math.Sqrt(s.eps)), b*(math.Sqrt(s.eps)-s.eps/r))
			worst = math.Max(worst, math.Abs(byQuadrature(x, a, b, s.eps)-bea.OneParameterIntegral(x, a, b, s.eps))/size)
		}
	}
	return papers.Exactly(worst), nil
}
