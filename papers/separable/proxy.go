package separable

import (
	"context"
	"math"
)

// Proxy follows the stand-in for Adam with one sample a step and beta2 near 1,
//
//	w <- w - eta_n grad L(w) / sqrt(sum_i grad L_i(w)^2),
//
// for a number of steps of the logistic loss, and returns the iterate. Where no row has
// a gradient nothing moves. Source: arXiv 2510.26303, Proposition 4.1.
func Proxy(ctx context.Context, d *Data, step func(n int) float64, steps int) ([]float64, error) {
	n, dim := d.Set.N, d.Set.D
	z := make([]float64, n*dim)
	for i := range n {
		for j, v := range d.Set.Row(i) {
			z[i*dim+j] = float64(2*d.Set.Y[i]-1) * v
		}
	}
	w, c, g, v := make([]float64, dim), make([]float64, n), make([]float64, dim), make([]float64, dim)
	for t := range steps {
		if t%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		least := math.Inf(1)
		for i := range c {
			c[i] = 0
			for j, x := range z[i*dim : (i+1)*dim] {
				c[i] += x * w[j]
			}
			least = min(least, c[i])
		}
		// Slopes times exp(least): the step depends on their ratios alone.
		least = max(least, 0)
		clear(g)
		clear(v)
		for i, m := range c {
			s := math.Exp(least-m) / (1 + math.Exp(-m))
			if m < 0 {
				s = math.Exp(least) / (1 + math.Exp(m))
			}
			for j, x := range z[i*dim : (i+1)*dim] {
				g[j] += s * x
				v[j] += s * x * s * x
			}
		}
		h := step(t)
		for j := range w {
			if v[j] > 0 {
				w[j] += h * g[j] / math.Sqrt(v[j])
			}
		}
	}
	return w, nil
}
