// Package heavyball holds the claims of "Modified Loss of Momentum Gradient Descent:
// Fine-Grained Analysis" (arXiv 2509.08483): heavy ball is plain gradient descent on
// a modified loss.
package heavyball

import (
	"context"
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/stat"

	"leeway/figure"
	"leeway/papers"
)

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID: "2509.08483", Title: "Modified Loss of Momentum Gradient Descent: Fine-Grained Analysis",
		Authors: "Matias D. Cattaneo, Boris Shigida", Venue: "arXiv, 2025",
		About: "With a small step heavy ball follows, on a manifold that attracts it exponentially, plain gradient descent on a modified loss; here through the second order of the step size. " +
			"On quadratics a complex principal flow passes through its iterates.",
		Claims: claims,
	}
}

func claims(papers.Scale) []papers.Claim {
	const how = "m <- 0.7 m + g, theta <- theta - h m on x^2/2 + y^2 + 0.3 x^2 y + 0.1 x^4, begun on the manifold; gradient descent with learning rate h/(1-0.7) on the modified loss, over a time of 3, h halved from 0.0025 five times; slope of the logarithm of the largest distance."
	order := func(id string, terms int, says string, expected papers.Region) papers.Claim {
		return papers.Claim{ID: id, Place: "main theorem", Provenance: papers.Stated, Says: says, Quantity: "fitted order", How: how, Expected: expected,
			Measure: func(context.Context, *papers.Lab) (*papers.Finding, error) { return fitted(terms), nil }}
	}
	return []papers.Claim{
		order("order-1", 0, "Gradient descent on the loss itself follows heavy ball to first order only.", papers.Around(1, 0.15)),
		order("order-2", 1, "With the term in h, gradient descent on the modified loss follows heavy ball to second order.", papers.AtLeast(1.85)),
		order("order-3", 2, "With the terms in h and h^2, gradient descent on the modified loss follows heavy ball to third order.", papers.AtLeast(2.85)),
		{
			ID: "principal-flow", Place: "figure of the principal flow", Provenance: papers.Stated,
			Says:     "On a quadratic the principal flow, complex for large steps, passes through heavy ball’s iterates with its real part: their oscillation.",
			Quantity: "largest distance of the flow’s real part from the iterates",
			How:      "beta 0.7, theta(0) = 1, loss theta^2/2, steps 0.005 (real), 0.5 and 2 (complex), 40 steps; theta(nh) = Re(c mu^n) with the root mu of mu^2 - (1 + beta - h) mu + beta and c given by the first two iterates.",
			Expected: papers.AtMost(1e-12), Measure: principal,
		},
		{
			ID: "attraction", Place: "main theorem", Provenance: papers.Stated,
			Says:     "The manifold attracts heavy ball exponentially: what is off it falls like beta^n.",
			Quantity: "rate at which the distance to the manifold falls, over beta",
			How:      "beta 0.7, h 0.001 on the quadratic theta^2/2, begun at rest; least squares of the logarithm of |theta_(n+1) - mu theta_n| over steps 5 to 40.",
			Expected: papers.Around(1, 0.01), Measure: attraction,
		},
	}
}

const beta = 0.7

type vector [2]float64

// derivatives of x^2/2 + y^2 + 0.3 x^2 y + 0.1 x^4: the gradient, its product with
// the Hessian twice, and the third derivative with the gradient twice.
func derivatives(v vector) (g, hg, hhg, tgg vector) {
	x, y := v[0], v[1]
	g = vector{x + 0.6*x*y + 0.4*x*x*x, 2*y + 0.3*x*x}
	h := func(u vector) vector {
		return vector{(1+0.6*y+1.2*x*x)*u[0] + 0.6*x*u[1], 0.6*x*u[0] + 2*u[1]}
	}
	hg = h(g)
	tgg = vector{2.4*x*g[0]*g[0] + 2*0.6*g[0]*g[1], 0.6 * g[0] * g[0]}
	return g, hg, h(hg), tgg
}

// velocity is G in theta <- theta + h G, with the terms of the modified loss up to
// that power of h:
//
//	G = -1/(1-b) grad{ E + h b/(2(1-b)^2) |g|^2 + h^2 b(1+b)/(2(1-b)^4) g.Hg }
func velocity(v vector, h float64, terms int) (dst vector) {
	g, hg, hhg, tgg := derivatives(v)
	const keep = 1 - beta
	for i := range dst {
		dst[i] = g[i]
		if terms > 0 {
			dst[i] += h * beta / (keep * keep) * hg[i]
		}
		if terms > 1 {
			dst[i] += h * h * beta * (1 + beta) / (2 * keep * keep * keep * keep) * (2*hhg[i] + tgg[i])
		}
		dst[i] *= -1 / keep
	}
	return dst
}

