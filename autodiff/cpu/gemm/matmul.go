package gemm

import "fmt"

// MatMul computes C = A B, or C += A B if accumulate is set. A is m by k, B is k
// by n and C is m by n; all are row-major and lda, ldb and ldc are the distances
// between the starts of stored rows. With transA the slice a holds the transpose
// of A, k rows of m; with transB b holds the transpose of B, n rows of k.
//
// C must not overlap A or B. Elements of c between rows are left alone. With k =
// 0 the product is zero. A nil pool means this thread alone; with a nil workspace
// the call makes its own. MatMul panics if a size is negative, a stride shorter
// than its row, or a slice too short.
func MatMul[T Float](pool Pool, ws *Workspace[T], c []T, ldc int, a []T, lda int, transA bool, b []T, ldb int, transB bool, m, n, k int, accumulate bool) {
	left := matrix[T]{a, lda, transA}
	right := matrix[T]{b, ldb, transB}
	left.check("a", m, k)
	right.check("b", k, n)
	matrix[T]{c, ldc, false}.check("c", m, n)
	ws = ws.ready(pool)
	matMul(pool, ws, c, ldc, left, right, m, n, k, accumulate)
}

// matMul is MatMul after its arguments were checked.
func matMul[T Float](pool Pool, ws *Workspace[T], c []T, ldc int, a, b matrix[T], m, n, k int, accumulate bool) {
	if m == 0 || n == 0 {
		return
	}
	if k == 0 {
		if !accumulate {
			for i := range m {
				clear(c[i*ldc : i*ldc+n])
			}
		}
		return
	}
	if ws.thin.run(pool, ws, c, ldc, a, b, m, n, k, accumulate) {
		return
	}
	if n <= thinMost && a.transposed {
		ws.thin.swapped(pool, ws, c, ldc, a, b, m, n, k, accumulate)
		return
	}
	if parts := depthParts[T](m, n, k); parts > 1 {
		ws.batch.sliced(pool, ws, parts, c, ldc, a, b, m, n, k, accumulate)
		return
	}
	ws.product.run(pool, ws, c, ldc, a, b, m, n, k, accumulate)
}

// check panics unless the matrix has rows and columns.
func (x matrix[T]) check(name string, rows, columns int) {
	if rows < 0 || columns < 0 {
		panic(fmt.Sprintf("gemm: matrix %s has %d rows and %d columns", name, rows, columns))
	}
	if x.transposed {
		rows, columns = columns, rows
	}
	if rows == 0 || columns == 0 {
		return
	}
	if rows > 1 && x.stride < columns {
		panic(fmt.Sprintf("gemm: matrix %s has rows of %d elements at a distance of %d", name, columns, x.stride))
	}
	if need := (rows-1)*x.stride + columns; len(x.data) < need {
		panic(fmt.Sprintf("gemm: matrix %s needs %d elements and has %d", name, need, len(x.data)))
	}
}
