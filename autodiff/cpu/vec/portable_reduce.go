package vec

import "math"

func goSum[T Float](a []T) T {
	var s [4]T
	for ; len(a) >= 4; a = a[4:] {
		s[0], s[1], s[2], s[3] = s[0]+a[0], s[1]+a[1], s[2]+a[2], s[3]+a[3]
	}
	for i, x := range a {
		s[i] += x
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

func goSumSquares[T Float](a []T) T { return goDot(a, a) }

func goDot[T Float](a, b []T) T {
	var s [4]T
	b = b[:len(a)]
	for ; len(a) >= 4; a, b = a[4:], b[4:] {
		s[0], s[1] = fma(a[0], b[0], s[0]), fma(a[1], b[1], s[1])
		s[2], s[3] = fma(a[2], b[2], s[2]), fma(a[3], b[3], s[3])
	}
	for i, x := range a {
		s[i] = fma(x, b[i], s[i])
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

func goMaxOf[T Float](a []T) T {
	m := T(math.Inf(-1))
	for _, x := range a {
		if x > m || x != x {
			m = x
		}
		if m != m {
			return m
		}
	}
	return m
}

// goAddRows adds rows in fours, so that their sums do not wait for each other.
func goAddRows[T Float](dst, src []T, rows int) {
	c := len(dst)
	for ; rows >= 4; rows -= 4 {
		r0, r1, r2, r3 := src[:c], src[c:2*c], src[2*c:3*c], src[3*c:4*c]
		for j := range dst {
			dst[j] += (r0[j] + r1[j]) + (r2[j] + r3[j])
		}
		src = src[4*c:]
	}
	for ; rows > 0; rows-- {
		for j, x := range src[:c] {
			dst[j] += x
		}
		src = src[c:]
	}
}