func fitted(terms int) *papers.Finding {
	f := &papers.Finding{Table: &papers.Table{Columns: []string{"h", "steps", "largest distance"}}}
	var logH, logE []float64
	line := figure.Series{Name: "distance"}
	for h := 0.0025; h > 0.00007; h /= 2 {
		steps := int(math.Round(3 / h))
		ball, descent := vector{1, -0.5}, vector{1, -0.5}
		memory := velocity(ball, h, 2) // of the step before the first, on the manifold
		for range 3 {                  // theta_(-1) by fixed point
			before := vector{ball[0] - h*memory[0], ball[1] - h*memory[1]}
			memory = velocity(before, h, 2)
		}
		largest := 0.0
		for range steps {
			g, _, _, _ := derivatives(ball)
			v := velocity(descent, h, terms)
			for i := range ball {
				memory[i] = beta*memory[i] - g[i]
				ball[i] += h * memory[i]
				descent[i] += h * v[i]
				largest = math.Max(largest, math.Abs(ball[i]-descent[i]))
			}
		}
		logH, logE = append(logH, math.Log(h)), append(logE, math.Log(largest))
		line.X, line.Y = append(line.X, h), append(line.Y, largest)
		f.Table.Add(h, steps, largest)
	}
	_, slope := stat.LinearRegression(logH, logE, nil, false)
	f.Value, f.Low, f.High = slope, slope, slope
	line.Note = fmt.Sprintf("order %.2f", slope)
	f.Figures = []papers.Figure{{Name: "distance", Caption: "Largest distance between heavy ball and gradient descent on the modified loss.",
		Drawing: figure.Chart{XLabel: "step size h", YLabel: "largest distance", LogX: true, LogY: true, Series: []figure.Series{line}}}}
	return f
}

// root is mu, the slow root of heavy ball on a quadratic of curvature 1.
func root(h float64) complex128 {
	s := complex(1+beta-h, 0)
	return (s + cmplx.Sqrt(s*s-4*beta)) / 2
}

func principal(context.Context, *papers.Lab) (*papers.Finding, error) {
	const steps = 40
	worst := 0.0
	chart := figure.Chart{XLabel: "time nh", YLabel: "theta"}
	table := &papers.Table{Columns: []string{"h", "mu", "largest distance"}}
	for _, h := range []float64{0.005, 0.5, 2} {
		mu := root(h)
		theta, memory := 1.0, 0.0
		iterates := []float64{theta}
		if imag(mu) == 0 { // on the manifold, where the slow root is all
			memory = (1 - 1/real(mu)) / h
		}
		for range steps {
			memory = beta*memory - theta
			theta += h * memory
			iterates = append(iterates, theta)
		}
		// Re(c mu^n) with Re c = theta_0 and Re(c mu) = theta_1.
		c := complex(iterates[0], 0)
		if imag(mu) != 0 {
			c = complex(iterates[0], (iterates[0]*real(mu)-iterates[1])/imag(mu))
		}
		largest := 0.0
		flow := figure.Series{Name: fmt.Sprintf("flow, h %g", h)}
		for i := 0; i <= 10*steps; i++ {
			n := float64(i) / 10
			value := real(c * cmplx.Pow(mu, complex(n, 0)))
			flow.X, flow.Y = append(flow.X, n*h), append(flow.Y, value)
			if i%10 == 0 {
				largest = math.Max(largest, math.Abs(value-iterates[i/10]))
			}
		}
		if h == 0.5 {
			points := figure.Series{Name: "heavy ball, h 0.5"}
			for n, v := range iterates {
				points.X, points.Y = append(points.X, float64(n)*h), append(points.Y, v)
			}
			chart.Series = append(chart.Series, flow, points)
		}
		table.Add(h, fmt.Sprintf("%.4f", mu), largest)
		worst = math.Max(worst, largest)
	}
	f := papers.Exactly(worst)
	f.Table = table
	f.Figures = []papers.Figure{{Name: "flow", Caption: "The real part of the principal flow, and heavy ball, which it passes through at every step.", Drawing: chart}}
	return f, nil
}

func attraction(context.Context, *papers.Lab) (*papers.Finding, error) {
	const h = 0.001
	mu := real(root(h))
	theta, memory := 1.0, 0.0
	var steps, logs []float64
	for n := range 41 {
		memory = beta*memory - theta
		next := theta + h*memory
		if n >= 5 {
			steps, logs = append(steps, float64(n)), append(logs, math.Log(math.Abs(next-mu*theta)))
		}
		theta = next
	}
	_, slope := stat.LinearRegression(steps, logs, nil, false)
	return papers.Exactly(math.Exp(slope) / beta), nil
}
