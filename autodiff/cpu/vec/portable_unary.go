package vec

import "math"

// each applies a function of float64 to every element.
func each[T Float](dst, a []T, f func(float64) float64) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = T(f(float64(a[i])))
	}
}

func goLog1p[T Float](dst, a []T) { each(dst, a, math.Log1p) }
func goTanh[T Float](dst, a []T)  { each(dst, a, math.Tanh) }
func goErf[T Float](dst, a []T)   { each(dst, a, math.Erf) }

// goExp stays below the last power of two before overflow, from where on math.Exp
// is infinite on amd64.
func goExp[T Float](dst, a []T) {
	each(dst, a, func(x float64) float64 {
		if x > 709 && x < 710 {
			return math.Exp(x-1) * math.E
		}
		return math.Exp(x)
	})
}

// goLog scales subnormal arguments, for which math.Log is wrong on amd64.
func goLog[T Float](dst, a []T) {
	each(dst, a, func(x float64) float64 {
		if x > 0 && x < 0x1p-1022 {
			return math.Log(x*0x1p52) - 52*math.Ln2
		}
		return math.Log(x)
	})
}

func goSigmoid[T Float](dst, a []T) {
	each(dst, a, func(x float64) float64 {
		e := math.Exp(-math.Abs(x))
		if x < 0 {
			return e / (1 + e)
		}
		return 1 / (1 + e)
	})
}

func goSoftplus[T Float](dst, a []T) {
	each(dst, a, func(x float64) float64 { return larger(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) })
}

func goSqrt[T Float](dst, a []T) { each(dst, a, math.Sqrt) }

func goAbs[T Float](dst, a []T) { each(dst, a, math.Abs) }

func goNeg[T Float](dst, a []T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = -a[i]
	}
}

func goSign[T Float](dst, a []T) {
	a = a[:len(dst)]
	for i, x := range a {
		switch {
		case x > 0:
			x = 1
		case x < 0:
			x = -1
		}
		dst[i] = x
	}
}

// root is the square root rounded to T, whose double rounding from float64 to
// float32 is harmless: float64 has more than twice the digits and two.
func root[T Float](x T) T { return T(math.Sqrt(float64(x))) }

func goRsqrt[T Float](dst, a []T) {
	for i, x := range a[:len(dst)] {
		dst[i] = 1 / root(x)
	}
}

func goReciprocal[T Float](dst, a []T) {
	for i, x := range a[:len(dst)] {
		dst[i] = 1 / x
	}
}

func goSquare[T Float](dst, a []T) {
	for i, x := range a[:len(dst)] {
		dst[i] = x * x
	}
}

func goCube[T Float](dst, a []T) {
	for i, x := range a[:len(dst)] {
		dst[i] = x * x * x
	}
}

func goInverseSquare[T Float](dst, a []T) {
	for i, x := range a[:len(dst)] {
		dst[i] = 1 / x / x
	}
}

func goPowThreeHalves[T Float](dst, a []T) {
	for i, x := range a[:len(dst)] {
		dst[i] = x * root(x)
	}
}

func goPowMinusThreeHalves[T Float](dst, a []T) {
	for i, x := range a[:len(dst)] {
		dst[i] = 1 / root(x) / x
	}
}

func goPowMinusFiveHalves[T Float](dst, a []T) {
	for i, x := range a[:len(dst)] {
		dst[i] = 1 / root(x) / x / x
	}
}
