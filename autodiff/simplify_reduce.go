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
