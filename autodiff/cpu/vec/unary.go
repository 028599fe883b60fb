package vec

// Neg sets dst to -a.
func (f *Functions[T]) Neg(dst, a []T) {
	same("Neg", len(dst), len(a))
	f.kernels.neg(dst, a)
}

// Abs sets dst to |a|.
func (f *Functions[T]) Abs(dst, a []T) {
	same("Abs", len(dst), len(a))
	f.kernels.abs(dst, a)
}

// Sign sets dst to -1 or 1 with the sign of a; a zero and NaN stay what they are.
func (f *Functions[T]) Sign(dst, a []T) {
	same("Sign", len(dst), len(a))
	f.kernels.sign(dst, a)
}

// Square sets dst to a^2.
func (f *Functions[T]) Square(dst, a []T) {
	same("Square", len(dst), len(a))
	f.kernels.square(dst, a)
}

// Reciprocal sets dst to 1/a, correctly rounded.
func (f *Functions[T]) Reciprocal(dst, a []T) {
	same("Reciprocal", len(dst), len(a))
	f.kernels.reciprocal(dst, a)
}

// Sqrt sets dst to the square root of a, correctly rounded.
func (f *Functions[T]) Sqrt(dst, a []T) {
	same("Sqrt", len(dst), len(a))
	f.kernels.sqrt(dst, a)
}

// Rsqrt sets dst to 1/sqrt(a), a root and a division, each correctly rounded: no
// estimate is used.
func (f *Functions[T]) Rsqrt(dst, a []T) {
	same("Rsqrt", len(dst), len(a))
	f.kernels.rsqrt(dst, a)
}

// Exp sets dst to e^a. Largest error 0.96 ulp in float64 and 0.95 in float32, in
// subnormal results as well; portable 1.6.
func (f *Functions[T]) Exp(dst, a []T) {
	same("Exp", len(dst), len(a))
	f.kernels.exp(dst, a)
}

// Log sets dst to the natural logarithm of a: -Inf at 0, NaN below. Largest error
// 0.80 ulp in float64 and 0.86 in float32.
func (f *Functions[T]) Log(dst, a []T) {
	same("Log", len(dst), len(a))
	f.kernels.log(dst, a)
}

// Log1p sets dst to log(1 + a), accurate near 0. Largest error 0.77 ulp in float64
// and 0.83 in float32.
func (f *Functions[T]) Log1p(dst, a []T) {
	same("Log1p", len(dst), len(a))
	f.kernels.log1p(dst, a)
}

// Tanh sets dst to the hyperbolic tangent of a, relatively accurate near 0.
// Largest error 2.4 ulp in float64 and 2.1 in float32.
func (f *Functions[T]) Tanh(dst, a []T) {
	same("Tanh", len(dst), len(a))
	f.kernels.tanh(dst, a)
}

// Erf sets dst to the error function 2/sqrt(pi) int_0^a exp(-t^2) dt, relatively
// accurate near 0. Largest error 1.04 ulp in float64 and 0.99 in float32.
func (f *Functions[T]) Erf(dst, a []T) {
	same("Erf", len(dst), len(a))
	f.kernels.erf(dst, a)
}

// Sigmoid sets dst to 1/(1 + e^-a), without overflow and with the relative
// accuracy of the rest where it is small. Largest error 2.0 ulp in float64 and 2.1
// in float32; portable 2.2.
func (f *Functions[T]) Sigmoid(dst, a []T) {
	same("Sigmoid", len(dst), len(a))
	f.kernels.sigmoid(dst, a)
}

// Softplus sets dst to log(1 + e^a), as max(a, 0) + log1p(e^-|a|). Largest error
// 1.6 ulp in float64 and float32; portable 1.7.
func (f *Functions[T]) Softplus(dst, a []T) {
	same("Softplus", len(dst), len(a))
	f.kernels.softplus(dst, a)
}
