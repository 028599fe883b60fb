package autodiff

import "slices"

// align reshapes x to the rank of shape, with leading axes of length 1, and
// broadcasts it to shape.
func align(x *Value, shape Shape) *Value {
	if x.shape.Equal(shape) {
		return x
	}
	full := make(Shape, len(shape))
	for i := range full {
		full[i] = 1
	}
	copy(full[len(shape)-len(x.shape):], x.shape)
	return Broadcast(Reshape(x, full...), shape...)
}

// Broadcast stretches axes of length 1 to the shape, which has the operand's
// rank.
func Broadcast(x *Value, shape ...int) *Value {
	g, ok := together(OpBroadcast, x)
	if !ok {
		return g.fail("broadcast")
	}
	fits := len(shape) == len(x.shape) && Shape(shape).valid()
	for i := 0; fits && i < len(shape); i++ {
		fits = shape[i] == x.shape[i] || x.shape[i] == 1
	}
	switch {
	case !fits:
		return g.fail("broadcast: %v does not stretch to %v", x.shape, Shape(shape))
	case x.shape.Equal(shape):
		return x
	case x.op == OpConstant:
		return g.Constant(x.attr.Number, x.dtype, shape...)
	case x.op == OpBroadcast:
		x = x.operands[0]
	}
	return g.intern(&Value{op: OpBroadcast, dtype: x.dtype, shape: clone(shape), operands: []*Value{x}})
}

// SumKeep sums over the axes, which keep length 1: the adjoint of [Broadcast].
func SumKeep(x *Value, axes ...int) *Value { return reduce(OpSum, x, axes) }

// MaxKeep is the largest element over the axes, which keep length 1. Its
// derivative is shared equally among elements that tie.
func MaxKeep(x *Value, axes ...int) *Value { return reduce(OpMax, x, axes) }

// Sum sums over the axes, which vanish; without axes, over all.
func Sum(x *Value, axes ...int) *Value { return drop(x, axes, SumKeep) }

// Mean is the arithmetic mean over the axes, which vanish; without axes, over all.
func Mean(x *Value, axes ...int) *Value { return drop(x, axes, MeanKeep) }

// MeanKeep is the arithmetic mean over the axes, which keep length 1.
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
	g, ok := together(op, x)
	if !ok {
		return g.fail("%v", op)
	}
	shape, kept, n := clone(x.shape), []int(nil), 1
	axes = slices.Clone(axes)
	slices.Sort(axes)
	for i, a := range axes {
		if a < 0 || a >= len(shape) || i > 0 && axes[i-1] == a {
			return g.fail("%v: axes %v of shape %v", op, axes, x.shape)
		}
		if n *= shape[a]; shape[a] > 1 { // an axis of length 1 sums to itself
			kept, shape[a] = append(kept, a), 1
		}
	}
	switch {
	case !x.dtype.IsFloat():
		return g.fail("%v: elements of %v %v are not real numbers", op, x.dtype, x.shape)
	case len(kept) == 0:
		return x
	case x.op == OpConstant && op == OpSum:
		return g.Constant(x.attr.Number*float64(n), x.dtype, shape...)
	case x.op == OpConstant:
		return g.Constant(x.attr.Number, x.dtype, shape...)
	case x.op == OpNeg && op == OpSum:
		return Neg(reduce(op, x.operands[0], axes))
	}
	return g.intern(&Value{op: op, dtype: x.dtype, shape: shape, operands: []*Value{x}, attr: Attributes{Axes: kept}})
}

// Reshape gives the elements another shape of the same size.
func Reshape(x *Value, shape ...int) *Value {
	g, ok := together(OpReshape, x)
	if !ok {
		return g.fail("reshape")
	}
	switch {
	case !Shape(shape).valid() || Shape(shape).Size() != x.shape.Size():
		return g.fail("reshape: %v has %d elements, %v has not", x.shape, x.shape.Size(), Shape(shape))
	case x.op == OpReshape:
		return Reshape(x.operands[0], shape...)
	case x.shape.Equal(shape):
		return x
	case x.op == OpConstant:
		return g.Constant(x.attr.Number, x.dtype, shape...)
	}
	return g.intern(&Value{op: OpReshape, dtype: x.dtype, shape: clone(shape), operands: []*Value{x}})
}

