package autodiff

import "math"

// Neg is -x.
func Neg(x *Value) *Value { return unary(OpNeg, x, 0) }

// Exp is e^x.
func Exp(x *Value) *Value { return unary(OpExp, x, 0) }

// Log is the natural logarithm.
func Log(x *Value) *Value { return unary(OpLog, x, 0) }

// Tanh is the hyperbolic tangent.
func Tanh(x *Value) *Value { return unary(OpTanh, x, 0) }

// Erf is the error function.
func Erf(x *Value) *Value { return unary(OpErf, x, 0) }

// Sqrt is the square root.
func Sqrt(x *Value) *Value { return unary(OpSqrt, x, 0) }

// Rsqrt is 1/sqrt(x).
func Rsqrt(x *Value) *Value { return unary(OpRsqrt, x, 0) }

// Sigmoid is 1/(1 + e^-x).
func Sigmoid(x *Value) *Value { return unary(OpSigmoid, x, 0) }

// Softplus is log(1 + e^x), without overflow.
func Softplus(x *Value) *Value { return unary(OpSoftplus, x, 0) }

// Abs is |x|; its derivative at 0 is 0.
func Abs(x *Value) *Value { return unary(OpAbs, x, 0) }

// Sign is -1, 0 or 1; its derivative is 0 everywhere.
func Sign(x *Value) *Value { return unary(OpSign, x, 0) }

// Pow is x^c with a constant exponent.
func Pow(x *Value, c float64) *Value { return unary(OpPow, x, c) }

// MaxConstant is max(x, c); its derivative at x = c is 0, as PyTorch has it for
// ReLU, which is MaxConstant(x, 0).
func MaxConstant(x *Value, c float64) *Value { return unary(OpMaxConstant, x, c) }

// Add is a + b, broadcast.
func Add(a, b *Value) *Value { return binary(OpAdd, a, b) }

// Sub is a - b, broadcast.
func Sub(a, b *Value) *Value { return binary(OpSub, a, b) }

// Mul is a b elementwise, broadcast.
func Mul(a, b *Value) *Value { return binary(OpMul, a, b) }

// Div is a / b, broadcast.
func Div(a, b *Value) *Value { return binary(OpDiv, a, b) }

// Greater is 1 where a > b and 0 elsewhere, broadcast; its derivative is 0.
func Greater(a, b *Value) *Value { return binary(OpGreater, a, b) }

// Equal is 1 where a = b and 0 elsewhere, broadcast; its derivative is 0.
func Equal(a, b *Value) *Value { return binary(OpEqual, a, b) }

// Scale is c x with a constant c.
func Scale(x *Value, c float64) *Value {
	if x == nil || x.op == OpInvalid {
		return unary(OpNeg, x, 0)
	}
	return Mul(x, x.graph.Constant(c, x.dtype, x.shape...))
}

// Shift is x + c with a constant c.
func Shift(x *Value, c float64) *Value {
	if x == nil || x.op == OpInvalid {
		return unary(OpNeg, x, 0)
	}
	return Add(x, x.graph.Constant(c, x.dtype, x.shape...))
}

// Where is a where the mask is not 0 and b elsewhere, broadcast.
func Where(mask, a, b *Value) *Value {
	g, ok := together(OpWhere, mask, a, b)
	if !ok {
		return g.fail("where")
	}
	shape, ok1 := broadcastShape(a.shape, b.shape)
	shape, ok2 := broadcastShape(shape, mask.shape)
	if !ok1 || !ok2 || !shape.valid() || mask.dtype != a.dtype || a.dtype != b.dtype || !a.dtype.IsFloat() {
		return g.fail("where: %v %v, %v %v and %v %v do not fit", mask.dtype, mask.shape, a.dtype, a.shape, b.dtype, b.shape)
	}
	mask, a, b = align(mask, shape), align(a, shape), align(b, shape)
	switch {
	case a == b:
		return a
	case mask.op == OpConstant && mask.attr.Number != 0:
		return a
	case mask.op == OpConstant:
		return b
	}
	return g.intern(&Value{op: OpWhere, dtype: a.dtype, shape: shape, operands: []*Value{mask, a, b}})
}

