package external

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
)

// difference is the memory of products by differences.
type difference struct{ moved, ahead, behind []float64 }

// reach is how far theta is moved along v, in the two-norm and in units of its own
// length or of 1, whichever is more, times the fifth root of the rounding unit: the
// error of the fourth-order stencil, about reach^4, is then as large as that of the
// gradient's rounding, about unit/reach.
func (d DType) reach() float64 {
	unit := 0x1p-53
	if d == Float32 {
		unit = 0x1p-24
	}
	return math.Pow(unit, 0.2)
}

// difference writes the Hessian of batch k times v into dst, by
//
//	(8 (g(theta + h v) - g(theta - h v)) - (g(theta + 2 h v) - g(theta - 2 h v))) / (12 h),
//
// whose error is h^4/30 times the fifth derivative of the gradient along v. wide stretches h.
func (o *Objective) difference(dst, theta, v []float64, k int, wide float64) error {
	length := floats.Norm(v, 2)
	if length == 0 {
		clear(dst)
		return nil
	}
	if o.near == nil {
		n := o.Dim()
		o.near = &difference{make([]float64, n), make([]float64, n), make([]float64, n)}
	}
	d := o.near
	h := wide * o.description.DType.reach() * max(1, floats.Norm(theta, 2)) / length
	clear(dst)
	for i, weight := range [2]float64{8 / (12 * h), -1 / (12 * h)} {
		step := h * float64(i+1)
		floats.AddScaledTo(d.moved, theta, step, v)
		if _, err := o.Gradient(d.ahead, d.moved, k); err != nil {
			return err
		}
		floats.AddScaledTo(d.moved, theta, -step, v)
		if _, err := o.Gradient(d.behind, d.moved, k); err != nil {
			return err
		}
		for j, a := range d.ahead {
			dst[j] += weight * (a - d.behind[j])
		}
	}
	return nil
}

// ProductError estimates the relative error of a product by differences at theta,
// in the two-norm: the difference between the product and one with half the step,
// along a direction drawn from a fixed stream. It is 0 where the process has
// products of its own.
func (o *Objective) ProductError(theta []float64) (float64, error) {
	if !o.differences {
		return 0, nil
	}
	n := o.Dim()
	rng := rand.New(rand.NewPCG(1, 0x70726f64)) // stream "prod"
	v, one, two := make([]float64, n), make([]float64, n), make([]float64, n)
	for j := range v {
		v[j] = rng.NormFloat64()
	}
	if err := o.difference(one, theta, v, 0, 1); err != nil {
		return 0, err
	}
	if err := o.difference(two, theta, v, 0, 0.5); err != nil {
		return 0, err
	}
	size := floats.Norm(one, 2)
	if size == 0 {
		return 0, nil
	}
	return floats.Distance(one, two, 2) / size, nil
}
