package vec

// AddScalar sets dst to a + s.
func (f *Functions[T]) AddScalar(dst, a []T, s T) {
	same("AddScalar", len(dst), len(a))
	f.kernels.addScalar(dst, a, s)
}

// SubScalar sets dst to a - s.
func (f *Functions[T]) SubScalar(dst, a []T, s T) {
	same("SubScalar", len(dst), len(a))
	f.kernels.addScalar(dst, a, -s)
}

// MulScalar sets dst to s a.
func (f *Functions[T]) MulScalar(dst, a []T, s T) {
	same("MulScalar", len(dst), len(a))
	f.kernels.mulScalar(dst, a, s)
}

// DivScalar sets dst to a / s, a true division, not a product with 1/s.
func (f *Functions[T]) DivScalar(dst, a []T, s T) {
	same("DivScalar", len(dst), len(a))
	f.kernels.divScalar(dst, a, s)
}

// MaxScalar sets dst to the larger of a and s, as [Functions.Max] does; with
// s = 0 it is ReLU.
func (f *Functions[T]) MaxScalar(dst, a []T, s T) {
	same("MaxScalar", len(dst), len(a))
	f.kernels.maxScalar(dst, a, s)
}

// GreaterScalar sets dst to 1 where a > s and to 0 elsewhere.
func (f *Functions[T]) GreaterScalar(dst, a []T, s T) {
	same("GreaterScalar", len(dst), len(a))
	f.kernels.greaterScalar(dst, a, s)
}

// GreaterEqualScalar sets dst to 1 where a >= s and to 0 elsewhere.
func (f *Functions[T]) GreaterEqualScalar(dst, a []T, s T) {
	same("GreaterEqualScalar", len(dst), len(a))
	f.kernels.greaterEqualScalar(dst, a, s)
}

// EqualScalar sets dst to 1 where a = s and to 0 elsewhere.
func (f *Functions[T]) EqualScalar(dst, a []T, s T) {
	same("EqualScalar", len(dst), len(a))
	f.kernels.equalScalar(dst, a, s)
}

// ScalarSub sets dst to s - a.
func (f *Functions[T]) ScalarSub(dst []T, s T, a []T) {
	same("ScalarSub", len(dst), len(a))
	f.kernels.scalarSub(dst, a, s)
}

// ScalarDiv sets dst to s / a.
func (f *Functions[T]) ScalarDiv(dst []T, s T, a []T) {
	same("ScalarDiv", len(dst), len(a))
	f.kernels.scalarDiv(dst, a, s)
}

// ScalarGreater sets dst to 1 where s > a and to 0 elsewhere.
func (f *Functions[T]) ScalarGreater(dst []T, s T, a []T) {
	same("ScalarGreater", len(dst), len(a))
	f.kernels.lessScalar(dst, a, s)
}

// ScalarGreaterEqual sets dst to 1 where s >= a and to 0 elsewhere.
func (f *Functions[T]) ScalarGreaterEqual(dst []T, s T, a []T) {
	same("ScalarGreaterEqual", len(dst), len(a))
	f.kernels.lessEqualScalar(dst, a, s)
}
