package objective

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// kernels are gonum's own, by name: a program that registers another BLAS with
// blas64 must not change our bits.
var kernels gonum.Implementation

// tile is the number of rows that one pass takes: 32 rows of 64 features are
// 16 KiB and stay in the first-level cache while every class visits them.
const tile = 32

// times writes X w + shift into dst, for the rows of X (row-major, d columns).
func times(dst, x, w []float64, d int, shift float64) {
	for i := range dst {
		dst[i] = shift
	}
	kernels.Dgemv(blas.NoTrans, len(dst), d, 1, x, d, w, 1, 1, dst, 1)
}

// addTransposed adds X^T r to dst.
func addTransposed(dst, x, r []float64, d int) {
	kernels.Dgemv(blas.Trans, len(r), d, 1, x, d, r, 1, 1, dst, 1)
}

// inner is the dot product, added in order.
func inner(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// axpy adds alpha x to dst.
func axpy(dst []float64, alpha float64, x []float64) {
	for i, v := range x {
		dst[i] += alpha * v
	}
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}
