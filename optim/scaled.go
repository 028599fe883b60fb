package optim

import (
	"fmt"
	"math"
)

// On separable data gradients fall like exp(-margin): at a margin of 354 their squares
// underflow and Adam without eps stands still, though its direction depends on ratios
// of gradients only. Therefore a state keeps its memories times a power of two, which
// follows the size of the gradients and is exact: the steps are the same to the last
// bit as long as nothing underflows.
//
// Source of the idea, with a factor exp(margin): arXiv 2406.10650 needs it for eps = 0.

// Homogeneous is a [Function] with q(c g) = c^k q(g) for c > 0.
type Homogeneous interface {
	// Degree is k, 1 or 2.
	Degree() int
}

func (identity) Degree() int { return 1 }
func (square) Degree() int   { return 2 }

// Scalable is a [Readout] that knows its direction when all gradients are known times
// a power of two only.
type Scalable interface {
	// DirectionScaled writes the direction F to dst, where s holds the accumulators of
	// 2^exponent times the gradients.
	DirectionScaled(dst []float64, s [][]float64, theta, total []float64, exponent int)
}

var _, _, _, _, _ Scalable = linear{}, adaptive{}, uncorrectedEps{}, signum{}, smoothSign{}

func (r linear) DirectionScaled(dst []float64, s [][]float64, theta, _ []float64, exponent int) {
	factor := power(-exponent)
	for j, m := range s[0] {
		dst[j] = float64(factor * m)
	}
	addDecay(dst, r.decay, theta)
}

func (r adaptive) DirectionScaled(dst []float64, s [][]float64, theta, total []float64, exponent int) {
	if r.inside {
		exponent *= 2 // eps stands beside a square
	}
	r.eps = math.Ldexp(r.eps, exponent)
	r.Direction(dst, s, theta, total)
}

func (r uncorrectedEps) DirectionScaled(dst []float64, s [][]float64, theta, total []float64, exponent int) {
	r.at(total).DirectionScaled(dst, s, theta, total, exponent)
}

func (r signum) DirectionScaled(dst []float64, s [][]float64, theta, total []float64, _ int) {
	r.Direction(dst, s, theta, total)
}

func (r smoothSign) DirectionScaled(dst []float64, s [][]float64, theta, total []float64, exponent int) {
	r.eps = math.Ldexp(r.eps, 2*exponent)
	r.Direction(dst, s, theta, total)
}

// Scalable reports whether the rule can take gradients that are known times a power
// of two; see [State.StepScaled]. All rules of [Kinds] can.
func (r *Rule) Scalable() bool {
	if r.Direction != nil {
		return r.Direction.Normalized && r.L2 == 0 // which the scale does not reach
	}
	for _, a := range r.Averages {
		if degree(a.Of) == 0 {
			return false
		}
	}
	_, ok := r.Readout.(Scalable)
	return ok
}

func degree(q Function) int {
	if h, ok := q.(Homogeneous); ok {
		return h.Degree()
	}
	return 0
}

// StepScaled takes a step with a gradient that may be too small for a float64: it is
// 2^-exponent times the one given. dst is as for [State.StepDirection]. It panics if
// the rule is not [Rule.Scalable], and where StepDirection does.
func (s *State) StepScaled(dst, theta, gradient []float64, exponent int) {
	if !s.opt.Rule.Scalable() {
		panic(fmt.Sprintf("optim: %s takes no scaled gradients", s.opt.Rule.Name))
	}
	s.stepScaled(dst, theta, gradient, exponent)
}

// window is the number of bits by which sizes may leave 1 before the scale follows:
// the square of a size within it is far from the ends of float64.
const window = 200

// follow chooses the scale of a step and brings memories and gradient to it. What it
// returns is the gradient at the state's scale.
func (s *State) follow(theta, gradient []float64, exponent int) []float64 {
	size, known := largestExponent(gradient)
	size -= exponent
	if l2 := s.opt.Rule.L2; l2 != 0 {
		if e, some := largestExponent(theta); some {
			_, c := math.Frexp(l2)
			if e += c; !known || e > size {
				size, known = e, true
			}
		}
	}
	for i, m := range s.memory {
		d := degree(s.opt.Rule.Averages[i].Of)
		if e, some := largestExponent(m); some {
			if e = floorDivide(e, d) - s.exponent; !known || e > size {
				size, known = e, true
			}
		}
	}
	if to := -size; known && (size+s.exponent > window || size+s.exponent < -window) {
		for i, m := range s.memory {
			scaleTo(m, m, degree(s.opt.Rule.Averages[i].Of)*(to-s.exponent))
		}
		s.exponent = to
	}
	if exponent == s.exponent {
		return gradient
	}
	if s.scaled == nil {
		s.scaled = make([]float64, s.dim)
	}
	scaleTo(s.scaled, gradient, s.exponent-exponent)
	return s.scaled
}

// Exponent is the power of two that the memories are multiplied by: 0 unless scaled
// gradients were given, and part of what a checkpoint has to keep. An average of g^2
// is multiplied by its square.
func (s *State) Exponent() int { return s.exponent }

// SetExponent sets it, for a state read from a checkpoint.
func (s *State) SetExponent(exponent int) { s.exponent = exponent }

// largestExponent is that of the largest size in x; some is false if all are zero. NaN
// and infinity have none: no scale makes them better.
func largestExponent(x []float64) (exponent int, some bool) {
	top := 0.0
	for _, v := range x {
		if v = math.Abs(v); v > top {
			top = v
		}
	}
	if top == 0 || math.IsInf(top, 1) {
		return 0, false
	}
	_, exponent = math.Frexp(top)
	return exponent, true
}

// scaleTo writes 2^exponent x to dst.
func scaleTo(dst, x []float64, exponent int) {
	// Two factors, since one has room for half of what there is between the smallest
	// and the largest number.
	a, b := power(exponent/2), power(exponent-exponent/2)
	for j, v := range x {
		dst[j] = v * a * b
	}
}

// power is 2^exponent, 0 or infinite beyond float64.
func power(exponent int) float64 { return math.Ldexp(1, exponent) }

func floorDivide(a, b int) int {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}
