package autodiff

import "slices"

// Tangent is the derivative of the outputs along a direction (forward mode): for
// every output y, the sum over the values wrt of dy/dwrt times the direction of
// the same place, which has its shape and type. A wrt value may be any value of
// the graph, not only an input; then what it is computed from does not count.
func Tangent(outputs, wrt, directions []*Value) []*Value {
	if len(outputs) == 0 {
		return nil
	}
	g, ok := together("tangent", slices.Concat(outputs, wrt, directions)...)
	if !ok {
		return g.failed(len(outputs))
	}
	if len(wrt) != len(directions) {
		g.fail("tangent: %d directions for %d values", len(directions), len(wrt))
		return g.failed(len(outputs))
	}
	tangents := map[*Value]*Value{}
	for i, w := range wrt {
		switch d := directions[i]; {
		case !w.dtype.IsFloat():
			g.fail("tangent: %v %v has no derivative", w.dtype, w.shape)
		case !d.shape.Equal(w.shape) || d.dtype != w.dtype:
			g.fail("tangent: direction %v %v does not fit value %v %v", d.dtype, d.shape, w.dtype, w.shape)
		case tangents[w] != nil:
			g.fail("tangent: value %v %v stands twice among those to differentiate by", w.dtype, w.shape)
		default:
			tangents[w] = d
			continue
		}
		return g.failed(len(outputs))
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
	switch {
	case v.op.Elementwise():
		return timesPartial(v, i, t)
	case i < v.op.linear():
		return with(v, i, t)
	case v.op == OpMax:
		return SumKeep(Mul(t, maxWeights(v)), v.attr.Axes...)
	case v.op == OpConcat:
		parts := make([]*Value, len(v.operands))
		for j, o := range v.operands {
			if parts[j] = tangents[o]; parts[j] == nil {
				parts[j] = v.graph.Constant(0, o.dtype, o.shape...)
			}
		}
		return apply(v, parts...)
	}
	return v.graph.Constant(0, v.dtype, v.shape...) // stop
}

// plus adds where there is something to add to.
func plus(sum, x *Value) *Value {
	if sum == nil {
		return x
	}
	return Add(sum, x)
}

// zero is the derivative of, or by, a value where nothing depends on anything;
// index arrays have none.
func (g *Graph) zero(what string, v *Value) *Value {
	if !v.dtype.IsFloat() {
		return g.fail("%s: %v %v has no derivative", what, v.dtype, v.shape)
	}
	return g.Constant(0, v.dtype, v.shape...)
}
