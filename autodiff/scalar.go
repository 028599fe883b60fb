package autodiff

import "math"

// Scalar computes an elementwise operation on numbers: the definition that
// compilers and tests refer to. The operands are as many as the operation's; it
// panics if the operation is not elementwise, a programmer's error.
func Scalar(op Op, attr Attributes, x ...float64) float64 {
	switch {
	case op == OpWhere && x[0] != 0:
		return x[1]
	case op == OpWhere:
		return x[2]
	case len(x) == 2:
		return scalarBinary(op, x[0], x[1])
	}
	return scalarUnary(op, x[0], attr.Number)
}

func scalarUnary(op Op, x, c float64) float64 {
	switch op {
	case OpNeg:
		return -x
	case OpExp:
		return math.Exp(x)
	case OpLog:
		return math.Log(x)
	case OpTanh:
		return math.Tanh(x)
	case OpErf:
		return math.Erf(x)
	case OpSqrt:
		return math.Sqrt(x)
	case OpRsqrt:
		return 1 / math.Sqrt(x)
	case OpSigmoid:
		return 1 / (1 + math.Exp(-x))
	case OpSoftplus:
		return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
	case OpAbs:
		return math.Abs(x)
	case OpSign:
		switch {
		case x > 0:
			return 1
		case x < 0:
			return -1
		}
		return x
	case OpPow:
		return math.Pow(x, c)
	case OpMaxConstant:
		return max(x, c)
	}
	panic("autodiff: not a unary operation: " + op.String())
}

func scalarBinary(op Op, a, b float64) float64 {
	switch op {
	case OpAdd:
		return a + b
	case OpSub:
		return a - b
	case OpMul:
		return a * b
	case OpDiv:
		return a / b
	case OpGreater:
		return truth(a > b)
	case OpEqual:
		return truth(a == b)
	}
	panic("autodiff: not a binary operation: " + op.String())
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
