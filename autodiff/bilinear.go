package autodiff

// MatMul is the matrix product over the last two axes, [... m k] x [... k n] to
// [... m n]. Leading axes agree.
func MatMul(a, b *Value) *Value { return matMul(a, b, false, false) }

// matMul takes the operands' last two axes swapped where asked.
func matMul(a, b *Value, transA, transB bool) *Value {
	g, ok := together(OpMatMul, a, b)
	if !ok {
		return g.fail("matmul")
	}
	ra, rb := len(a.shape), len(b.shape)
	if ra < 2 || rb != ra || a.dtype != b.dtype || !a.dtype.IsFloat() || !a.shape[:ra-2].Equal(b.shape[:rb-2]) {
		return g.fail("matmul: %v %v and %v %v do not fit", a.dtype, a.shape, b.dtype, b.shape)
	}
	if x, swapped := swappedLast(a); swapped {
		return matMul(x, b, !transA, transB)
	}
	if x, swapped := swappedLast(b); swapped {
		return matMul(a, x, transA, !transB)
	}
	m, k, k2, n := a.shape[ra-2], a.shape[ra-1], b.shape[rb-2], b.shape[rb-1]
	if transA {
		m, k = k, m
	}
	if transB {
		k2, n = n, k2
	}
	shape := append(clone(a.shape[:ra-2]), m, n)
	switch {
	case k != k2:
		return g.fail("matmul: %v%s and %v%s: %d columns meet %d rows", a.shape, mark(transA), b.shape, mark(transB), k, k2)
	case !shape.valid():
		return g.fail("matmul: %v is too large", shape)
	case isZero(a), isZero(b):
		return g.Constant(0, a.dtype, shape...)
	case a.op == OpNeg:
		return Neg(matMul(a.operands[0], b, transA, transB))
	case b.op == OpNeg:
		return Neg(matMul(a, b.operands[0], transA, transB))
	}
	return g.intern(&Value{op: OpMatMul, dtype: a.dtype, shape: shape, operands: []*Value{a, b}, attr: Attributes{TransA: transA, TransB: transB}})
}

func mark(transposed bool) string {
	if transposed {
		return "'"
	}
	return ""
}

// swappedLast reports whether x is y with its last two axes swapped.
func swappedLast(x *Value) (y *Value, ok bool) {
	if x.op != OpTranspose {
		return nil, false
	}
	n := len(x.attr.Axes)
	for i, p := range x.attr.Axes {
		want := i
		if i >= n-2 {
			want = 2*n - 3 - i
		}
		if p != want {
			return nil, false
		}
	}
	return x.operands[0], true
}

func isZero(x *Value) bool { return x.op == OpConstant && x.attr.Number == 0 }

// Conv is the convolution (cross-correlation, as networks have it) of images
// x [N H W C] with a kernel w [KH KW C O]; the result is [N H' W' O] with
// H' = (H + padding - KH)/stride + 1.
func Conv(x, w *Value, window Window) *Value {
	g, ok := together(OpConv, x, w)
	if !ok {
		return g.fail("conv")
	}
	if len(x.shape) != 4 || len(w.shape) != 4 || x.dtype != w.dtype || !x.dtype.IsFloat() || x.shape[3] != w.shape[2] {
		return g.fail("conv: image %v %v and kernel %v %v do not fit", x.dtype, x.shape, w.dtype, w.shape)
	}
	window.KernelH, window.KernelW = 0, 0
	window = window.withDefaults()
	oh, ow := window.output(x.shape[1], x.shape[2], w.shape[0], w.shape[1])
	shape := Shape{x.shape[0], oh, ow, w.shape[3]}
	switch {
	case window.negative() || !shape.valid():
		return g.fail("conv: kernel %v with %+v does not fit image %v", w.shape, window, x.shape)
	case isZero(x), isZero(w):
		return g.Constant(0, x.dtype, shape...)
	case x.op == OpNeg:
		return Neg(Conv(x.operands[0], w, window))
	case w.op == OpNeg:
		return Neg(Conv(x, w.operands[0], window))
	}
	return g.intern(&Value{op: OpConv, dtype: x.dtype, shape: shape, operands: []*Value{x, w}, attr: Attributes{Window: window}})
}

// ConvInputGrad is the adjoint of [Conv] in its image: from y [N H' W' O] and the
// kernel w to an image [N height width C].
func ConvInputGrad(y, w *Value, height, width int, window Window) *Value {
	g, ok := together(OpConvInputGrad, y, w)
	if !ok {
		return g.fail("conv input gradient")
	}
	if len(y.shape) != 4 || len(w.shape) != 4 || y.dtype != w.dtype || !y.dtype.IsFloat() || y.shape[3] != w.shape[3] {
		return g.fail("conv input gradient: result %v %v and kernel %v %v do not fit", y.dtype, y.shape, w.dtype, w.shape)
	}
	window.KernelH, window.KernelW = 0, 0
	window = window.withDefaults()
	shape := Shape{y.shape[0], height, width, w.shape[2]}
	oh, ow := window.output(height, width, w.shape[0], w.shape[1])
	switch {
	case window.negative() || !shape.valid() || oh != y.shape[1] || ow != y.shape[2]:
		return g.fail("conv input gradient: kernel %v with %+v does not take image %v to %v", w.shape, window, shape, y.shape)
	case isZero(y), isZero(w):
		return g.Constant(0, y.dtype, shape...)
	case y.op == OpNeg:
		return Neg(ConvInputGrad(y.operands[0], w, height, width, window))
	case w.op == OpNeg:
		return Neg(ConvInputGrad(y, w.operands[0], height, width, window))
	}
	return g.intern(&Value{op: OpConvInputGrad, dtype: y.dtype, shape: shape, operands: []*Value{y, w}, attr: Attributes{Window: window}})
}

// ConvWeightGrad is the adjoint of [Conv] in its kernel: from the image x and
// y [N H' W' O] to a kernel [kernelH kernelW C O].
func ConvWeightGrad(x, y *Value, kernelH, kernelW int, window Window) *Value {
	g, ok := together(OpConvWeightGrad, x, y)
	if !ok {
		return g.fail("conv weight gradient")
	}
	if len(x.shape) != 4 || len(y.shape) != 4 || x.dtype != y.dtype || !x.dtype.IsFloat() || x.shape[0] != y.shape[0] {
		return g.fail("conv weight gradient: image %v %v and result %v %v do not fit", x.dtype, x.shape, y.dtype, y.shape)
	}
	window.KernelH, window.KernelW = 0, 0
	window = window.withDefaults()
	shape := Shape{kernelH, kernelW, x.shape[3], y.shape[3]}
	oh, ow := window.output(x.shape[1], x.shape[2], kernelH, kernelW)
	switch {
	case window.negative() || !shape.valid() || oh != y.shape[1] || ow != y.shape[2]:
		return g.fail("conv weight gradient: kernel %v with %+v does not take image %v to %v", shape, window, x.shape, y.shape)
	case isZero(x), isZero(y):
		return g.Constant(0, x.dtype, shape...)
	case x.op == OpNeg:
		return Neg(ConvWeightGrad(x.operands[0], y, kernelH, kernelW, window))
	case y.op == OpNeg:
		return Neg(ConvWeightGrad(x, y.operands[0], kernelH, kernelW, window))
	}
	return g.intern(&Value{op: OpConvWeightGrad, dtype: x.dtype, shape: shape, operands: []*Value{x, y}, attr: Attributes{Window: window}})
}
