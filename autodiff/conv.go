package autodiff

// Conv is the convolution (cross-correlation, as networks have it) of images
// x [N H W C] with a kernel w [KH KW C O]; the result is [N H' W' O] with
// H' = floor((H + padding - KH)/stride) + 1. Padding is zeros.
func Conv(x, w *Value, window Window) *Value {
	g, ok := together("conv", x, w)
	if !ok {
		return g.invalid()
	}
	if !images(x, w) || x.shape[3] != w.shape[2] {
		return g.fail("conv: image %v %v and kernel %v %v do not fit", x.dtype, x.shape, w.dtype, w.shape)
	}
	window = window.withoutKernel()
	oh, ow := window.output(x.shape[1], x.shape[2], w.shape[0], w.shape[1])
	shape := Shape{x.shape[0], oh, ow, w.shape[3]}
	if !shape.valid() {
		return g.fail("conv: kernel %v with %v does not fit image %v", w.shape, window, x.shape)
	}
	return g.build(&Value{op: OpConv, dtype: x.dtype, shape: shape, operands: []*Value{x, w}, attr: Attributes{Window: window}})
}

// ConvInputGrad is the adjoint of [Conv] in its image: from y [N H' W' O] and the
// kernel w to an image [N height width C].
func ConvInputGrad(y, w *Value, height, width int, window Window) *Value {
	g, ok := together("conv input gradient", y, w)
	if !ok {
		return g.invalid()
	}
	if !images(y, w) || y.shape[3] != w.shape[3] {
		return g.fail("conv input gradient: result %v %v and kernel %v %v do not fit", y.dtype, y.shape, w.dtype, w.shape)
	}
	window = window.withoutKernel()
	shape := Shape{y.shape[0], height, width, w.shape[2]}
	oh, ow := window.output(height, width, w.shape[0], w.shape[1])
	if !shape.valid() || oh != y.shape[1] || ow != y.shape[2] {
		return g.fail("conv input gradient: kernel %v with %v does not take image %v to %v", w.shape, window, shape, y.shape)
	}
	return g.build(&Value{op: OpConvInputGrad, dtype: y.dtype, shape: shape, operands: []*Value{y, w}, attr: Attributes{Window: window}})
}

// ConvWeightGrad is the adjoint of [Conv] in its kernel: from the image x and
// y [N H' W' O] to a kernel [kernelH kernelW C O].
func ConvWeightGrad(x, y *Value, kernelH, kernelW int, window Window) *Value {
	g, ok := together("conv weight gradient", x, y)
	if !ok {
		return g.invalid()
	}
	if !images(x, y) || x.shape[0] != y.shape[0] {
		return g.fail("conv weight gradient: image %v %v and result %v %v do not fit", x.dtype, x.shape, y.dtype, y.shape)
	}
	window = window.withoutKernel()
	shape := Shape{kernelH, kernelW, x.shape[3], y.shape[3]}
	oh, ow := window.output(x.shape[1], x.shape[2], kernelH, kernelW)
	if !shape.valid() || oh != y.shape[1] || ow != y.shape[2] {
		return g.fail("conv weight gradient: kernel %v with %v does not take image %v to %v", shape, window, x.shape, y.shape)
	}
	return g.build(&Value{op: OpConvWeightGrad, dtype: x.dtype, shape: shape, operands: []*Value{x, y}, attr: Attributes{Window: window}})
}

// images reports whether both have four axes and one float type.
func images(x, y *Value) bool {
	return len(x.shape) == 4 && len(y.shape) == 4 && x.dtype == y.dtype && x.dtype.IsFloat()
}

// withoutKernel is the window of a convolution, whose kernel is its weights'.
func (w Window) withoutKernel() Window {
	w.KernelH, w.KernelW = 0, 0
	return w.withDefaults()
}
