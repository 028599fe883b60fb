package gemm

// matrix is a row-major matrix in a slice, or its transpose.
type matrix[T Float] struct {
	data       []T
	stride     int  // between rows of what is stored
	transposed bool // the matrix is the transpose of what is stored
}

// at is the index of an element.
func (m matrix[T]) at(i, j int) int {
	if m.transposed {
		i, j = j, i
	}
	return i*m.stride + j
}

// strides are the distances between rows and between columns.
func (m matrix[T]) strides() (row, column int) {
	if m.transposed {
		return 1, m.stride
	}
	return m.stride, 1
}

// sub is the matrix from row i and column j on.
func (m matrix[T]) sub(i, j int) matrix[T] {
	m.data = m.data[min(m.at(i, j), len(m.data)):]
	return m
}

// packPanel copies the first depth rows and columns columns of b to dst as rows of
// width elements: one vector's, or two's if there are more columns. What comes to
// lie beyond the columns is of no use and does no harm: a tile never writes it.
func (k *kernels[T]) packPanel(dst []T, width int, b matrix[T], depth, columns int) {
	dst = dst[:depth*width]
	if !b.transposed {
		src := b.data[:(depth-1)*b.stride+columns]
		k.copyRows[width/k.lanes-1](dst, src, b.stride, depth, columns)
		return
	}
	src := b.data[:(columns-1)*b.stride+depth]
	whole := depth - depth%k.lanes
	for j := 0; j < columns; j += k.lanes {
		rows, src := min(k.lanes, columns-j), src[j*b.stride:]
		if whole > 0 {
			k.transpose(dst[j:], width, src, b.stride, rows, whole)
		}
		switch last := depth - k.lanes; {
		case whole == depth:
		case last > 0: // once more, over what is done already
			k.transpose(dst[last*width+j:], width, src[last:], b.stride, rows, k.lanes)
		default:
			for r := range rows {
				for i, x := range src[r*b.stride:][:depth] {
					dst[i*width+j+r] = x
				}
			}
		}
	}
}

// packRows copies the first rows rows and columns columns of a as they are
// stored, transposed or not, to dst with the given stride.
func packRows[T Float](dst []T, stride int, a matrix[T], rows, columns int) {
	if a.transposed {
		rows, columns = columns, rows
	}
	for i := range rows {
		copy(dst[i*stride:i*stride+columns], a.data[i*a.stride:])
	}
}
