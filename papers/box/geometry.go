package box

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"leeway/figure"
	"leeway/objective"
	"leeway/papers"
	"leeway/steepest"
)

// descents are the claims about normalised steepest descent with weight decay.
func descents() []papers.Claim {
	const geometry = "sum_i (x_i - 1)^2/i^2 in 100 dimensions, x(0) = 0, gamma_t = 2/(t+1)."
	return []papers.Claim{
		{
			ID: "frank-wolfe", Place: "Section 3.1", Provenance: papers.Derived, Says: "Normalised steepest descent with weight decay is the method of Frank and Wolfe in the ball of radius 1/lambda.",
			Quantity: "largest distance of the two trajectories", How: "The quadratic of the other claims, p = 1, 2 and infinity, lambda 0.7, gamma_t = 2/(t+1), 1,000 steps; the method of Frank and Wolfe looks for its vertex among all of the ball’s corners (p = 1), in each coordinate (infinity), by the inequality of Cauchy and Schwarz (2).", Expected: papers.AtMost(1e-12), Measure: identity,
		},
		{
			ID: "frank-wolfe-rate", Place: "Theorem 3.5", Provenance: papers.Derived, Says: "On a convex loss that is H-smooth in the norm it is within 8H/(lambda^2 (t+2)) of the least value at every step.",
			Quantity: "largest share of that bound over 1,000 steps", How: geometry + " H is 3.27 for the l-infinity norm (lambda 1 and 0.5) and 2 for the Euclidean one (lambda 0.1 and 0.05).", Expected: papers.AtMost(1), Measure: rate,
		},
		{
			ID: "geometry", Place: "Section 5.2", Provenance: papers.Stated, Says: "On a loss that is smoother in the l-infinity geometry, descent in that norm beats Euclidean descent.",
			Quantity: "loss in the Euclidean norm over that in the l-infinity norm after 1,000 steps, the least over lambda", How: geometry + " lambda 1 and 0.5 (l-infinity), 0.1 and 0.05 (Euclidean). The paper’s function is recalled, not known.", Expected: papers.AtLeast(100), Measure: contest,
		},
	}
}

// cases of the geometry.
var cases = []struct {
	p      steepest.Norm
	lambda float64
}{{steepest.Inf, 1}, {steepest.Inf, 0.5}, {2, 0.1}, {2, 0.05}}

// smoothness is H of sum_i (x_i - 1)^2/i^2 in d dimensions: the largest of d^T A d over
// |d| <= 1, for A = diag(2/i^2) the sum of the curvatures in the l-infinity norm and the
// largest in the Euclidean one.
func smoothness(p steepest.Norm, d int) float64 {
	if p == 2 {
		return 2
	}
	sum := 0.0
	for i := d; i > 0; i-- {
		sum += 2 / float64(i*i)
	}
	return sum
}

func identity(context.Context, *papers.Lab) (*papers.Finding, error) {
	q, err := NewQuadratic(20, 1, 0)
	if err != nil {
		return nil, err
	}
	largest := 0.0
	table := &papers.Table{Columns: []string{"p", "largest distance"}}
	for _, p := range []steepest.Norm{1, 2, steepest.Inf} {
		d := len(q.Centre)
		x, y, g, s := make([]float64, d), make([]float64, d), make([]float64, d), make([]float64, d)
		const lambda = 0.7 // with 1 the two would be the same operations
		descent, worst := steepest.Descent{P: p, WeightDecay: lambda}, 0.0
		for t := 1; t <= 1000; t++ {
			gamma := 2 / float64(t+1)
			if _, err := q.Objective.Gradient(g, x, 0); err != nil {
				return nil, err
			}
			descent.Step(x, g, gamma/lambda)
			if _, err := q.Objective.Gradient(g, y, 0); err != nil {
				return nil, err
			}
			corner(s, g, p, 1/lambda)
			for j := range x {
				y[j] = (1-gamma)*y[j] + gamma*s[j]
				worst = math.Max(worst, math.Abs(x[j]-y[j]))
			}
		}
		table.Add(float64(p), worst)
		largest = math.Max(largest, worst)
	}
	f := papers.Exactly(largest)
	f.Table = table
	return f, nil
}

