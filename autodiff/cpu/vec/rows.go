package vec

import "fmt"

// AddRows adds all rows of src, an array of rows as long as dst, into dst:
// column sums. The order of a column's sum depends on the number of rows alone.
func (f *Functions[T]) AddRows(dst, src []T) {
	f.kernels.addRows(dst, src, rows("AddRows", len(dst), len(src)))
}

// RowSums sets dst[i] to the sum of row i of src, whose rows have equal length:
// len(src)/len(dst).
func (f *Functions[T]) RowSums(dst, src []T) {
	c := rows("RowSums", len(dst), len(src))
	for i := range dst {
		dst[i] = f.Sum(src[i*c : (i+1)*c])
	}
}

// RowMaxima sets dst[i] to the largest element of row i of src, whose rows have
// equal length: len(src)/len(dst).
func (f *Functions[T]) RowMaxima(dst, src []T) {
	c := rows("RowMaxima", len(dst), len(src))
	for i := range dst {
		dst[i] = f.kernels.maxOf(src[i*c : (i+1)*c])
	}
}

// Tile repeats row until dst, whose length is a multiple of row's, is full.
func (f *Functions[T]) Tile(dst, row []T) {
	rows("Tile", len(row), len(dst))
	// Filled parts are copied in doubling lengths up to what stays in L1.
	n := copy(dst, row)
	for n > 0 && n < len(dst) {
		n += copy(dst[n:], dst[:min(n, max(len(row), block/len(row)*len(row)))])
	}
}

// Expand repeats each element of src c times: dst[i*c+j] = src[i], and
// len(dst) = c len(src).
func (f *Functions[T]) Expand(dst, src []T, c int) {
	if c < 0 || len(dst) != c*len(src) {
		panic(fmt.Sprintf("vec: Expand: dst has length %d, not %d times %d", len(dst), c, len(src)))
	}
	f.kernels.expand(dst, src, c)
}

// rows is how many rows of length c an array of length n has.
func rows(name string, c, n int) int {
	if n == 0 {
		return 0
	}
	if c == 0 || n%c != 0 {
		panic(fmt.Sprintf("vec: %s: length %d is no multiple of %d", name, n, c))
	}
	return n / c
}
