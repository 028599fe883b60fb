package config

import "math"

// Plane is what a figure of the two parameters of a problem should show.
type Plane struct {
	// X and Y are the ranges of the first and the second parameter.
	X, Y [2]float64
	// Minima is a polyline through the minimisers within the ranges, or a
	// single one; nil if they are not known.
	Minima [][2]float64
	// Limit is the minimiser at which the one-norm of the gradient on nearby
	// level sets is smallest (bilinear); nil if there is no such point.
	Limit []float64
}

// newPlane is the figure of a problem of two parameters, nil for others. The
// ranges hold the start that the config gives.
func newPlane(o *Objective) *Plane {
	if o.Dimension != 2 {
		return nil
	}
	var p *Plane
	switch o.Problem {
	case "bilinear": // minima t1 t2 = 3/4
		half := math.Sqrt(3) / 2
		p = &Plane{X: [2]float64{0, 3.2}, Y: [2]float64{0, 4}, Limit: []float64{half, half}}
		p.Minima = p.curve(func(t float64) float64 { return 0.75 / t })
	case "cubic": // minima b (2a)^3 = 3/2
		p = &Plane{X: [2]float64{0, 8}, Y: [2]float64{0, 8}}
		p.Minima = p.curve(func(a float64) float64 { return 1.5 / math.Pow(2*a, 3) })
	case "rosenbrock":
		p = &Plane{X: [2]float64{-2, 2}, Y: [2]float64{-1, 3}, Minima: [][2]float64{{1, 1}}}
	case "quadratic":
		p = &Plane{X: [2]float64{-2, 2}, Y: [2]float64{-2, 2}, Minima: [][2]float64{{0, 0}}}
	default:
		p = &Plane{X: [2]float64{-3, 3}, Y: [2]float64{-3, 3}}
	}
	if s := o.Start.Point; len(s) == 2 {
		p.X, p.Y = stretched(p.X, s[0]), stretched(p.Y, s[1])
	}
	return p
}

// curve is the graph of a decreasing function over x > 0, as far as it is
// within the ranges.
func (p *Plane) curve(f func(x float64) float64) [][2]float64 {
	const points = 400
	var line [][2]float64
	for i := 1; i <= points; i++ {
		x := p.X[1] * float64(i) / points
		if y := f(x); y <= p.Y[1] {
			line = append(line, [2]float64{x, y})
		}
	}
	return line
}

// stretched is a range with room for x.
func stretched(r [2]float64, x float64) [2]float64 {
	margin := 0.05 * (r[1] - r[0])
	return [2]float64{min(r[0], x-margin), max(r[1], x+margin)}
}
