package gemm

// kernels are the routines of one instruction set.
type kernels[T Float] struct {
	lanes int                 // elements of a vector
	rows  int                 // most rows of a tile
	tiles [2][]func(*tile[T]) // by vectors less 1, then by rows

	// copyRows copies rows of columns elements, stride apart in src, to whole
	// vectors side by side in dst, one vector a row or two.
	copyRows [2]func(dst, src []T, stride, rows, columns int)

	// transpose writes column k of src to dst[k width:], for k below depth, which is
	// a multiple of the lanes. There are at most as many rows as lanes; in their
	// place it writes the last row again.
	transpose func(dst []T, width int, src []T, stride, rows, depth int)

	// dots writes the products of 4 rows of a, stride apart, with b to dst[:4].
	dots func(dst, a []T, stride int, b []T, k int)

	winograd *transforms[T] // nil if there are none
}

// width is the number of columns of a full tile.
func (k *kernels[T]) width() int { return 2 * k.lanes }

// run computes a tile of the given rows; its columns tell the vectors.
func (k *kernels[T]) run(rows int, t *tile[T]) {
	if t.columns > k.lanes {
		k.tiles[1][rows](t)
	} else {
		k.tiles[0][rows](t)
	}
}

// panelWidth is the number of columns, zeros included, of the packed panel that
// holds columns columns.
func (k *kernels[T]) panelWidth(columns int) int {
	if columns > k.lanes {
		return 2 * k.lanes
	}
	return k.lanes
}
