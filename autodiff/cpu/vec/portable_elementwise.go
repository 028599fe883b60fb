package vec

import "math"

// fma is a b + c rounded once; in float32 the product is exact in float64, and
// the sum's second rounding, which can differ by half a unit, is the portable
// level's own.
func fma[T Float](a, b, c T) T {
	switch any(a).(type) {
	case float32:
		return T(float64(a)*float64(b) + float64(c))
	default:
		return T(math.FMA(float64(a), float64(b), float64(c)))
	}
}

func truth[T Float](b bool) T {
	if b {
		return 1
	}
	return 0
}

func larger[T Float](a, b T) T {
	if a > b || a != a {
		return a
	}
	return b
}

func goAdd[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

func goSub[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] - b[i]
	}
}

func goMul[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

func goDiv[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] / b[i]
	}
}

func goMax[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = larger(a[i], b[i])
	}
}

func goGreater[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = truth[T](a[i] > b[i])
	}
}

func goGreaterEqual[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = truth[T](a[i] >= b[i])
	}
}

func goEqual[T Float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = truth[T](a[i] == b[i])
	}
}

func goWhere[T Float](dst, mask, a, b []T) {
	mask, a, b = mask[:len(dst)], a[:len(dst)], b[:len(dst)]
	for i := range dst {
		if mask[i] != 0 {
			dst[i] = a[i]
		} else {
			dst[i] = b[i]
		}
	}
}

func goMulAdd[T Float](dst, a, b, c []T) {
	a, b, c = a[:len(dst)], b[:len(dst)], c[:len(dst)]
	for i := range dst {
		dst[i] = fma(a[i], b[i], c[i])
	}
}

func goAXPY[T Float](dst, a []T, s T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = fma(s, a[i], dst[i])
	}
}
