package gemm

// Batch says where the matrices of a batch begin in their slices: matrix i of A
// at i*StrideA, and so on. A stride of 0 for A or B uses one matrix for all.
type Batch struct {
	Count                     int
	StrideA, StrideB, StrideC int
}

// BatchMatMul computes C = A B for every matrix of a batch; the other arguments
// mean what they mean for [MatMul]. Small products run in parallel over the
// batch; large ones are each computed by all threads. The matrices of C must not
// overlap.
func BatchMatMul[T Float](pool Pool, ws *Workspace[T], batch Batch, c []T, ldc int, a []T, lda int, transA bool, b []T, ldb int, transB bool, m, n, k int, accumulate bool) {
	if batch.Count < 0 || batch.StrideA < 0 || batch.StrideB < 0 || batch.StrideC < 0 {
		panic("gemm: negative count or stride of a batch")
	}
	if batch.Count == 0 || m == 0 || n == 0 {
		return
	}
	left := matrix[T]{a, lda, transA}
	right := matrix[T]{b, ldb, transB}
	last := batch.Count - 1
	left.from(last*batch.StrideA).check("a", m, k)
	right.from(last*batch.StrideB).check("b", k, n)
	matrix[T]{c, ldc, false}.from(last*batch.StrideC).check("c", m, n)
	ws = ws.ready(pool)
	p := &ws.batch
	if flops := 2 * float64(m) * float64(n) * float64(k); batch.Count == 1 || flops > 2*pieceFlops {
		for i := range batch.Count {
			matMul(pool, ws, c[i*batch.StrideC:], ldc, left.from(i*batch.StrideA), right.from(i*batch.StrideB), m, n, k, accumulate)
		}
		return
	}
	p.setup(ws, c, ldc, left, right, m, n, k, accumulate)
	p.strides = batch
	// A piece is some products in a row, so that claiming it costs little.
	p.parts = min(batch.Count, max(1, int(2*float64(m)*float64(n)*float64(k)*float64(batch.Count)/fewestFlops)))
	do(pool, p.parts, ws.batchPiece)
	p.release()
}

// batch is several products under way, each computed by one thread: those of
// a batch, or the slices in depth of one product.
type batch[T Float] struct {
	ws         *Workspace[T]
	a, b       matrix[T]
	c          []T
	ldc        int
	m, n, k    int
	accumulate bool
	strides    Batch
	parts      int
	partial    []T
}

func (p *batch[T]) setup(ws *Workspace[T], c []T, ldc int, a, b matrix[T], m, n, k int, accumulate bool) {
	p.ws, p.c, p.ldc, p.a, p.b, p.m, p.n, p.k, p.accumulate = ws, c, ldc, a, b, m, n, k, accumulate
}

func (p *batch[T]) release() { p.a, p.b, p.c, p.partial = matrix[T]{}, matrix[T]{}, nil, nil }

// from is the matrix that begins at an element.
func (x matrix[T]) from(i int) matrix[T] {
	x.data = x.data[min(i, len(x.data)):]
	return x
}

// multiply computes the products of one piece of a batch.
func (p *batch[T]) multiply(piece, thread int) {
	ws := p.ws.locals[thread].nested().ready(nil)
	for i := cut(p.strides.Count, p.parts, piece); i < cut(p.strides.Count, p.parts, piece+1); i++ {
		matMul(nil, ws, p.c[i*p.strides.StrideC:], p.ldc, p.a.from(i*p.strides.StrideA), p.b.from(i*p.strides.StrideB), p.m, p.n, p.k, p.accumulate)
	}
}

// depthParts is the number of slices in depth that a product is computed in: more
// than one when C has too few tiles to be cut among threads but the product is long.
func depthParts[T Float](m, n, k int) int {
	kern := kernelsOf[T]()
	tiles := ceilDiv(m, kern.rows) * ceilDiv(n, kern.width())
	flops := 2 * float64(m) * float64(n) * float64(k)
	if tiles > 24 || k < 512 || flops < 4*fewestFlops {
		return 1
	}
	return min(k/256, 16, int(flops/fewestFlops))
}

// sliced computes one product in slices of its depth: the first goes to C, the
// others to memory of their own, which is added to C in order.
func (p *batch[T]) sliced(pool Pool, ws *Workspace[T], parts int, c []T, ldc int, a, b matrix[T], m, n, k int, accumulate bool) {
	p.setup(ws, c, ldc, a, b, m, n, k, accumulate)
	p.parts = parts
	p.partial = grow(&ws.partial, (parts-1)*m*n)
	do(pool, parts, ws.slicePiece)
	ws.sum.run(pool, ws, c, ldc, p.partial, m, n, parts-1, true)
	p.release()
}

func (p *batch[T]) slice(piece, thread int) {
	ws := p.ws.locals[thread].nested().ready(nil)
	k0, k1 := cut(p.k, p.parts, piece), cut(p.k, p.parts, piece+1)
	c, ldc, accumulate := p.c, p.ldc, p.accumulate
	if piece > 0 {
		c, ldc, accumulate = p.partial[(piece-1)*p.m*p.n:], p.n, false
	}
	ws.product.run(nil, ws, c, ldc, p.a.sub(0, k0), p.b.sub(k0, 0), p.m, p.n, k1-k0, accumulate)
}
