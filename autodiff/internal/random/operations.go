package random

import (
	"math"
	"slices"

	"leeway/autodiff"
)

// stop is the place of Stop among the operations.
const stop = 1

// operations draw one value each, with a bound of its elements.
var operations = []func(*generator) (*autodiff.Value, float64){
	addition, stopped, // stop is the second
	product, product, quotient, smooth, smooth, smooth, positive, kinked, masked,
	broadcast, sum, largest, reshape, transpose, slice, pad, concat, composite,
	gather, scatter, pool, poolScatter, matMul, matMul, conv, conv, convInputGrad, convWeightGrad,
}

// stretchable is a value of a shape that broadcasts with s.
func (r *generator) stretchable(s autodiff.Shape) *autodiff.Value {
	shape := slices.Clone(s[r.src.IntN(len(s)+1):])
	for i := range shape {
		if r.src.IntN(3) == 0 {
			shape[i] = 1
		}
	}
	if r.src.IntN(2) == 0 {
		shape = slices.Clone(s)
	}
	return r.of(shape)
}

func (r *generator) pair() (a, b *autodiff.Value) {
	a = r.any()
	b = r.stretchable(a.Shape())
	if r.src.IntN(2) == 0 {
		a, b = b, a
	}
	return a, b
}

func addition(r *generator) (*autodiff.Value, float64) {
	a, b := r.pair()
	bound := r.bound[a] + r.bound[b]
	switch r.src.IntN(4) {
	case 0:
		return autodiff.Add(a, b), bound
	case 1:
		return autodiff.Sub(a, b), bound
	case 2:
		return autodiff.Add(autodiff.Neg(a), b), bound
	}
	return autodiff.Shift(a, float64(r.src.IntN(5)-2)), r.bound[a] + 2
}

func product(r *generator) (*autodiff.Value, float64) {
	a, b := r.pair()
	if r.src.IntN(4) == 0 {
		return autodiff.Scale(a, float64(r.src.IntN(9)-4)/2), 2 * r.bound[a]
	}
	return autodiff.Mul(a, b), r.bound[a] * r.bound[b]
}

// quotient divides by something that is at least 0.5.
func quotient(r *generator) (*autodiff.Value, float64) {
	a, b := r.pair()
	return autodiff.Div(a, autodiff.Shift(autodiff.Mul(b, b), 0.5)), 2 * r.bound[a]
}

func smooth(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	bound := r.bound[x]
	switch r.src.IntN(8) {
	case 0:
		return autodiff.Neg(x), bound
	case 1:
		return autodiff.Exp(autodiff.Scale(x, 1/max(bound, 1))), math.E
	case 2:
		return autodiff.Tanh(x), 1
	case 3:
		return autodiff.Erf(x), 1
	case 4:
		return autodiff.Sigmoid(x), 1
	case 5:
		return autodiff.Softplus(x), bound + 1
	case 6:
		return autodiff.GELU(x), bound
	}
	return autodiff.Pow(x, float64(2+r.src.IntN(2))), bound * bound * max(1, bound)
}

// positive applies what needs numbers above zero.
func positive(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	p := autodiff.Shift(autodiff.Mul(x, x), 0.5)
	bound := r.bound[x]*r.bound[x] + 0.5
	switch r.src.IntN(4) {
	case 0:
		return autodiff.Log(p), bound
	case 1:
		return autodiff.Sqrt(p), bound
	case 2:
		return autodiff.Rsqrt(p), 1.5
	}
	return autodiff.Pow(p, []float64{-1.5, -1, -0.5, 0.5, 1.5}[r.src.IntN(5)]), max(3, bound*bound)
}

// kinked applies what has a kink, to a leaf.
func kinked(r *generator) (*autodiff.Value, float64) {
	x := r.leaf(r.any().Shape())
	switch r.src.IntN(3) {
	case 0:
		return autodiff.Abs(x), 1
	case 1:
		return autodiff.ReLU(x), 1
	}
	return autodiff.MaxConstant(x, float64(r.src.IntN(17)-8)/64), 1
}

// masked chooses between values, or multiplies one, by what leaves say.
func masked(r *generator) (*autodiff.Value, float64) {
	a, b := r.pair()
	x := r.leaf(a.Shape())
	y := r.Graph.Constant(float64(r.src.IntN(17)-8)/64, r.dtype, x.Shape()...)
	if r.src.IntN(2) == 0 {
		y = r.leaf(a.Shape())
	}
	mask := autodiff.Greater(x, y)
	switch r.src.IntN(4) {
	case 0:
		mask = autodiff.Equal(x, y)
	case 1:
		return autodiff.Mul(autodiff.Sign(x), b), r.bound[b]
	case 2:
		b = r.Graph.Constant(0, r.dtype)
		r.bound[b] = 0
	}
	return autodiff.Where(mask, a, b), max(r.bound[a], r.bound[b])
}

func composite(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	if len(x.Shape()) == 0 {
		x = r.of(r.shape(2))
	}
	switch r.src.IntN(4) {
	case 0:
		return autodiff.LogSumExp(x), r.bound[x] + 2
	case 1:
		return autodiff.Softmax(x), 1
	case 2:
		y, _, _ := autodiff.Standardize(x, 0.5, r.axes(x.Shape())...)
		return y, 3
	}
	_, mean, variance := autodiff.Standardize(x, 0.5, r.axes(x.Shape())...)
	return autodiff.Add(mean, variance), r.bound[x] * (1 + r.bound[x])
}
