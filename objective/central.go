package objective

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Central differences take the steps h_i = 4^-i h_0, i = 0 ... levels-1, with
// h_0 = widest times the size of the parameters: from 0.1 down to 4e-7. One
// Richardson step, (16 D(h/4) - D(h)) / 15, makes each pair of neighbours
// fourth order. The answer is taken where neighbouring answers agree best: to
// the left of that place truncation dominates, to the right rounding.
const (
	levels = 10
	widest = 0.1
)

// central writes the derivative at h = 0 of a vector-valued function, f(h, dst),
// into dst. Answers that are not finite are passed over; without three good
// neighbours the result is NaN.
func central(dst []float64, scale float64, f func(dst []float64, h float64) error) error {
	n := len(dst)
	memory := make([]float64, (levels+3)*n)
	row := func(i int) []float64 { return memory[i*n : (i+1)*n] }
	ahead, behind, before := row(levels), row(levels+1), row(levels+2)
	for i := range levels {
		h := widest * scale * math.Pow(4, -float64(i))
		if err := f(ahead, h); err != nil {
			return err
		}
		if err := f(behind, -h); err != nil {
			return err
		}
		answer := row(i)
		for j, a := range ahead {
			d := (a - behind[j]) / (2 * h)
			answer[j] = (16*d - before[j]) / 15
			before[j] = d
		}
	}
	for j := range dst {
		dst[j] = math.NaN()
	}
	best := math.Inf(1)
	for i := 2; i+1 < levels; i++ { // row 0 has no neighbour to extrapolate with
		// An answer is as good as its worse neighbour says: two may agree by
		// chance. NaN is below nothing.
		worse := max(floats.Distance(row(i), row(i-1), 2), floats.Distance(row(i), row(i+1), 2))
		if worse < best {
			best = worse
			copy(dst, row(i))
		}
	}
	return nil
}

// CentralHVP writes the product of the Hessian of batch k at theta with v,
// from central differences of the gradient along v, into dst: 20 gradients.
// It serves objectives that have no HVP, and checks those that have one. On a
// smooth objective in float64 about 11 digits are right; where the gradient is
// itself rounded to a relative e, about e^(4/5).
func CentralHVP(dst []float64, obj Differentiable, theta, v []float64, k int) error {
	if err := ask("central differences", obj.Dim(), obj.Batches(), k, dst, theta, v); err != nil {
		return err
	}
	length := peak(v)
	if length == 0 {
		clear(dst)
		return nil
	}
	moved := make([]float64, len(theta))
	return central(dst, max(1, peak(theta))/length, func(dst []float64, h float64) error {
		move(moved, theta, h, v)
		_, err := obj.Gradient(dst, moved, k)
		return err
	})
}

// CentralGradient writes the gradient of batch k at theta, from central
// differences of the loss along every coordinate, into dst: 20 Dim losses.
// Its error is about 1e-12 times the size of the loss, so it is relative to
// the loss, not to the gradient.
func CentralGradient(dst []float64, obj Differentiable, theta []float64, k int) error {
	if err := ask("central differences", obj.Dim(), obj.Batches(), k, dst, theta); err != nil {
		return err
	}
	along := make([]float64, len(theta))
	slope := newSlope(obj, theta, k)
	for j := range dst {
		along[j] = 1
		d, err := slope.along(along, max(1, math.Abs(theta[j])))
		if err != nil {
			return err
		}
		dst[j], along[j] = d, 0
	}
	return nil
}

// slope takes directional derivatives of a loss.
type slope struct {
	obj            Differentiable
	theta          []float64
	k              int
	moved, ignored []float64
}

func newSlope(obj Differentiable, theta []float64, k int) *slope {
	return &slope{obj, theta, k, make([]float64, len(theta)), make([]float64, len(theta))}
}

func (s *slope) along(v []float64, scale float64) (float64, error) {
	var d [1]float64
	err := central(d[:], scale, func(dst []float64, h float64) error {
		move(s.moved, s.theta, h, v)
		loss, err := s.obj.Gradient(s.ignored, s.moved, s.k)
		dst[0] = loss
		return err
	})
	return d[0], err
}

// move writes theta + h v into dst.
func move(dst, theta []float64, h float64, v []float64) {
	for j, t := range theta {
		dst[j] = t + h*v[j]
	}
}

// peak is the largest magnitude in v.
func peak(v []float64) float64 {
	p := 0.0
	for _, x := range v {
		p = max(p, math.Abs(x))
	}
	return p
}
