package vec

import "math"

// Pow sets dst to a^p with a constant exponent. Exponents that derivatives of
// products, quotients, roots and inverse roots give, namely 0, 1, 2, 3, -1, -2,
// 1/2, 3/2, -1/2, -3/2 and -5/2, are products, roots and divisions, within 3
// units in the last place; 1/2 is Sqrt, and -0 and -Inf follow from that. Other
// exponents are math.Pow element by element, which is slow.
func (f *Functions[T]) Pow(dst, a []T, p T) {
	same("Pow", len(dst), len(a))
	k := &f.kernels
	switch p {
	case 0:
		k.fill(dst, 1)
	case 1:
		copy(dst, a)
	case 2:
		k.square(dst, a)
	case 3:
		k.cube(dst, a)
	case -1:
		k.reciprocal(dst, a)
	case -2:
		k.inverseSquare(dst, a)
	case 0.5:
		k.sqrt(dst, a)
	case 1.5:
		k.powThreeHalves(dst, a)
	case -0.5:
		k.rsqrt(dst, a)
	case -1.5:
		k.powMinusThreeHalves(dst, a)
	case -2.5:
		k.powMinusFiveHalves(dst, a)
	default:
		a = a[:len(dst)]
		for i := range dst {
			dst[i] = T(math.Pow(float64(a[i]), float64(p)))
		}
	}
}
