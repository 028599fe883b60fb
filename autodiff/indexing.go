package autodiff

// Gather takes rows of a table [R ...] by an Int32 index of any shape: the result
// has the index's shape followed by a row's. An index outside 0..R-1 is an error
// of the run.
func Gather(table, index *Value) *Value {
	g, ok := together("gather", table, index)
	if !ok {
		return g.invalid()
	}
	if len(table.shape) < 1 || index.dtype != Int32 || !table.dtype.IsFloat() {
		return g.fail("gather: table %v %v and index %v %v do not fit", table.dtype, table.shape, index.dtype, index.shape)
	}
	shape := append(clone(index.shape), table.shape[1:]...)
	if !shape.valid() {
		return g.fail("gather: %v is too large or has more than 8 axes", shape)
	}
	return g.build(&Value{op: OpGather, dtype: table.dtype, shape: shape, operands: []*Value{table, index}})
}

// ScatterAdd adds rows x, whose leading axes are the index's, into a table of
// zeros with the given number of rows: the adjoint of [Gather]. Rows of one index
// are added in the order in which they stand.
func ScatterAdd(x, index *Value, rows int) *Value {
	g, ok := together("scatter-add", x, index)
	if !ok {
		return g.invalid()
	}
	n := len(index.shape)
	if index.dtype != Int32 || !x.dtype.IsFloat() || len(x.shape) < n || !x.shape[:n].Equal(index.shape) {
		return g.fail("scatter-add: rows %v %v and index %v %v do not fit", x.dtype, x.shape, index.dtype, index.shape)
	}
	shape := append(Shape{rows}, x.shape[n:]...)
	if !shape.valid() {
		return g.fail("scatter-add: into %d rows: shape %v: every axis must be at least 1 and there are at most 8", rows, shape)
	}
	return g.build(&Value{op: OpScatterAdd, dtype: x.dtype, shape: shape, operands: []*Value{x, index}})
}

// MaxPool is the largest element of every window of images [N H W C], which
// moves by the window's strides and takes no padding. Its derivative goes to the
// first maximum in row-major order, as in PyTorch.
func MaxPool(x *Value, window Window) *Value { return PoolGather(x, ArgMaxPool(x, window), window) }

// ArgMaxPool is the position, row*KernelW + column, of the first maximum in every
// window: Int32 [N H' W' C]. As in PyTorch, a NaN is larger than all before it.
func ArgMaxPool(x *Value, window Window) *Value {
	g, ok := together("arg-max pool", x)
	if !ok {
		return g.invalid()
	}
	window = window.withDefaults()
	shape, ok := poolShape(x.shape, window)
	if !ok || !x.dtype.IsFloat() {
		return g.fail("arg-max pool: %v does not fit image %v %v", window, x.dtype, x.shape)
	}
	return g.build(&Value{op: OpArgMaxPool, dtype: Int32, shape: shape, operands: []*Value{x}, attr: Attributes{Window: window}})
}

// PoolGather takes from every window of x the element at the window's position,
// which [ArgMaxPool] finds. A position outside 0..KernelH*KernelW-1 is an error of
// the run.
func PoolGather(x, position *Value, window Window) *Value {
	g, ok := together("pool gather", x, position)
	if !ok {
		return g.invalid()
	}
	window = window.withDefaults()
	shape, ok := poolShape(x.shape, window)
	if !ok || position.dtype != Int32 || !position.shape.Equal(shape) || !x.dtype.IsFloat() {
		return g.fail("pool gather: image %v %v, positions %v %v and %v do not fit", x.dtype, x.shape, position.dtype, position.shape, window)
	}
	return g.build(&Value{op: OpPoolGather, dtype: x.dtype, shape: shape, operands: []*Value{x, position}, attr: Attributes{Window: window}})
}

// PoolScatter adds each element of y at its window's position into an image of
// zeros [N height width C]: the adjoint of [PoolGather], with its error.
func PoolScatter(y, position *Value, height, width int, window Window) *Value {
	g, ok := together("pool scatter", y, position)
	if !ok {
		return g.invalid()
	}
	window = window.withDefaults()
	if len(y.shape) != 4 {
		return g.fail("pool scatter: %v is no image", y.shape)
	}
	shape := Shape{y.shape[0], height, width, y.shape[3]}
	pooled, ok := poolShape(shape, window)
	if !ok || position.dtype != Int32 || !position.shape.Equal(pooled) || !y.shape.Equal(pooled) || !y.dtype.IsFloat() {
		return g.fail("pool scatter: %v %v, positions %v %v and %v do not fit image %v", y.dtype, y.shape, position.dtype, position.shape, window, shape)
	}
	return g.build(&Value{op: OpPoolScatter, dtype: y.dtype, shape: shape, operands: []*Value{y, position}, attr: Attributes{Window: window}})
}

// poolShape is the shape of what a pool takes from an image; a window that is not
// valid or too large takes nothing.
func poolShape(image Shape, w Window) (Shape, bool) {
	if len(image) != 4 || !image.valid() || max(w.PadTop, w.PadBottom, w.PadLeft, w.PadRight) != 0 {
		return nil, false
	}
	oh, ow := w.output(image[1], image[2], w.KernelH, w.KernelW)
	shape := Shape{image[0], oh, ow, image[3]}
	return shape, shape.valid()
}
