package autodiff

import "slices"

// Broadcast stretches axes of length 1 to the shape, which has the operand's
// rank. Any type.
func Broadcast(x *Value, shape ...int) *Value {
	g, ok := together("broadcast", x)
	if !ok {
		return g.invalid()
	}
	fits := len(shape) == len(x.shape) && Shape(shape).valid()
	for i := 0; fits && i < len(shape); i++ {
		fits = shape[i] == x.shape[i] || x.shape[i] == 1
	}
	if !fits {
		return g.fail("broadcast: %v does not stretch to %v", x.shape, Shape(shape))
	}
	return g.build(&Value{op: OpBroadcast, dtype: x.dtype, shape: clone(shape), operands: []*Value{x}})
}

// Reshape gives the elements, in row-major order, another shape of the same
// size. Any type.
func Reshape(x *Value, shape ...int) *Value {
	g, ok := together("reshape", x)
	if !ok {
		return g.invalid()
	}
	if !Shape(shape).valid() || Shape(shape).Size() != x.shape.Size() {
		return g.fail("reshape: the %d elements of %v do not fill %v", x.shape.Size(), x.shape, Shape(shape))
	}
	return g.build(&Value{op: OpReshape, dtype: x.dtype, shape: clone(shape), operands: []*Value{x}})
}

// Transpose reorders the axes: axis i of the result is axis perm[i] of x. Any
// type.
func Transpose(x *Value, perm ...int) *Value {
	g, ok := together("transpose", x)
	if !ok {
		return g.invalid()
	}
	fits := len(perm) == len(x.shape)
	shape, seen := make(Shape, len(perm)), make([]bool, len(perm))
	for i := 0; fits && i < len(perm); i++ {
		if p := perm[i]; p < 0 || p >= len(perm) || seen[p] {
			fits = false
		} else {
			shape[i], seen[p] = x.shape[p], true
		}
	}
	if !fits {
		return g.fail("transpose: permutation %v of shape %v", perm, x.shape)
	}
	return g.build(&Value{op: OpTranspose, dtype: x.dtype, shape: shape, operands: []*Value{x}, attr: Attributes{Axes: slices.Clone(perm)}})
}

// Slice is the block of the given shape that begins at start. Any type.
func Slice(x *Value, start, shape []int) *Value {
	g, ok := together("slice", x)
	if !ok {
		return g.invalid()
	}
	fits := len(start) == len(x.shape) && len(shape) == len(x.shape)
	for i := 0; fits && i < len(start); i++ {
		fits = start[i] >= 0 && shape[i] >= 1 && shape[i] <= x.shape[i] && start[i] <= x.shape[i]-shape[i]
	}
	if !fits {
		return g.fail("slice: %v from %v does not lie in %v", Shape(shape), start, x.shape)
	}
	return g.build(&Value{op: OpSlice, dtype: x.dtype, shape: clone(shape), operands: []*Value{x}, attr: Attributes{Start: slices.Clone(start)}})
}

// Pad puts x into zeros of the given shape, beginning at start: the adjoint of
// [Slice]. Any type.
func Pad(x *Value, start, shape []int) *Value {
	g, ok := together("pad", x)
	if !ok {
		return g.invalid()
	}
	fits := len(start) == len(x.shape) && len(shape) == len(x.shape) && Shape(shape).valid()
	for i := 0; fits && i < len(start); i++ {
		fits = start[i] >= 0 && x.shape[i] <= shape[i] && start[i] <= shape[i]-x.shape[i]
	}
	if !fits {
		return g.fail("pad: %v at %v does not lie in %v", x.shape, start, Shape(shape))
	}
	return g.build(&Value{op: OpPad, dtype: x.dtype, shape: clone(shape), operands: []*Value{x}, attr: Attributes{Start: slices.Clone(start)}})
}

// Concat joins arrays of one type along an axis; their other axes agree.
func Concat(axis int, xs ...*Value) *Value {
	g, ok := together("concat", xs...)
	if !ok {
		return g.invalid()
	}
	shape := clone(xs[0].shape)
	if axis < 0 || axis >= len(shape) {
		return g.fail("concat: axis %d of shape %v", axis, shape)
	}
	shape[axis] = 0
	for _, x := range xs {
		fits := len(x.shape) == len(shape) && x.dtype == xs[0].dtype
		for i := 0; fits && i < len(shape); i++ {
			fits = i == axis || x.shape[i] == shape[i]
		}
		if !fits {
			return g.fail("concat: %v %v and %v %v do not fit along axis %d", xs[0].dtype, xs[0].shape, x.dtype, x.shape, axis)
		}
		shape[axis] += x.shape[axis]
	}
	if !shape.valid() {
		return g.fail("concat: %v is too large", shape)
	}
	return g.build(&Value{op: OpConcat, dtype: xs[0].dtype, shape: shape, operands: slices.Clone(xs), attr: Attributes{Axes: []int{axis}}})
}

// Stop is x with derivative zero.
func Stop(x *Value) *Value {
	g, ok := together("stop", x)
	if !ok {
		return g.invalid()
	}
	return g.build(&Value{op: OpStop, dtype: x.dtype, shape: x.shape, operands: []*Value{x}})
}