func unary(op Op, x *Value, c float64) *Value {
	g, ok := together(op, x)
	if !ok {
		return g.fail("%v", op)
	}
	if !x.dtype.IsFloat() {
		return g.fail("%v: elements of %v %v are not real numbers", op, x.dtype, x.shape)
	}
	if x.op == OpConstant {
		return g.Constant(scalarUnary(op, x.attr.Number, c), x.dtype, x.shape...)
	}
	switch {
	case op == OpNeg && x.op == OpNeg, op == OpAbs && x.op == OpAbs:
		return map[Op]*Value{OpNeg: x.operands[0], OpAbs: x}[op]
	case op == OpNeg && x.op == OpSub:
		return Sub(x.operands[1], x.operands[0])
	case op == OpPow && c == 1:
		return x
	case op == OpPow && c == 0:
		return g.Constant(1, x.dtype, x.shape...)
	case op == OpPow && c == 2:
		return Mul(x, x)
	}
	return g.intern(&Value{op: op, dtype: x.dtype, shape: x.shape, operands: []*Value{x}, attr: Attributes{Number: c}})
}

func binary(op Op, a, b *Value) *Value {
	g, ok := together(op, a, b)
	if !ok {
		return g.fail("%v", op)
	}
	shape, ok := broadcastShape(a.shape, b.shape)
	if !ok || !shape.valid() || a.dtype != b.dtype || !a.dtype.IsFloat() {
		return g.fail("%v: %v %v and %v %v do not fit", op, a.dtype, a.shape, b.dtype, b.shape)
	}
	a, b = align(a, shape), align(b, shape)
	if v := foldBinary(op, a, b); v != nil {
		return v
	}
	if (op == OpAdd || op == OpMul || op == OpEqual) && a.id > b.id {
		a, b = b, a // one order for what commutes, so that equal values are one
	}
	return g.intern(&Value{op: op, dtype: a.dtype, shape: shape, operands: []*Value{a, b}})
}

// foldBinary is the simpler value that equals op(a, b), or nil. A product with
// the constant 0 is 0: a direction that is zero costs nothing, and 0 times NaN
// is 0 for it.
func foldBinary(op Op, a, b *Value) *Value {
	g := a.graph
	isA := func(x float64) bool { return a.op == OpConstant && a.attr.Number == x }
	isB := func(x float64) bool { return b.op == OpConstant && b.attr.Number == x }
	if a.op == OpConstant && b.op == OpConstant {
		return g.Constant(scalarBinary(op, a.attr.Number, b.attr.Number), a.dtype, a.shape...)
	}
	switch op {
	case OpAdd:
		switch {
		case isA(0):
			return b
		case isB(0):
			return a
		case b.op == OpNeg:
			return Sub(a, b.operands[0])
		case a.op == OpNeg:
			return Sub(b, a.operands[0])
		}
	case OpSub:
		switch {
		case isB(0):
			return a
		case isA(0):
			return Neg(b)
		case a == b:
			return g.Constant(0, a.dtype, a.shape...)
		case b.op == OpNeg:
			return Add(a, b.operands[0])
		}
	case OpMul:
		switch {
		case isA(0), isB(1):
			return a
		case isB(0), isA(1):
			return b
		case isA(-1):
			return Neg(b)
		case isB(-1):
			return Neg(a)
		case a.op == OpNeg:
			return Neg(Mul(a.operands[0], b))
		case b.op == OpNeg:
			return Neg(Mul(a, b.operands[0]))
		}
	case OpDiv:
		switch {
		case isA(0), isB(1):
			return a
		case isB(-1):
			return Neg(a)
		}
	}
	return nil
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
	truth := map[bool]float64{true: 1}
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
		return truth[a > b]
	case OpEqual:
		return truth[a == b]
	}
	panic("autodiff: not a binary operation: " + op.String())
}

// Scalar computes an elementwise operation on numbers: the definition that
// compilers and tests refer to. The operands are as many as the operation's.
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
