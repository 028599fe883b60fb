package autodiff

import "slices"

// simplerReduce is for sums and maxima over the axes of v, which x has longer
// than 1.
func simplerReduce(v, x *Value) *Value {
	g, axes, sum := v.graph, v.attr.Axes, v.op == OpSum
	count := 1
	for _, a := range axes {
		count *= x.shape[a]
	}
	switch {
	case len(axes) == 0:
		return x
	case x.op == OpConstant && sum:
		return g.Constant(x.attr.Number*float64(count), v.dtype, v.shape...)
	case x.op == OpConstant:
		return g.Constant(x.attr.Number, v.dtype, v.shape...)
	case x.op == OpBroadcast:
		return reduceBroadcast(v, x)
	case x.op == OpTranspose: // the smaller array is transposed
		from := make([]int, len(axes))
		for i, a := range axes {
			from[i] = x.attr.Axes[a]
		}
		return Transpose(reduce(v.op, x.operands[0], from), x.attr.Axes...)
	case x.op == OpReshape && v.shape.Size() == 1: // all of it, in whatever shape
		inner := x.operands[0]
		all := make([]int, len(inner.shape))
		for i := range all {
			all[i] = i
		}
		return Reshape(reduce(v.op, inner, all), v.shape...)
	case !sum: // a maximum of maxima is not merged: ties share differently
		return nil
	case x.op == OpSum:
		return SumKeep(x.operands[0], append(slices.Clone(axes), x.attr.Axes...)...)
	case x.op == OpMul || x.op == OpDiv:
		return sumProduct(x, axes)
	}
	return nil
}

// reduceBroadcast: over stretched axes the equal elements are counted (a sum) or
// are their own maximum; over the others the smaller array is reduced.
func reduceBroadcast(v, x *Value) *Value {
	small, count := x.operands[0], 1
	var rest []int
	for _, a := range v.attr.Axes {
		if small.shape[a] == 1 {
			count *= x.shape[a]
		} else {
			rest = append(rest, a)
		}
	}
	r := reduce(v.op, small, rest)
	if v.op == OpSum {
		r = Scale(r, float64(count))
	}
	return Broadcast(r, v.shape...)
}

// sumProduct takes a factor or divisor that does not change along the axes out of
// the sum over them.
func sumProduct(x *Value, axes []int) *Value {
	a, b := x.operands[0], x.operands[1]
	if y, ok := alongAxes(b, axes); ok {
		s := SumKeep(a, axes...)
		if x.op == OpDiv {
			return Div(s, y)
		}
		return Mul(s, y)
	}
	if y, ok := alongAxes(a, axes); ok && x.op == OpMul {
		return Mul(y, SumKeep(b, axes...))
	}
	return nil
}

// alongAxes is x with the axes at length 1, if x is the same all along them.
func alongAxes(x *Value, axes []int) (y *Value, ok bool) {
	if x.op != OpConstant && x.op != OpBroadcast {
		return nil, false
	}
	shape := clone(x.shape)
	for _, a := range axes {
		if x.op == OpBroadcast && x.operands[0].shape[a] != 1 {
			return nil, false
		}
		shape[a] = 1
	}
	if x.op == OpConstant {
		return x.graph.Constant(x.attr.Number, x.dtype, shape...), true
	}
	return Broadcast(x.operands[0], shape...), true
}
