package autodiff

func simplerBroadcast(v, x *Value) *Value {
	switch {
	case x.shape.Equal(v.shape):
		return x
	case x.op == OpConstant:
		return v.graph.Constant(x.attr.Number, v.dtype, v.shape...)
	case x.op == OpBroadcast:
		return Broadcast(x.operands[0], v.shape...)
	}
	return nil
}

func simplerReshape(v, x *Value) *Value {
	switch {
	case x.shape.Equal(v.shape):
		return x
	case x.op == OpConstant:
		return v.graph.Constant(x.attr.Number, v.dtype, v.shape...)
	case x.op == OpReshape:
		return Reshape(x.operands[0], v.shape...)
	case x.op == OpBroadcast:
		if inner, ok := regroup(x.shape, x.operands[0].shape, v.shape); ok {
			return Broadcast(Reshape(x.operands[0], inner...), v.shape...)
		}
	case v.shape.Size() == 1: // the factors of losses and their derivatives meet
		if c, y, ok := scaled(x); ok {
			return Scale(Reshape(y, v.shape...), c)
		}
	}
	return nil
}

// regroup is the shape that stretches to target, where small stretches to big and
// big is reshaped to target: both are cut into the shortest runs of axes of equal
// size, and each run must be stretched as a whole or not at all.
func regroup(big, small, target Shape) (inner Shape, ok bool) {
	inner = ones(len(target))
	for i, j := 0, 0; i < len(big) || j < len(target); {
		i0, j0, p, q := i, j, 1, 1
		if i < len(big) {
			p, i = big[i], i+1
		} else {
			q, j = target[j], j+1
		}
		for p != q {
			if p < q {
				p, i = p*big[i], i+1
			} else {
				q, j = q*target[j], j+1
			}
		}
		switch {
		case big[i0:i].Equal(small[i0:i]):
			copy(inner[j0:j], target[j0:j])
		case small[i0:i].Size() != 1:
			return nil, false
		}
	}
	return inner, true
}

func simplerTranspose(v, x *Value) *Value {
	perm := v.attr.Axes
	same, kept, last := true, true, -1 // kept: the axes longer than 1 stay in order
	for i, p := range perm {
		same = same && p == i
		if x.shape[p] > 1 {
			kept, last = kept && p > last, p
		}
	}
	switch {
	case same:
		return x
	case x.op == OpConstant:
		return v.graph.Constant(x.attr.Number, v.dtype, v.shape...)
	case kept:
		return Reshape(x, v.shape...)
	case x.op == OpTranspose:
		inner := make([]int, len(perm))
		for i, p := range perm {
			inner[i] = x.attr.Axes[p]
		}
		return Transpose(x.operands[0], inner...)
	case x.op == OpBroadcast:
		return Broadcast(Transpose(x.operands[0], perm...), v.shape...)
	}
	return nil
}
