package main

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"

	"leeway/objective"
)

// A network has too many parameters to hold every derivative against
// differences. It is probed along a few directions instead: random ones with
// normal entries, which see an error in any coordinate, and unit vectors of a
// few random coordinates, which see it sharply. Along a direction v, the
// differences of the loss give v . gradient and those of the gradient the whole
// Hessian-vector product, from the same evaluations.

// deviation is how far a derivative is from its differences, and how far these
// are from each other at neighbouring steps, which is as exactly as they know
// the derivative themselves. Both are relative.
type deviation struct{ error, resolution float64 }

// worse is the larger of both in each.
func (d deviation) worse(e deviation) deviation {
	return deviation{max(d.error, e.error), max(d.resolution, e.resolution)}
}

// stepSizes of differences: count of them from the largest on, each a quarter
// of the one before, relative to the size of the parameters.
type stepSizes struct {
	largest float64
	count   int
}

// Where a loss has kinks, the differences of its gradient jump at each one on
// the way. The steps are then so small that they meet few.
var (
	smoothSteps = stepSizes{0.1, 9}   // to 1.5e-6
	kinkedSteps = stepSizes{1e-2, 15} // to 4e-11
)

// What a difference of two sums cannot see below, relative to them, in the types that
// they may be computed in. Without it, neighbours that agree by chance would look exact.
const (
	doubleRounding = 0x1p-52
	singleRounding = 0x1p-23
)

// prober compares the derivatives of one batch at theta.
type prober struct {
	exact objective.TwiceDifferentiable // what is checked
	truth objective.Differentiable      // whose differences are taken
	k     int
	theta []float64
	steps stepSizes
	// rounding of the truth.
	rounding float64

	loss     float64
	gradient []float64
	product  []float64 // Hessian times direction
	size     float64   // root mean square of theta

	point, up, down          []float64
	coarse, answer, previous []float64
}

func newProber(exact objective.TwiceDifferentiable, truth objective.Differentiable, theta []float64, k int, smooth bool) (*prober, error) {
	p := &prober{exact: exact, truth: truth, k: k, theta: theta, steps: kinkedSteps, rounding: doubleRounding}
	for _, v := range []*[]float64{&p.gradient, &p.product, &p.point, &p.up, &p.down, &p.coarse, &p.answer, &p.previous} {
		*v = make([]float64, len(theta))
	}
	if smooth {
		p.steps = smoothSteps
	}
	if p.size = floats.Norm(theta, 2) / math.Sqrt(float64(len(theta))); p.size == 0 {
		p.size = 0.1
	}
	var err error
	p.loss, err = exact.Gradient(p.gradient, theta, k)
	return p, err
}

// along probes the direction v. Errors are relative to the given sizes, that of
// the product to its own if that is larger.
func (p *prober) along(v []float64, slopeSize, productSize float64) (slope, product deviation, err error) {
	if err := p.exact.HVP(p.product, p.theta, v, p.k); err != nil {
		return slope, product, err
	}
	exact, norm := floats.Dot(v, p.gradient), floats.Norm(p.gradient, 2)
	var slopes, products series
	var coarse, previous float64
	for i := range p.steps.count {
		h := p.steps.largest * p.size * math.Pow(4, -float64(i))
		up, err := p.evaluate(p.up, v, h)
		if err != nil {
			return slope, product, err
		}
		down, err := p.evaluate(p.down, v, -h)
		if err != nil {
			return slope, product, err
		}
		// One Richardson step makes neighbours fourth order.
		d := (up - down) / (2 * h)
		answer := (16*d - coarse) / 15
		for j := range p.up {
			d := (p.up[j] - p.down[j]) / (2 * h)
			p.answer[j] = (16*d - p.coarse[j]) / 15
			p.coarse[j] = d
		}
		if i > 0 { // else there was no neighbour
			slopes.add(math.Abs(answer-exact), max(math.Abs(answer-previous), p.rounding*math.Abs(p.loss)/h))
			products.add(floats.Distance(p.answer, p.product, 2), max(floats.Distance(p.answer, p.previous, 2), p.rounding*norm/h))
		}
		coarse, previous = d, answer
		p.answer, p.previous = p.previous, p.answer
	}
	return slopes.best(slopeSize), products.best(max(productSize, floats.Norm(p.product, 2))), nil
}

// evaluate writes the gradient at theta + h v into dst and returns the loss.
func (p *prober) evaluate(dst, v []float64, h float64) (float64, error) {
	for j, t := range p.theta {
		p.point[j] = t + h*v[j]
	}
	return p.truth.Gradient(dst, p.point, p.k)
}

// series holds, step by step, the distance of the differences to the exact
// value and to the differences of the step before.
type series struct{ errors, changes []float64 }

func (s *series) add(distance, change float64) {
	s.errors, s.changes = append(s.errors, distance), append(s.changes, change)
}

// best is the error where neighbouring steps agree best: to one side of that
// place truncation dominates, to the other rounding. It is infinite where
// nothing is finite.
func (s *series) best(size float64) deviation {
	found := deviation{math.Inf(1), math.Inf(1)}
	for i := 1; i+1 < len(s.changes); i++ { // the first had no true neighbour
		if worse := max(s.changes[i], s.changes[i+1]); worse < found.resolution {
			found = deviation{s.errors[i], worse}
		}
	}
	if found.error == 0 {
		return deviation{}
	}
	return deviation{found.error / size, found.resolution / size}
}

// probed is what all compared.
type probed struct {
	loss                    float64
	gradient, product       deviation
	directions, coordinates int
}

// all probes so many random directions and coordinates. The mean square of
// v . e over normal v is the square of |e|, so along them errors are relative to
// the norm of the gradient. Along a coordinate they are relative to that
// coordinate of the gradient (that column of the Hessian), or to a usual one if
// it is smaller.
func (p *prober) all(directions, coordinates int, rng *rand.Rand) (probed, error) {
	n := len(p.theta)
	r := probed{loss: p.loss, directions: directions, coordinates: min(coordinates, n)}
	v, root, norm := make([]float64, n), math.Sqrt(float64(n)), floats.Norm(p.gradient, 2)
	squares, usual := 0.0, 0.0
	for range r.directions {
		for j := range v {
			v[j] = rng.NormFloat64()
		}
		slope, product, err := p.along(v, norm, 0)
		if err != nil {
			return r, err
		}
		squares += slope.error * slope.error / float64(r.directions)
		r.gradient, r.product = r.gradient.worse(slope), r.product.worse(product)
		usual = max(usual, floats.Norm(p.product, 2)/root)
	}
	r.gradient.error = math.Sqrt(squares)
	for j := range v {
		v[j] = 0
	}
	for range r.coordinates {
		j := rng.IntN(n)
		v[j] = 1
		slope, product, err := p.along(v, max(math.Abs(p.gradient[j]), norm/root), usual)
		if err != nil {
			return r, err
		}
		r.gradient, r.product = r.gradient.worse(slope), r.product.worse(product)
		v[j] = 0
	}
	return r, nil
}
