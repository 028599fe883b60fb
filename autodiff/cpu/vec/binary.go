package vec

// Add sets dst to a + b.
func (f *Functions[T]) Add(dst, a, b []T) {
	same("Add", len(dst), len(a), len(b))
	f.kernels.add(dst, a, b)
}

// Sub sets dst to a - b.
func (f *Functions[T]) Sub(dst, a, b []T) {
	same("Sub", len(dst), len(a), len(b))
	f.kernels.sub(dst, a, b)
}

// Mul sets dst to a b.
func (f *Functions[T]) Mul(dst, a, b []T) {
	same("Mul", len(dst), len(a), len(b))
	f.kernels.mul(dst, a, b)
}

// Div sets dst to a / b.
func (f *Functions[T]) Div(dst, a, b []T) {
	same("Div", len(dst), len(a), len(b))
	f.kernels.div(dst, a, b)
}

// Max sets dst to the larger of a and b, NaN where either is NaN. Of equal
// operands, which two zeros of different sign are, it is b.
func (f *Functions[T]) Max(dst, a, b []T) {
	same("Max", len(dst), len(a), len(b))
	f.kernels.max(dst, a, b)
}

// Greater sets dst to 1 where a > b and to 0 elsewhere, NaN included.
func (f *Functions[T]) Greater(dst, a, b []T) {
	same("Greater", len(dst), len(a), len(b))
	f.kernels.greater(dst, a, b)
}

// GreaterEqual sets dst to 1 where a >= b and to 0 elsewhere, NaN included.
func (f *Functions[T]) GreaterEqual(dst, a, b []T) {
	same("GreaterEqual", len(dst), len(a), len(b))
	f.kernels.greaterEqual(dst, a, b)
}

// Equal sets dst to 1 where a = b and to 0 elsewhere, NaN included.
func (f *Functions[T]) Equal(dst, a, b []T) {
	same("Equal", len(dst), len(a), len(b))
	f.kernels.equal(dst, a, b)
}

// Where sets dst to a where the mask is not 0, NaN included, and to b elsewhere.
func (f *Functions[T]) Where(dst, mask, a, b []T) {
	same("Where", len(dst), len(mask), len(a), len(b))
	f.kernels.where(dst, mask, a, b)
}

// MulAdd sets dst to a b + c, rounded once.
func (f *Functions[T]) MulAdd(dst, a, b, c []T) {
	same("MulAdd", len(dst), len(a), len(b), len(c))
	f.kernels.mulAdd(dst, a, b, c)
}

// AXPY adds s a to dst, each element rounded once.
func (f *Functions[T]) AXPY(dst []T, s T, a []T) {
	same("AXPY", len(dst), len(a))
	f.kernels.axpy(dst, a, s)
}
