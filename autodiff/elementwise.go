package autodiff

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

// Pow is x^c with a constant exponent, of the type of x like every constant.
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
	g, ok := together("scale", x)
	if !ok {
		return g.invalid()
	}
	if !x.dtype.IsFloat() {
		return g.fail("scale: elements of %v %v are not real numbers", x.dtype, x.shape)
	}
	return Mul(x, g.Constant(c, x.dtype, x.shape...))
}

// Shift is x + c with a constant c.
func Shift(x *Value, c float64) *Value {
	g, ok := together("shift", x)
	if !ok {
		return g.invalid()
	}
	if !x.dtype.IsFloat() {
		return g.fail("shift: elements of %v %v are not real numbers", x.dtype, x.shape)
	}
	return Add(x, g.Constant(c, x.dtype, x.shape...))
}

// Where is a where the mask is not 0 and b elsewhere, broadcast. It has no
// derivative by the mask.
func Where(mask, a, b *Value) *Value {
	g, ok := together("where", mask, a, b)
	if !ok {
		return g.invalid()
	}
	shape, ok1 := broadcastShape(a.shape, b.shape)
	shape, ok2 := broadcastShape(shape, mask.shape)
	if !ok1 || !ok2 || !shape.valid() || mask.dtype != a.dtype || a.dtype != b.dtype || !a.dtype.IsFloat() {
		return g.fail("where: %v %v, %v %v and %v %v do not fit", mask.dtype, mask.shape, a.dtype, a.shape, b.dtype, b.shape)
	}
	return g.build(&Value{op: OpWhere, dtype: a.dtype, shape: shape, operands: []*Value{align(mask, shape), align(a, shape), align(b, shape)}})
}

func unary(op Op, x *Value, c float64) *Value {
	g, ok := together(op.String(), x)
	if !ok {
		return g.invalid()
	}
	if !x.dtype.IsFloat() {
		return g.fail("%v: elements of %v %v are not real numbers", op, x.dtype, x.shape)
	}
	if x.dtype == Float32 {
		c = float64(float32(c)) // as every other constant
	}
	return g.build(&Value{op: op, dtype: x.dtype, shape: x.shape, operands: []*Value{x}, attr: Attributes{Number: c}})
}

func binary(op Op, a, b *Value) *Value {
	g, ok := together(op.String(), a, b)
	if !ok {
		return g.invalid()
	}
	shape, ok := broadcastShape(a.shape, b.shape)
	if !ok || !shape.valid() || a.dtype != b.dtype || !a.dtype.IsFloat() {
		return g.fail("%v: %v %v and %v %v do not fit", op, a.dtype, a.shape, b.dtype, b.shape)
	}
	a, b = align(a, shape), align(b, shape)
	if (op == OpAdd || op == OpMul || op == OpEqual) && a.id > b.id {
		a, b = b, a // one order for what commutes, so that equal values are one
	}
	return g.build(&Value{op: op, dtype: a.dtype, shape: shape, operands: []*Value{a, b}})
}

// align gives x the shape of an elementwise operation: leading axes of length 1
// are added, then axes of length 1 stretched.
func align(x *Value, shape Shape) *Value {
	if x.shape.Equal(shape) {
		return x
	}
	full := append(ones(len(shape)-len(x.shape)), x.shape...)
	return Broadcast(Reshape(x, full...), shape...)
}
