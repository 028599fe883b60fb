package autodiff

import "slices"

// SumKeep sums over the axes, which keep length 1: the adjoint of [Broadcast].
// Without axes it is x.
func SumKeep(x *Value, axes ...int) *Value { return reduce(OpSum, x, axes) }

// MaxKeep is the largest element over the axes, which keep length 1; a NaN among
// them is the largest. Its derivative is shared equally among elements that tie.
func MaxKeep(x *Value, axes ...int) *Value { return reduce(OpMax, x, axes) }

// Sum sums over the axes, which vanish; without axes, over all.
func Sum(x *Value, axes ...int) *Value { return drop(x, axes, SumKeep) }

// Mean is the arithmetic mean over the axes, which vanish; without axes, over all.
func Mean(x *Value, axes ...int) *Value { return drop(x, axes, MeanKeep) }

// MeanKeep is the arithmetic mean over the axes, which keep length 1. Without
// axes it is x.
func MeanKeep(x *Value, axes ...int) *Value {
	s := SumKeep(x, axes...)
	if s.op == OpInvalid {
		return s
	}
	return Scale(s, float64(s.shape.Size())/float64(x.shape.Size()))
}

func drop(x *Value, axes []int, keep func(*Value, ...int) *Value) *Value {
	if x != nil && len(axes) == 0 {
		for i := range x.shape {
			axes = append(axes, i)
		}
	}
	s := keep(x, axes...)
	if s.op == OpInvalid {
		return s
	}
	shape := Shape{}
	for i, d := range s.shape {
		if !slices.Contains(axes, i) {
			shape = append(shape, d)
		}
	}
	return Reshape(s, shape...)
}

func reduce(op Op, x *Value, axes []int) *Value {
	g, ok := together(op.String(), x)
	if !ok {
		return g.invalid()
	}
	axes = slices.Clone(axes)
	slices.Sort(axes)
	shape, kept := clone(x.shape), []int{}
	for i, a := range axes {
		if a < 0 || a >= len(shape) || i > 0 && axes[i-1] == a {
			return g.fail("%v: axes %v of shape %v", op, axes, x.shape)
		}
		if shape[a] > 1 { // an axis of length 1 is its own sum and maximum
			kept, shape[a] = append(kept, a), 1
		}
	}
	if !x.dtype.IsFloat() {
		return g.fail("%v: elements of %v %v are not real numbers", op, x.dtype, x.shape)
	}
	return g.build(&Value{op: op, dtype: x.dtype, shape: shape, operands: []*Value{x}, attr: Attributes{Axes: kept}})
}
