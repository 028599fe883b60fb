package autodiff

// simplerElementwise folds constants, computes before a broadcast what needs no
// more than its operand, and knows the rules of the single operations.
func simplerElementwise(v *Value) *Value {
	g, o := v.graph, v.operands
	small, folds, stretches := ones(len(v.shape)), true, true
	for _, x := range o {
		switch x.op {
		case OpConstant:
		case OpBroadcast:
			folds = false
			small, _ = broadcastShape(small, x.operands[0].shape)
		default:
			folds, stretches = false, false
		}
	}
	switch {
	case folds:
		numbers := make([]float64, len(o))
		for i, x := range o {
			numbers[i] = x.attr.Number
		}
		return g.Constant(Scalar(v.op, v.attr, numbers...), v.dtype, v.shape...)
	case stretches && !small.Equal(v.shape):
		inner := make([]*Value, len(o))
		for i, x := range o {
			if x.op == OpConstant {
				inner[i] = g.Constant(x.attr.Number, v.dtype, small...)
			} else {
				inner[i] = Broadcast(x.operands[0], small...)
			}
		}
		return Broadcast(apply(v, inner...), v.shape...)
	}
	switch v.op {
	case OpAdd:
		return simplerAdd(v, o[0], o[1])
	case OpSub:
		return simplerSub(v, o[0], o[1])
	case OpMul:
		return simplerMul(o[0], o[1])
	case OpDiv:
		return simplerDiv(o[0], o[1])
	case OpGreater:
		if o[0] == o[1] {
			return g.Constant(0, v.dtype, v.shape...)
		}
	case OpWhere:
		return simplerWhere(v, o[0], o[1], o[2])
	}
	return simplerUnary(v, o[0])
}

func simplerUnary(v, x *Value) *Value {
	switch v.op {
	case OpNeg:
		if x.op == OpSub {
			return Sub(x.operands[1], x.operands[0])
		}
		if c, y, ok := scaled(x); ok {
			return Scale(y, -c)
		}
	case OpAbs:
		switch x.op {
		case OpAbs:
			return x
		case OpNeg:
			return Abs(x.operands[0])
		}
	case OpPow:
		one := v.graph.Constant(1, v.dtype, v.shape...)
		switch v.attr.Number {
		case -1:
			return Div(one, x)
		case -0.5:
			return Rsqrt(x)
		case 0:
			return one
		case 0.5:
			return Sqrt(x)
		case 1:
			return x
		case 2:
			return Mul(x, x)
		}
	}
	return nil
}

func simplerAdd(v, a, b *Value) *Value {
	switch {
	case isZero(a):
		return b
	case isZero(b):
		return a
	case a == b:
		return Scale(a, 2)
	case b.op == OpNeg:
		return Sub(a, b.operands[0])
	case a.op == OpNeg:
		return Sub(b, a.operands[0])
	case a.op == OpPad && b.op == OpPad:
		return joinPads(v, a, b)
	}
	return nil
}

func simplerSub(v, a, b *Value) *Value {
	switch {
	case isZero(b):
		return a
	case isZero(a):
		return Neg(b)
	case b.op == OpNeg:
		return Add(a, b.operands[0])
	}
	return nil
}

// simplerWhere: a choice made twice by one mask is made once.
func simplerWhere(v, mask, a, b *Value) *Value {
	switch {
	case a == b, mask.op == OpConstant && mask.attr.Number != 0:
		return a
	case mask.op == OpConstant:
		return b
	case a.op == OpWhere && a.operands[0] == mask:
		return Where(mask, a.operands[1], b)
	case b.op == OpWhere && b.operands[0] == mask:
		return Where(mask, a, b.operands[2])
	case a.op == OpNeg && (b.op == OpNeg || b.op == OpConstant):
		return Neg(Where(mask, a.operands[0], Neg(b)))
	case b.op == OpNeg && a.op == OpConstant:
		return Neg(Where(mask, Neg(a), b.operands[0]))
	}
	return nil
}
