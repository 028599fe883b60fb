package autodiff

import "slices"

// Gradient is the gradient of a loss, which has one element, by each of the
// values wrt (reverse mode).
func Gradient(loss *Value, wrt ...*Value) []*Value {
	g, ok := together("gradient", append([]*Value{loss}, wrt...)...)
	if !ok {
		return g.failed(len(wrt))
	}
	if loss.shape.Size() != 1 || !loss.dtype.IsFloat() {
		g.fail("gradient: the loss is %v %v and not one real number", loss.dtype, loss.shape)
		return g.failed(len(wrt))
	}
	return Pullback([]*Value{loss}, []*Value{one(loss)}, wrt)
}

// HVP is the product of the loss's Hessian with a direction, in the parts that
// the values wrt make: the tangent of the gradient. The gradient comes with it,
// because both share most of their work.
func HVP(loss *Value, wrt, direction []*Value) (gradient, product []*Value) {
	gradient = Gradient(loss, wrt...)
	return gradient, Tangent(gradient, wrt, direction)
}

// Pullback is, for every value of wrt, the sum over the outputs y of the
// transposed derivative dy/dwrt times the cotangent of the same place, which has
// the output's shape and type (reverse mode).
func Pullback(outputs, cotangents, wrt []*Value) []*Value {
	if len(wrt) == 0 {
		return nil
	}
	g, ok := together("pullback", slices.Concat(outputs, cotangents, wrt)...)
	if !ok {
		return g.failed(len(wrt))
	}
	if len(outputs) != len(cotangents) {
		g.fail("pullback: %d cotangents for %d outputs", len(cotangents), len(outputs))
		return g.failed(len(wrt))
	}
	cotangent := map[*Value]*Value{}
	for i, y := range outputs {
		c := cotangents[i]
		if !c.shape.Equal(y.shape) || c.dtype != y.dtype || !y.dtype.IsFloat() {
			g.fail("pullback: cotangent %v %v does not fit output %v %v", c.dtype, c.shape, y.dtype, y.shape)
			return g.failed(len(wrt))
		}
		cotangent[y] = plus(cotangent[y], c)
	}
	order := Order(outputs)
	active := dependents(order, wrt)
	target := map[*Value]bool{}
	for _, w := range wrt {
		target[w] = true
	}
	for n := len(order) - 1; n >= 0; n-- {
		v := order[n]
		ct := cotangent[v]
		if ct == nil || isZero(ct) || target[v] || !active[v] {
			continue
		}
		for i, o := range v.operands {
			if active[o] && o.dtype.IsFloat() {
				cotangent[o] = plus(cotangent[o], pullback(v, i, ct))
			}
		}
	}
	result := make([]*Value, len(wrt))
	for i, w := range wrt {
		if result[i] = cotangent[w]; result[i] == nil {
			result[i] = g.zero("pullback", w)
		}
	}
	return result
}

// pullback is what the cotangent ct of v adds to the cotangent of its operand i.
func pullback(v *Value, i int, ct *Value) *Value {
	x, a := v.operands[i], v.attr
	other := func() *Value { return v.operands[1-i] }
	switch {
	case v.op.Elementwise():
		return timesPartial(v, i, ct)
	case v.op == OpBroadcast:
		var axes []int
		for axis, d := range x.shape {
			if d != v.shape[axis] {
				axes = append(axes, axis)
			}
		}
		return SumKeep(ct, axes...)
	case v.op == OpSum:
		return Broadcast(ct, x.shape...)
	case v.op == OpMax:
		return Mul(Broadcast(ct, x.shape...), maxWeights(v))
	case v.op == OpReshape:
		return Reshape(ct, x.shape...)
	case v.op == OpTranspose:
		inverse := make([]int, len(a.Axes))
		for to, from := range a.Axes {
			inverse[from] = to
		}
		return Transpose(ct, inverse...)
	case v.op == OpSlice:
		return Pad(ct, a.Start, x.shape)
	case v.op == OpPad:
		return Slice(ct, a.Start, x.shape)
	case v.op == OpConcat:
		start := make([]int, len(x.shape))
		for _, before := range v.operands[:i] {
			start[a.Axes[0]] += before.shape[a.Axes[0]]
		}
		return Slice(ct, start, x.shape)
	case v.op == OpGather:
		return ScatterAdd(ct, v.operands[1], x.shape[0])
	case v.op == OpScatterAdd:
		return Gather(ct, v.operands[1])
	case v.op == OpPoolGather:
		return PoolScatter(ct, v.operands[1], x.shape[1], x.shape[2], a.Window)
	case v.op == OpPoolScatter:
		return PoolGather(ct, v.operands[1], a.Window)
	case v.op == OpMatMul:
		return matMulPullback(v, i, ct)
	case v.op == OpConv && i == 0:
		return ConvInputGrad(ct, other(), x.shape[1], x.shape[2], a.Window)
	case v.op == OpConv:
		return ConvWeightGrad(other(), ct, x.shape[0], x.shape[1], a.Window)
	case v.op == OpConvInputGrad && i == 0:
		return Conv(ct, other(), a.Window)
	case v.op == OpConvInputGrad:
		return ConvWeightGrad(ct, other(), x.shape[0], x.shape[1], a.Window)
	case v.op == OpConvWeightGrad && i == 0:
		return ConvInputGrad(other(), ct, x.shape[1], x.shape[2], a.Window)
	case v.op == OpConvWeightGrad:
		return Conv(other(), ct, a.Window)
	}
	return v.graph.Constant(0, x.dtype, x.shape...) // stop
}

// matMulPullback is the cotangent of one side of C = op(A) op(B): of A it is
// C B' and of B it is A' C, transposed where the side itself is.
func matMulPullback(v *Value, i int, ct *Value) *Value {
	a, b, ta, tb := v.operands[0], v.operands[1], v.attr.TransA, v.attr.TransB
	switch {
	case i == 0 && !ta:
		return matMul(ct, b, false, !tb)
	case i == 0:
		return matMul(b, ct, tb, true)
	case !tb:
		return matMul(a, ct, !ta, false)
	}
	return matMul(ct, a, true, ta)
}
