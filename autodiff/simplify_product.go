package autodiff

func simplerMul(a, b *Value) *Value {
	switch {
	case isZero(a):
		return a
	case isZero(b):
		return b
	case isConstant(a, 1):
		return b
	case isConstant(b, 1):
		return a
	case a.op == OpConstant:
		return simplerScale(b, a.attr.Number)
	case b.op == OpConstant:
		return simplerScale(a, b.attr.Number)
	case a == b && (a.op == OpGreater || a.op == OpEqual):
		return a // 0 and 1 are their own squares
	case a.op == OpNeg:
		return Neg(Mul(a.operands[0], b))
	case b.op == OpNeg:
		return Neg(Mul(a, b.operands[0]))
	}
	return nil
}

// simplerScale is c x where the constant meets another one. (It does not go into
// a factor that is broadcast, though there were less to multiply: the product
// that it would change is often needed without it. Nor does it pass a product:
// in (c x) y it may be what keeps x y from an overflow.)
func simplerScale(x *Value, c float64) *Value {
	if c == -1 {
		return Neg(x)
	}
	if d, y, ok := scaled(x); ok && normal(c*d, x.dtype) {
		return Scale(y, c*d)
	}
	if x.op == OpDiv && x.operands[0].op == OpConstant && normal(c*x.operands[0].attr.Number, x.dtype) {
		return Div(Scale(x.operands[0], c), x.operands[1])
	}
	return nil
}

func simplerDiv(a, b *Value) *Value {
	switch {
	case b.op == OpConstant && normal(1/b.attr.Number, b.dtype):
		return Scale(a, 1/b.attr.Number)
	case a.op == OpNeg:
		return Neg(Div(a.operands[0], b))
	case b.op == OpNeg:
		return Neg(Div(a, b.operands[0]))
	}
	return nil
}

// simplerMatMul reads a transposed side where it lies, and multiplies by a matrix
// that all of a batch share in one large product.
func simplerMatMul(v *Value) *Value {
	a, b, ta, tb := v.operands[0], v.operands[1], v.attr.TransA, v.attr.TransB
	if x, ok := swapped(a); ok {
		return matMul(x, b, !ta, tb)
	}
	if x, ok := swapped(b); ok {
		return matMul(a, x, ta, !tb)
	}
	rank := len(v.shape)
	if rank == 2 || ta || b.op != OpBroadcast {
		return nil
	}
	shared := b.operands[0]
	if shared.shape[:rank-2].Size() != 1 || !shared.shape[rank-2:].Equal(b.shape[rank-2:]) {
		return nil
	}
	rows := Reshape(a, a.shape[:rank-1].Size(), a.shape[rank-1])
	return Reshape(matMul(rows, Reshape(shared, b.shape[rank-2:]...), false, tb), v.shape...)
}

// swapped is y, if x is a transpose whose last axis is the one before last of
// what it transposes: x is y with the last two axes swapped. What remains of the
// transpose, if anything, keeps the last axis in place and so moves whole rows.
func swapped(x *Value) (y *Value, ok bool) {
	if x.op != OpTranspose {
		return nil, false
	}
	perm := clone(x.attr.Axes)
	n := len(perm)
	if n < 2 || perm[n-2] != n-1 {
		return nil, false
	}
	perm[n-2], perm[n-1] = perm[n-1], perm[n-2]
	return Transpose(x.operands[0], perm...), true
}

// simplerConv: a kernel of one element that moves by one is a matrix product over
// the channels, and its derivatives are then, too.
func simplerConv(v *Value) *Value {
	x, w := v.operands[0], v.operands[1]
	if w.shape[0] != 1 || w.shape[1] != 1 || v.attr.Window != (Window{StrideH: 1, StrideW: 1}) {
		return nil
	}
	pixels := Reshape(x, x.shape[:3].Size(), x.shape[3])
	return Reshape(matMul(pixels, Reshape(w, w.shape[2:]...), false, false), v.shape...)
}
