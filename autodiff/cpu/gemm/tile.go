package gemm

// Float is the type of the elements.
type Float interface{ float32 | float64 }

// tile is the argument of the micro-kernel: all that it reads and writes beside
// the slices. Strides and offsets count elements. The kernel of r rows computes,
// for m < r and n < columns,
//
//	c[m, n] (+)= sum over segments s, k' < k: a[s.a + m, k'] b[s.b + k' rowB + n]
//
// The first half of the rows, rounded up, lies at multiples of rowA in a and of
// rowC in c; the other half lies likewise, groupA and groupC further. So a tile
// may cover parts of two rows of an image.
//
// There is at least one segment, k is at least 1, and columns lies within the
// last of the kernel's vectors. B is read in whole vectors. The caller answers
// for all of it; the assembly cannot check.
type tile[T Float] struct {
	a, b, c            []T
	rowA, colA, groupA int
	rowB               int
	rowC, groupC       int
	k                  int
	segments           []segment
	columns            int
	accumulate         int // 1: add to c, 0: overwrite
}

// segment is one term of the outer sum: where its A and B begin.
type segment struct{ a, b int }

// setRows places rows rows in a and c at equal distances, as one run.
func (t *tile[T]) setRows(rows, rowA, rowC int) {
	half := (rows + 1) / 2
	t.rowA, t.groupA = rowA, half*rowA
	t.rowC, t.groupC = rowC, half*rowC
}
