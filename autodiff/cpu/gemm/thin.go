package gemm

// thin is a product under way in which one operand has very few rows or columns,
// vectors: every element of the other one, whose rows are contiguous, is used so
// few times that the product is made of dot products, without packing.
type thin[T Float] struct {
	ws               *Workspace[T]
	kern             *kernels[T]
	rows, vectors    matrix[T] // both as rows of depth elements
	m, n, k          int       // rows, vectors, depth
	c                []T
	strideM, strideN int // of c, from row to row and from vector to vector
	accumulate       bool
	pieces           int
}

// thinMost is the largest number of vectors of a thin product.
const thinMost = 4

// run computes C (+)= A B if one side is thin, and else reports that it is not.
func (p *thin[T]) run(pool Pool, ws *Workspace[T], c []T, ldc int, a, b matrix[T], m, n, k int, accumulate bool) bool {
	switch {
	case n <= thinMost && !a.transposed:
		p.rows, p.m, p.strideM = a, m, ldc
		p.vectors, p.n, p.strideN = b.transpose(), n, 1
	case m <= thinMost && b.transposed:
		p.rows, p.m, p.strideM = b.transpose(), n, 1
		p.vectors, p.n, p.strideN = a, m, ldc
	default:
		return false
	}
	p.ws, p.kern, p.c, p.k, p.accumulate = ws, kernelsOf[T](), c, k, accumulate
	if p.vectors.transposed {
		p.gather()
	}
	p.pieces = max(1, min(p.m/4, int(2*float64(p.m)*float64(p.n)*float64(k)/(fewestFlops/4))))
	do(pool, p.pieces, ws.thinPiece)
	p.rows, p.vectors, p.c = matrix[T]{}, matrix[T]{}, nil
	return true
}

// transpose is the transpose.
func (x matrix[T]) transpose() matrix[T] {
	x.transposed = !x.transposed
	return x
}

// gather copies the vectors to contiguous memory.
func (p *thin[T]) gather() {
	dst := grow(&p.ws.a, p.n*p.k)
	for j := range p.n {
		row := dst[j*p.k : (j+1)*p.k]
		for i := range row {
			row[i] = p.vectors.data[i*p.vectors.stride+j]
		}
	}
	p.vectors = matrix[T]{data: dst, stride: p.k}
}

// compute does the rows of one piece, four at a time.
func (p *thin[T]) compute(piece, thread int) {
	var dots = &p.ws.locals[thread].dots
	i1 := cut(p.m, p.pieces, piece+1)
	for i := cut(p.m, p.pieces, piece); i < i1; {
		rows, stride := 4, p.rows.stride
		if i+4 > i1 {
			rows, stride = 1, 0 // the same row four times
		}
		a := p.rows.data[i*p.rows.stride:][:(rows-1)*stride+p.k]
		for j := range p.n {
			b := p.vectors.data[j*p.vectors.stride:][:p.k]
			p.kern.dots(dots[:], a, stride, b, p.k)
			for r, x := range dots[:rows] {
				c := &p.c[(i+r)*p.strideM+j*p.strideN]
				if p.accumulate {
					x += *c
				}
				*c = x
			}
		}
		i += rows
	}
}

// swapped computes C (+)= A B, where A is transposed and B has very few columns, as
// the transpose of a product with few rows, in which A is the operand whose rows
// are vectors.
func (p *thin[T]) swapped(pool Pool, ws *Workspace[T], c []T, ldc int, a, b matrix[T], m, n, k int, accumulate bool) {
	t := grow(&ws.partial, m*n)
	ws.product.run(pool, ws, t, m, b.transpose(), a.transpose(), n, m, k, false)
	for j := range n {
		for i, x := range t[j*m : (j+1)*m] {
			if accumulate {
				x += c[i*ldc+j]
			}
			c[i*ldc+j] = x
		}
	}
}
