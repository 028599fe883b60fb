package autodiff

// MatMul is the matrix product over the last two axes, [... m k] x [... k n] to
// [... m n]. Leading axes agree.
func MatMul(a, b *Value) *Value { return matMul(a, b, false, false) }

// matMul takes the operands' last two axes swapped where asked.
func matMul(a, b *Value, transA, transB bool) *Value {
	g, ok := together("matmul", a, b)
	if !ok {
		return g.invalid()
	}
	ra, rb := len(a.shape), len(b.shape)
	if ra < 2 || rb != ra || a.dtype != b.dtype || !a.dtype.IsFloat() || !a.shape[:ra-2].Equal(b.shape[:rb-2]) {
		return g.fail("matmul: %v %v and %v %v do not fit", a.dtype, a.shape, b.dtype, b.shape)
	}
	m, k := rowsColumns(a.shape, transA)
	k2, n := rowsColumns(b.shape, transB)
	if k != k2 {
		return g.fail("matmul: %v and %v: %d columns meet %d rows", a.shape, b.shape, k, k2)
	}
	shape := append(clone(a.shape[:ra-2]), m, n)
	if !shape.valid() {
		return g.fail("matmul: %v is too large", shape)
	}
	return g.build(&Value{op: OpMatMul, dtype: a.dtype, shape: shape, operands: []*Value{a, b}, attr: Attributes{TransA: transA, TransB: transB}})
}

// rowsColumns are the last two axes, swapped where the matrix is transposed.
func rowsColumns(s Shape, transposed bool) (rows, columns int) {
	rows, columns = s[len(s)-2], s[len(s)-1]
	if transposed {
		return columns, rows
	}
	return rows, columns
}
