package bea_test

import (
	"math"

	"leeway/bea"
	"leeway/objective"
)

// naive is the main theorem written down as it stands in the paper (Sections 3
// and 4 of the notes: Adam and RMSProp, eps inside and outside, with and without
// bias correction): double sums over all steps, a fresh gradient and a fresh
// Hessian-vector product for each. It shares no code with package bea and knows
// nothing of accumulators, readouts or shared products.
type naive struct {
	beta, rho, eps float64 // RMSProp has beta = 0
	outside        bool
	corrected      bool
	obj            objective.TwiceDifferentiable
	visits         []int // batch of each step
}

func (a naive) gradient(k int, theta []float64) []float64 {
	g := make([]float64, len(theta))
	if _, err := a.obj.Gradient(g, theta, a.visits[k]); err != nil {
		panic(err)
	}
	return g
}

func (a naive) hvp(k int, theta, v []float64) []float64 {
	p := make([]float64, len(theta))
	if err := a.obj.HVP(p, theta, v, a.visits[k]); err != nil {
		panic(err)
	}
	return p
}

// weight is d^(n-k) (1-d) / (1-d^(n+1)), without the quotient if uncorrected.
func (a naive) weight(d float64, n, k int) float64 {
	w := math.Pow(d, float64(n-k)) * (1 - d)
	if a.corrected {
		w /= 1 - math.Pow(d, float64(n+1))
	}
	return w
}

func (a naive) m(n int, theta []float64) []float64 {
	sum := make([]float64, len(theta))
	for k := 0; k <= n; k++ {
		for j, g := range a.gradient(k, theta) {
			sum[j] += a.weight(a.beta, n, k) * g
		}
	}
	return sum
}

func (a naive) r(n int, theta []float64) []float64 {
	sum := make([]float64, len(theta))
	for k := 0; k <= n; k++ {
		for j, g := range a.gradient(k, theta) {
			sum[j] += a.weight(a.rho, n, k) * g * g
		}
	}
	for j := range sum {
		if !a.outside {
			sum[j] += a.eps
		}
		sum[j] = math.Sqrt(sum[j])
	}
	return sum
}

// quotient is M/R, or M/(R+eps) with eps outside.
func (a naive) quotient(n int, theta []float64) []float64 {
	m, r := a.m(n, theta), a.r(n, theta)
	for j := range m {
		if a.outside {
			r[j] += a.eps
		}
		m[j] /= r[j]
	}
	return m
}

// lp is L and P; with bar, L-bar and P-bar.
func (a naive) lp(n int, theta []float64, bar bool) (l, p []float64) {
	l, p = make([]float64, len(theta)), make([]float64, len(theta))
	for k := 0; k <= n; k++ {
		way := make([]float64, len(theta))
		if bar {
			way = a.quotient(n, theta)
		} else {
			for s := k; s <= n-1; s++ {
				for j, q := range a.quotient(s, theta) {
					way[j] += q
				}
			}
		}
		g := a.gradient(k, theta)
		for j, x := range a.hvp(k, theta, way) {
			l[j] += a.weight(a.beta, n, k) * x
			p[j] += a.weight(a.rho, n, k) * g[j] * x
		}
	}
	return l, p
}

// velocity is the right-hand side of the theorem.
func (a naive) velocity(n int, h float64, theta []float64) []float64 {
	m, r := a.m(n, theta), a.r(n, theta)
	l, p := a.lp(n, theta, false)
	lBar, pBar := a.lp(n, theta, true)
	v := make([]float64, len(theta))
	for j := range v {
		d := r[j]
		if a.outside {
			d += a.eps
		}
		v[j] = -m[j]/d + h*(m[j]*(2*p[j]+pBar[j])/(2*d*d*r[j])-(2*l[j]+lBar[j])/(2*d))
	}
	return v
}

// listed is an order of batches read from a list.
type listed []int

func (o listed) At(n int) int { return o[n] }

var _ bea.Order = listed(nil)

// visits are sequences of three batches: mixed without any rule, one batch alone,
// and batches that come last or are long gone.
var visits = map[string]listed{
	"all":     {0, 2, 2, 1, 0, 1, 1, 2, 0, 0, 1, 2},
	"single":  {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
	"late":    {0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2},
	"present": {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0},
}