// corner writes the point of the ball |s|_p <= radius with the least inner product with g
// to s, found without package steepest.
func corner(s, g []float64, p steepest.Norm, radius float64) {
	clear(s)
	switch p {
	case 1:
		at, sign, least := 0, 1.0, math.Inf(1)
		for j, v := range g {
			for _, e := range []float64{1, -1} {
				if radius*e*v < least {
					at, sign, least = j, e, radius*e*v
				}
			}
		}
		s[at] = sign * radius
	case 2:
		length := floats.Norm(g, 2)
		floats.AddScaled(s, -radius/length, g)
	default:
		for j, v := range g {
			if s[j] = radius; v > 0 {
				s[j] = -radius
			}
		}
	}
}

// losses are the losses of the geometry after steps 1 to 1,000.
func losses() ([][]float64, error) {
	all := make([]int, 1000)
	for i := range all {
		all[i] = i + 1
	}
	var values [][]float64
	for _, c := range cases {
		v, err := Geometry(c.p, c.lambda, 100, all)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

func rate(context.Context, *papers.Lab) (*papers.Finding, error) {
	values, err := losses()
	if err != nil {
		return nil, err
	}
	largest := 0.0
	table := &papers.Table{Columns: []string{"p", "lambda", "largest share of the bound"}}
	for k, c := range cases {
		worst := 0.0
		for i, v := range values[k] {
			worst = math.Max(worst, v*c.lambda*c.lambda*float64(i+3)/(8*smoothness(c.p, 100)))
		}
		table.Add(float64(c.p), c.lambda, worst)
		largest = math.Max(largest, worst)
	}
	f := papers.Exactly(largest)
	f.Table = table
	return f, nil
}

func contest(context.Context, *papers.Lab) (*papers.Finding, error) {
	values, err := losses()
	if err != nil {
		return nil, err
	}
	table := &papers.Table{Columns: []string{"p", "lambda", "loss after 100 steps", "after 1,000"}}
	chart := figure.Chart{XLabel: "step", YLabel: "loss", LogX: true, LogY: true}
	worst, best := 0.0, math.Inf(1)
	for k, c := range cases {
		end := values[k][999]
		if c.p == 2 {
			best = math.Min(best, end)
		} else {
			worst = math.Max(worst, end)
		}
		table.Add(float64(c.p), c.lambda, values[k][99], end)
		s := figure.Series{Name: fmt.Sprintf("p %v, lambda %g", float64(c.p), c.lambda), Style: figure.Numbered(k), Y: values[k]}
		for i := range values[k] {
			s.X = append(s.X, float64(i+1))
		}
		chart.Series = append(chart.Series, s)
	}
	f := papers.Exactly(best / worst)
	f.Table = table
	f.Figures = []papers.Figure{{Name: "geometry", Caption: "Loss along normalised steepest descent with weight decay in two norms.", Drawing: chart}}
	return f, nil
}

// Geometry is normalised steepest descent in two norms on sum_i (x_i - x*_i)^2 / i^2
// with x*_i = 1 and gamma_t = 2/(t+1): the loss after each of the given numbers of
// steps, which ascend. Lambda is the weight decay, eta_t = gamma_t / lambda.
// The loss's curvature is 2/i^2, small in most coordinates: good for the l-infinity
// norm, where only their sum counts.
func Geometry(p steepest.Norm, lambda float64, d int, steps []int) ([]float64, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	spectrum, b, constant := make([]float64, d), make([]float64, d), 0.0
	for i := range spectrum {
		spectrum[i] = 2 / float64((i+1)*(i+1))
		b[i] = spectrum[i]
		constant += spectrum[i] / 2
	}
	loss, err := objective.NewDiagonal(spectrum, b)
	if err != nil {
		return nil, err
	}
	x, g := make([]float64, d), make([]float64, d)
	descent := steepest.Descent{P: p, WeightDecay: lambda}
	var values []float64
	for t := 1; len(values) < len(steps); t++ {
		if _, err := loss.Gradient(g, x, 0); err != nil {
			return nil, err
		}
		descent.Step(x, g, 2/(lambda*float64(t+1)))
		if t == steps[len(values)] {
			sum := 0.0
			for i, v := range x {
				sum += spectrum[i] / 2 * (v - 1) * (v - 1)
			}
			values = append(values, sum)
		}
	}
	return values, nil
}
