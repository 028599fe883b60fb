package autodiff

import "math"

// timesPartial is t times the derivative of the elementwise value v by its
// operand i. The Jacobian of an elementwise operation is diagonal, so one rule
// serves both modes: t is the operand's tangent in forward mode and the value's
// cotangent in reverse mode. A derivative of zero yields the constant 0.
func timesPartial(v *Value, i int, t *Value) *Value {
	x := v.operands[0]
	zero := func() *Value { return v.graph.Constant(0, v.dtype, v.shape...) }
	switch v.op {
	case OpNeg:
		return Neg(t)
	case OpExp:
		return Mul(t, v)
	case OpLog:
		return Div(t, x)
	case OpTanh: // 1 - tanh^2
		return Mul(t, Sub(one(v), Mul(v, v)))
	case OpErf: // 2/sqrt(pi) e^(-x^2)
		return Mul(t, Scale(Exp(Neg(Mul(x, x))), 2/math.SqrtPi))
	case OpSqrt:
		return Div(Scale(t, 0.5), v)
	case OpRsqrt: // -1/2 x^(-3/2)
		return Mul(t, Scale(Mul(v, Mul(v, v)), -0.5))
	case OpSigmoid:
		return Mul(t, Mul(v, Sub(one(v), v)))
	case OpSoftplus:
		return Mul(t, Sigmoid(x))
	case OpAbs:
		return Mul(t, Sign(x))
	case OpSign, OpGreater, OpEqual:
		return zero()
	case OpPow:
		c := v.attr.Number
		return Mul(t, Scale(Pow(x, c-1), c))
	case OpMaxConstant:
		return Mul(t, Greater(x, v.graph.Constant(v.attr.Number, v.dtype, v.shape...)))
	case OpAdd:
		return t
	case OpSub:
		if i == 1 {
			return Neg(t)
		}
		return t
	case OpMul:
		return Mul(t, v.operands[1-i])
	case OpDiv:
		if i == 1 {
			return Neg(Div(Mul(t, v), v.operands[1]))
		}
		return Div(t, v.operands[1])
	case OpWhere:
		switch i {
		case 1:
			return Where(x, t, zero())
		case 2:
			return Where(x, zero(), t)
		}
		return zero()
	}
	panic("autodiff: not an elementwise operation: " + v.op.String())
}

func one(v *Value) *Value { return v.graph.Constant(1, v.dtype, v.shape...) }

// maxWeights shares the derivative of a maximum among the elements that attain it.
func maxWeights(v *Value) *Value {
	x := v.operands[0]
	attains := Equal(x, Broadcast(v, x.shape...))
	return Div(attains, Broadcast(SumKeep(attains, v.attr.Axes...), x.shape...))
}
