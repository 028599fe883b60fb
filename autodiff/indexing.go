package autodiff

// Gather takes rows of a table [R ...] by an Int32 index of any shape: the result
// has the index's shape followed by a row's. An index outside 0..R-1 is an error
// of the run.
func Gather(table, index *Value) *Value {
	g, ok := together(OpGather, table, index)
	if !ok {
		return g.fail("gather")
	}
	if len(table.shape) < 1 || index.dtype != Int32 || !table.dtype.IsFloat() {
		return g.fail("gather: table %v %v and index %v %v do not fit", table.dtype, table.shape, index.dtype, index.shape)
	}
	shape := append(clone(index.shape), table.shape[1:]...)
	switch {
	case !shape.valid():
		return g.fail("gather: %v is too large", shape)
	case table.op == OpConstant:
		return g.Constant(table.attr.Number, table.dtype, shape...)
	}
	return g.intern(&Value{op: OpGather, dtype: table.dtype, shape: shape, operands: []*Value{table, index}})
}

// ScatterAdd adds rows x, whose leading axes are the index's, into a table of
// zeros with the given number of rows: the adjoint of [Gather]. Rows of one index
// are added in the order in which they stand.
func ScatterAdd(x, index *Value, rows int) *Value {
	g, ok := together(OpScatterAdd, x, index)
	if !ok {
		return g.fail("scatter-add")
	}
	n := len(index.shape)
	if index.dtype != Int32 || !x.dtype.IsFloat() || len(x.shape) < n || !x.shape[:n].Equal(index.shape) {
		return g.fail("scatter-add: rows %v %v and index %v %v do not fit", x.dtype, x.shape, index.dtype, index.shape)
	}
	shape := append(Shape{rows}, x.shape[n:]...)
	switch {
	case !shape.valid():
		return g.fail("scatter-add: into %d rows: %v", rows, shape)
	case isZero(x):
		return g.Constant(0, x.dtype, shape...)
	}
	return g.intern(&Value{op: OpScatterAdd, dtype: x.dtype, shape: shape, operands: []*Value{x, index}})
}

// MaxPool is the largest element of every window of images [N H W C], which
// moves by the window's strides and takes no padding. Its derivative goes to the
// first maximum in row-major order, as in PyTorch.
func MaxPool(x *Value, window Window) *Value { return PoolGather(x, ArgMaxPool(x, window), window) }

// ArgMaxPool is the position, row*KernelW + column, of the first maximum in every
// window: Int32 [N H' W' C].
func ArgMaxPool(x *Value, window Window) *Value {
	g, ok := together(OpArgMaxPool, x)
	if !ok {
		return g.fail("arg-max pool")
	}
	window = window.withDefaults()
	shape, ok := poolShape(x.shape, window)
	if !ok || !x.dtype.IsFloat() {
		return g.fail("arg-max pool: %+v does not fit image %v %v", window, x.dtype, x.shape)
	}
	return g.intern(&Value{op: OpArgMaxPool, dtype: Int32, shape: shape, operands: []*Value{x}, attr: Attributes{Window: window}})
}

// PoolGather takes from every window of x the element at the window's position.
func PoolGather(x, position *Value, window Window) *Value {
	g, ok := together(OpPoolGather, x, position)
	if !ok {
		return g.fail("pool gather")
	}
	window = window.withDefaults()
	shape, ok := poolShape(x.shape, window)
	switch {
	case !ok || position.dtype != Int32 || !position.shape.Equal(shape) || !x.dtype.IsFloat():
		return g.fail("pool gather: image %v %v, positions %v %v and %+v do not fit", x.dtype, x.shape, position.dtype, position.shape, window)
	case x.op == OpConstant:
		return g.Constant(x.attr.Number, x.dtype, shape...)
	}
	return g.intern(&Value{op: OpPoolGather, dtype: x.dtype, shape: shape, operands: []*Value{x, position}, attr: Attributes{Window: window}})
}

// PoolScatter adds each element of y at its window's position into an image of
// zeros [N height width C]: the adjoint of [PoolGather].
func PoolScatter(y, position *Value, height, width int, window Window) *Value {
	g, ok := together(OpPoolScatter, y, position)
	if !ok {
		return g.fail("pool scatter")
	}
	window = window.withDefaults()
	if len(y.shape) != 4 {
		return g.fail("pool scatter: %v is no image", y.shape)
	}
	shape := Shape{y.shape[0], height, width, y.shape[3]}
	pooled, ok := poolShape(shape, window)
	switch {
	case !ok || !shape.valid() || position.dtype != Int32 || !position.shape.Equal(pooled) || !y.shape.Equal(pooled) || !y.dtype.IsFloat():
		return g.fail("pool scatter: %v %v, positions %v %v and %+v do not fit image %v", y.dtype, y.shape, position.dtype, position.shape, window, shape)
	case isZero(y):
		return g.Constant(0, y.dtype, shape...)
	}
	return g.intern(&Value{op: OpPoolScatter, dtype: y.dtype, shape: shape, operands: []*Value{y, position}, attr: Attributes{Window: window}})
}

func poolShape(image Shape, w Window) (Shape, bool) {
	if len(image) != 4 || w.negative() || w.KernelH < 1 || w.KernelW < 1 || w.PadTop+w.PadBottom+w.PadLeft+w.PadRight != 0 {
		return nil, false
	}
	oh, ow := w.output(image[1], image[2], w.KernelH, w.KernelW)
	shape := Shape{image[0], oh, ow, image[3]}
	return shape, shape.valid() && image.valid()
}
