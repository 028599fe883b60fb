package autodiff

import "math"

// simpler is a value that equals v and costs less, or nil. The rules look at v
// and its operands alone; every one of them makes fewer or smaller operations, or
// moves v towards a form that other rules know:
//
//   - constants that meet are merged, and signs move outwards;
//   - broadcasts move outwards, so that work is done on the smaller array;
//   - sums move inwards, for the same reason;
//   - reshapes, transposes, slices and pads of each other become one.
//
// Two conditions hold for all of them, so that simplification never changes what
// a program finds:
//
//   - What is finite and not 0 stays so: no rule makes an intermediate result
//     that is nearer to overflow or underflow than those of the formula as
//     written. So a factor does not pass a product or a sum.
//   - An infinity or NaN that an operand holds is not lost, with one exception,
//     without which directions of zero would cost as much as others: what is
//     linear in the constant 0, and the product with it, is 0, whatever the other
//     factor is.
func (g *Graph) simpler(v *Value) *Value {
	if g.plain || len(v.operands) == 0 {
		return nil
	}
	if s := simplerLinear(v); s != nil {
		return s
	}
	x := v.operands[0]
	switch v.op {
	case OpBroadcast:
		return simplerBroadcast(v, x)
	case OpSum, OpMax:
		return simplerReduce(v, x)
	case OpReshape:
		return simplerReshape(v, x)
	case OpTranspose:
		return simplerTranspose(v, x)
	case OpSlice:
		return simplerSlice(v, x)
	case OpPad:
		return simplerPad(v, x)
	case OpConcat:
		return simplerConcat(v)
	case OpStop:
		if x.op == OpConstant || x.op == OpStop {
			return x
		}
	case OpGather, OpPoolGather:
		if x.op == OpConstant {
			return g.Constant(x.attr.Number, v.dtype, v.shape...)
		}
	case OpMatMul:
		return simplerMatMul(v)
	case OpConv:
		return simplerConv(v)
	}
	if v.op.Elementwise() {
		return simplerElementwise(v)
	}
	return nil
}

// simplerLinear: what is linear takes zero to zero and signs outwards. A
// broadcast keeps the sign inside, where it is cheaper.
func simplerLinear(v *Value) *Value {
	for i := range v.op.linear() {
		x := v.operands[i]
		switch {
		case isZero(x):
			return v.graph.Constant(0, v.dtype, v.shape...)
		case x.op == OpNeg && v.op != OpBroadcast:
			return Neg(with(v, i, x.operands[0]))
		}
	}
	return nil
}

func isZero(x *Value) bool { return x.op == OpConstant && x.attr.Number == 0 }

func isConstant(x *Value, number float64) bool { return x.op == OpConstant && x.attr.Number == number }

// scaled is x = c y with a constant c, if it is one.
func scaled(x *Value) (c float64, y *Value, ok bool) {
	switch {
	case x.op == OpNeg:
		return -1, x.operands[0], true
	case x.op != OpMul:
		return 0, nil, false
	case x.operands[0].op == OpConstant:
		return x.operands[0].attr.Number, x.operands[1], true
	case x.operands[1].op == OpConstant:
		return x.operands[1].attr.Number, x.operands[0], true
	}
	return 0, nil, false
}

// normal reports whether a number is finite and far enough from zero to have all
// its digits in the type.
func normal(x float64, d DType) bool {
	x = math.Abs(x)
	if d == Float32 {
		return x >= 0x1p-126 && x <= math.MaxFloat32
	}
	return x >= 0x1p-1022 && x <= math.MaxFloat64
}
