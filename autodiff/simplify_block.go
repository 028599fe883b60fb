package autodiff

import "slices"

func plusEach(a, b []int) []int {
	c := slices.Clone(a)
	for i := range c {
		c[i] += b[i]
	}
	return c
}

func simplerSlice(v, x *Value) *Value {
	start := v.attr.Start
	switch {
	case x.shape.Equal(v.shape):
		return x
	case x.op == OpConstant:
		return v.graph.Constant(x.attr.Number, v.dtype, v.shape...)
	case x.op == OpSlice:
		return Slice(x.operands[0], plusEach(start, x.attr.Start), v.shape)
	case x.op == OpPad:
		return sliceOfPad(v, x)
	case x.op == OpConcat: // of one part
		axis, before := x.attr.Axes[0], 0
		for _, part := range x.operands {
			from, length := start[axis]-before, part.shape[axis]
			if from >= 0 && from+v.shape[axis] <= length {
				inner := slices.Clone(start)
				inner[axis] = from
				return Slice(part, inner, v.shape)
			}
			before += length
		}
	case x.op == OpBroadcast:
		small := x.operands[0]
		inner, shape := slices.Clone(start), clone(v.shape)
		for i, d := range small.shape {
			if d == 1 {
				inner[i], shape[i] = 0, 1
			}
		}
		return Broadcast(Slice(small, inner, shape), v.shape...)
	}
	return nil
}

// sliceOfPad is a slice of what was padded, or zeros, where the slice lies all
// inside or all outside of it.
func sliceOfPad(v, x *Value) *Value {
	inside, from := true, make([]int, len(v.shape))
	for i := range from {
		length := x.operands[0].shape[i]
		from[i] = v.attr.Start[i] - x.attr.Start[i]
		if from[i] >= length || from[i]+v.shape[i] <= 0 {
			return v.graph.Constant(0, v.dtype, v.shape...)
		}
		inside = inside && from[i] >= 0 && from[i]+v.shape[i] <= length
	}
	if inside {
		return Slice(x.operands[0], from, v.shape)
	}
	return nil
}

func simplerPad(v, x *Value) *Value {
	switch {
	case x.shape.Equal(v.shape):
		return x
	case x.op == OpPad:
		return Pad(x.operands[0], plusEach(v.attr.Start, x.attr.Start), v.shape)
	}
	return nil
}

// joinPads is the sum of two pads whose blocks lie side by side: the pad of the
// joined blocks. So the parts of a sliced array's cotangent become one again.
func joinPads(v, a, b *Value) *Value {
	x, y, sx, sy := a.operands[0], b.operands[0], a.attr.Start, b.attr.Start
	axis := -1
	for i := range sx {
		switch {
		case sx[i] == sy[i] && x.shape[i] == y.shape[i]:
		case axis >= 0:
			return nil
		default:
			axis = i
		}
	}
	switch {
	case axis < 0:
		return Pad(Add(x, y), sx, v.shape)
	case sx[axis]+x.shape[axis] == sy[axis]:
		return Pad(Concat(axis, x, y), sx, v.shape)
	case sy[axis]+y.shape[axis] == sx[axis]:
		return Pad(Concat(axis, y, x), sy, v.shape)
	}
	return nil
}

func simplerConcat(v *Value) *Value {
	o, axis := v.operands, v.attr.Axes[0]
	if len(o) == 1 {
		return o[0]
	}
	constant, nested := true, false
	var flat []*Value
	for _, x := range o {
		constant = constant && x.op == OpConstant && x.attr.Number == o[0].attr.Number
		if x.op == OpConcat && x.attr.Axes[0] == axis {
			flat, nested = append(flat, x.operands...), true
		} else {
			flat = append(flat, x)
		}
	}
	switch {
	case constant:
		return v.graph.Constant(o[0].attr.Number, v.dtype, v.shape...)
	case nested:
		return Concat(axis, flat...)
	}
	return nil
}