// Transpose reorders the axes: axis i of the result is axis perm[i] of x.
func Transpose(x *Value, perm ...int) *Value {
	g, ok := together(OpTranspose, x)
	if !ok {
		return g.fail("transpose")
	}
	shape, seen, same := make(Shape, len(perm)), make([]bool, len(x.shape)), true
	for i, p := range perm {
		if len(perm) != len(x.shape) || p < 0 || p >= len(perm) || seen[p] {
			return g.fail("transpose: permutation %v of shape %v", perm, x.shape)
		}
		shape[i], seen[p], same = x.shape[p], true, same && p == i
	}
	switch {
	case len(perm) != len(x.shape):
		return g.fail("transpose: permutation %v of shape %v", perm, x.shape)
	case same:
		return x
	case x.op == OpConstant:
		return g.Constant(x.attr.Number, x.dtype, shape...)
	case x.op == OpTranspose:
		inner := make([]int, len(perm))
		for i, p := range perm {
			inner[i] = x.attr.Axes[p]
		}
		return Transpose(x.operands[0], inner...)
	}
	return g.intern(&Value{op: OpTranspose, dtype: x.dtype, shape: shape, operands: []*Value{x}, attr: Attributes{Axes: slices.Clone(perm)}})
}

// Slice is the block of the given shape that begins at start.
func Slice(x *Value, start, shape []int) *Value {
	g, ok := together(OpSlice, x)
	if !ok {
		return g.fail("slice")
	}
	fits := len(start) == len(x.shape) && len(shape) == len(x.shape)
	for i := 0; fits && i < len(start); i++ {
		fits = start[i] >= 0 && shape[i] >= 1 && shape[i] <= x.shape[i] && start[i] <= x.shape[i]-shape[i]
	}
	switch {
	case !fits:
		return g.fail("slice: %v from %v does not lie in %v", Shape(shape), start, x.shape)
	case x.shape.Equal(shape):
		return x
	case x.op == OpConstant:
		return g.Constant(x.attr.Number, x.dtype, shape...)
	}
	return g.intern(&Value{op: OpSlice, dtype: x.dtype, shape: clone(shape), operands: []*Value{x}, attr: Attributes{Start: slices.Clone(start)}})
}

// Pad puts x into zeros of the given shape, beginning at start: the adjoint of
// [Slice].
func Pad(x *Value, start, shape []int) *Value {
	g, ok := together(OpPad, x)
	if !ok {
		return g.fail("pad")
	}
	fits := len(start) == len(x.shape) && len(shape) == len(x.shape) && Shape(shape).valid()
	for i := 0; fits && i < len(start); i++ {
		fits = start[i] >= 0 && x.shape[i] <= shape[i] && start[i] <= shape[i]-x.shape[i]
	}
	switch {
	case !fits:
		return g.fail("pad: %v at %v does not lie in %v", x.shape, start, Shape(shape))
	case x.shape.Equal(shape):
		return x
	case x.op == OpConstant && x.attr.Number == 0:
		return g.Constant(0, x.dtype, shape...)
	}
	return g.intern(&Value{op: OpPad, dtype: x.dtype, shape: clone(shape), operands: []*Value{x}, attr: Attributes{Start: slices.Clone(start)}})
}

// Concat joins arrays along an axis; their other axes agree.
func Concat(axis int, xs ...*Value) *Value {
	g, ok := together(OpConcat, xs...)
	if !ok {
		return g.fail("concat: nothing to join")
	}
	if len(xs) == 1 {
		return xs[0]
	}
	shape, constant := clone(xs[0].shape), true
	if axis < 0 || axis >= len(shape) {
		return g.fail("concat: axis %d of %v", axis, shape)
	}
	shape[axis] = 0
	for _, x := range xs {
		if len(x.shape) != len(shape) || x.dtype != xs[0].dtype {
			return g.fail("concat: %v %v and %v %v do not fit", xs[0].dtype, xs[0].shape, x.dtype, x.shape)
		}
		for i, d := range x.shape {
			if i != axis && d != shape[i] {
				return g.fail("concat: %v and %v do not fit along axis %d", xs[0].shape, x.shape, axis)
			}
		}
		shape[axis] += x.shape[axis]
		constant = constant && x.op == OpConstant && x.attr.Number == xs[0].attr.Number
	}
	switch {
	case !shape.valid():
		return g.fail("concat: %v is too large", shape)
	case constant:
		return g.Constant(xs[0].attr.Number, xs[0].dtype, shape...)
	}
	return g.intern(&Value{op: OpConcat, dtype: xs[0].dtype, shape: shape, operands: slices.Clone(xs), attr: Attributes{Axes: []int{axis}}})
}

// Stop is x with derivative zero.
func Stop(x *Value) *Value {
	g, ok := together(OpStop, x)
	if !ok {
		return g.fail("stop")
	}
	if x.op == OpConstant || x.op == OpStop {
		return x
	}
	return g.intern(&Value{op: OpStop, dtype: x.dtype, shape: x.shape, operands: []*Value{x}})
}
