package autodiff

// Tangent is the derivative of the outputs along a direction (forward mode): for
// every output y, the sum over the values wrt of dy/dwrt times the direction of
// the same place, which has its shape and type. A wrt value may be any value of
// the graph, not only an input; then what it is computed from does not count.
func Tangent(outputs, wrt, directions []*Value) []*Value {
	g, ok := sameGraph("tangent", outputs, wrt, directions)
	if !ok {
		return failed(g, len(outputs))
	}
	if len(wrt) != len(directions) {
		g.fail("tangent: %d directions for %d values", len(directions), len(wrt))
		return failed(g, len(outputs))
	}
	tangents := map[*Value]*Value{}
	for i, w := range wrt {
		if d := directions[i]; !d.shape.Equal(w.shape) || d.dtype != w.dtype || !w.dtype.IsFloat() {
			g.fail("tangent: direction %v %v along %v %v", d.dtype, d.shape, w.dtype, w.shape)
			return failed(g, len(outputs))
		}
		if tangents[w] != nil {
			g.fail("tangent: value %v %v stands twice among those to differentiate by", w.dtype, w.shape)
			return failed(g, len(outputs))
		}
		tangents[w] = directions[i]
	}
	for _, v := range Order(outputs) {
		if tangents[v] != nil || !v.dtype.IsFloat() {
			continue
		}
		var sum *Value
		for i, o := range v.operands {
			if t := tangents[o]; t != nil && !isZero(t) {
				sum = plus(sum, pushforward(v, i, t, tangents))
			}
			if v.op == OpConcat && sum != nil {
				break // all operands at once
			}
		}
		if sum != nil {
			tangents[v] = sum
		}
	}
	result := make([]*Value, len(outputs))
	for i, y := range outputs {
		if result[i] = tangents[y]; result[i] == nil {
			result[i] = g.zero("tangent", y)
		}
	}
	return result
}

// pushforward is what the tangent t of operand i adds to the tangent of v.
func pushforward(v *Value, i int, t *Value, tangents map[*Value]*Value) *Value {
	g, a := v.graph, v.attr
	other := func() *Value { return v.operands[1-i] }
	switch {
	case v.op.Elementwise():
		return timesPartial(v, i, t)
	case v.op == OpBroadcast:
		return Broadcast(t, v.shape...)
	case v.op == OpSum:
		return SumKeep(t, a.Axes...)
	case v.op == OpMax:
		return SumKeep(Mul(t, maxWeights(v)), a.Axes...)
	case v.op == OpReshape:
		return Reshape(t, v.shape...)
	case v.op == OpTranspose:
		return Transpose(t, a.Axes...)
	case v.op == OpSlice:
		return Slice(t, a.Start, v.shape)
	case v.op == OpPad:
		return Pad(t, a.Start, v.shape)
	case v.op == OpConcat:
		parts := make([]*Value, len(v.operands))
		for j, o := range v.operands {
			if parts[j] = tangents[o]; parts[j] == nil {
				parts[j] = g.Constant(0, o.dtype, o.shape...)
			}
		}
		return Concat(a.Axes[0], parts...)
	case v.op == OpGather:
		return Gather(t, v.operands[1])
	case v.op == OpScatterAdd:
		return ScatterAdd(t, v.operands[1], v.shape[0])
	case v.op == OpPoolGather:
		return PoolGather(t, v.operands[1], a.Window)
	case v.op == OpPoolScatter:
		return PoolScatter(t, v.operands[1], v.shape[1], v.shape[2], a.Window)
	case v.op == OpMatMul && i == 0:
		return matMul(t, other(), a.TransA, a.TransB)
	case v.op == OpMatMul:
		return matMul(other(), t, a.TransA, a.TransB)
	case v.op == OpConv && i == 0:
		return Conv(t, other(), a.Window)
	case v.op == OpConv:
		return Conv(other(), t, a.Window)
	case v.op == OpConvInputGrad && i == 0:
		return ConvInputGrad(t, other(), v.shape[1], v.shape[2], a.Window)
	case v.op == OpConvInputGrad:
		return ConvInputGrad(other(), t, v.shape[1], v.shape[2], a.Window)
	case v.op == OpConvWeightGrad && i == 0:
		return ConvWeightGrad(t, other(), v.shape[0], v.shape[1], a.Window)
	case v.op == OpConvWeightGrad:
		return ConvWeightGrad(other(), t, v.shape[0], v.shape[1], a.Window)
	}
	return g.Constant(0, v.dtype, v.shape...) // stop
}

// plus adds where there is something to add to.
func plus(sum, x *Value) *Value {
	if sum == nil {
		return x
	}
	return Add(sum, x)
}

// zero is the derivative of an output that does not depend on what it is
// differentiated by; index arrays have none.
func (g *Graph) zero(what string, y *Value) *Value {
	if !y.dtype.IsFloat() {
		return g.fail("%s: an output is %v %v, which has no derivative", what, y.dtype, y.shape)
	}
	return g.Constant(0, y.dtype, y.shape...)
}

// sameGraph checks that all values are valid and of one graph.
func sameGraph(what string, lists ...[]*Value) (g *Graph, ok bool) {
	for _, list := range lists {
		for _, v := range list {
			switch {
			case v == nil:
				if g == nil {
					g = &Graph{}
				}
				g.fail("%s: a value is nil", what)
				return g, false
			case g == nil:
				g = v.graph
			}
			if v.graph != g || v.op == OpInvalid {
				g.fail("%s: a value is invalid or belongs to another graph", what)
				return g, false
			}
		}
	}
	return g, g != nil
}

// failed is n invalid values of a graph whose error is set.
func failed(g *Graph, n int) []*Value {
	if g == nil {
		g = &Graph{}
	}
	values := make([]*Value, n)
	for i := range values {
		values[i] = g.fail("no value to differentiate")
	}
	return values
}
