package gemm

// Sizes of blocks. A block of each operand of at most blockBytes is packed at a
// time; a tile goes over at most depthBytes of a row of A before the next tile,
// so that a tile's rows stay in the L1 cache.
const (
	blockBytes  = 8 << 20
	depthBytes  = 4096
	blockDepth  = 4096
	pieceFlops  = 16e6
	fewestFlops = 0.5e6
)

// product is a matrix product under way.
type product[T Float] struct {
	ws         *Workspace[T]
	kern       *kernels[T]
	a, b       matrix[T] // of the present block
	c          []T
	ldc        int
	accumulate bool

	m, n, k              int // sizes of the block
	tiles, panels        int // the block is tiles by panels of the kernel's size
	rowCuts, panelCuts   int // and is computed in so many pieces each way
	packingA, packingB   bool
	storedA, storedB     []T
	strideA              int // of packed rows
	packingRows, panelsB int // pieces of packing A, and of packing B
}

// run computes C (+)= A B block by block; no size is 0.
func (p *product[T]) run(pool Pool, ws *Workspace[T], c []T, ldc int, a, b matrix[T], m, n, k int, accumulate bool) {
	p.ws, p.kern, p.ldc = ws, kernelsOf[T](), ldc
	budget := blockBytes / sizeOf[T]()
	depths := ceilDiv(k, blockDepth)
	depth := ceilDiv(k, depths)
	widths := ceilDiv(n, max(p.kern.width(), budget/depth))
	heights := ceilDiv(m, max(p.kern.rows, budget/depth))
	for w := range widths {
		j0, j1 := p.kern.cutPanels(n, widths, w)
		for d := range depths {
			k0, k1 := cut(k, depths, d), cut(k, depths, d+1)
			p.b = b.sub(k0, j0)
			for h := range heights {
				i0, i1 := cut(m, heights, h), cut(m, heights, h+1)
				p.a, p.c = a.sub(i0, k0), c[i0*ldc+j0:]
				p.m, p.n, p.k = i1-i0, j1-j0, k1-k0
				p.accumulate = accumulate || d > 0
				p.block(pool, h == 0)
			}
		}
	}
	p.a, p.b, p.c = matrix[T]{}, matrix[T]{}, nil // the workspace keeps no operand alive
}

// cutPanels cuts n columns into parts at whole panels.
func (k *kernels[T]) cutPanels(n, parts, i int) (from, to int) {
	w := k.width()
	panels := ceilDiv(n, w)
	return min(n, w*cut(panels, parts, i)), min(n, w*cut(panels, parts, i+1))
}

// block computes one block. B is packed again only if it is new.
func (p *product[T]) block(pool Pool, newB bool) {
	width := p.kern.width()
	p.tiles, p.panels = ceilDiv(p.m, p.kern.rows), ceilDiv(p.n, width)
	p.plan()
	p.packingRows, p.panelsB = 0, 0
	if p.packingA {
		p.storedA = grow(&p.ws.a, p.packedSize())
		p.packingRows = p.tiles
	}
	if p.packingB || p.n%p.kern.lanes != 0 {
		p.storedB = grow(&p.ws.b, roundUp(p.n, p.kern.lanes)*p.k)
		if newB {
			p.panelsB = p.panels
		}
	}
	do(pool, p.packingRows+p.panelsB, p.ws.packPiece)
	do(pool, p.rowCuts*p.panelCuts, p.ws.mulPiece)
}

// plan decides what is packed and how the work is cut; shapes alone decide.
//
// B is packed unless few tiles would use it. A is read where it is, unless its
// rows lie a multiple of a large power of two apart, so that the rows of a tile
// share a few sets of the L1 cache.
func (p *product[T]) plan() {
	p.packingB = p.b.transposed || p.tiles > 2
	p.packingA = p.panels > 3 && !p.a.transposed && p.a.stride*sizeOf[T]()%2048 == 0
	each := 2 * float64(p.kern.rows) * float64(p.kern.width()) * float64(p.k)
	goal := min(max(each*float64(p.tiles)*float64(p.panels)/64, fewestFlops), pieceFlops)
	tiles := min(p.tiles, 16, max(1, int(goal/each)))
	panels := min(p.panels, max(1, int(goal/(each*float64(tiles)))))
	p.rowCuts, p.panelCuts = ceilDiv(p.tiles, tiles), ceilDiv(p.panels, panels)
}

// packedSize sets the stride of packed rows of A, an odd number of cache lines so
// that neighbours do not share the sets of the cache, and returns their size.
func (p *product[T]) packedSize() int {
	rows, columns := p.m, p.k
	if p.a.transposed {
		rows, columns = columns, rows
	}
	p.strideA = oddLines[T](columns)
	return rows * p.strideA
}

// pack packs the rows of one tile of A or one panel of B.
func (p *product[T]) pack(piece, _ int) {
	if piece < p.packingRows {
		i0, i1 := cut(p.m, p.tiles, piece), cut(p.m, p.tiles, piece+1)
		packed := p.packedA()
		packRows(packed.data[packed.at(i0, 0):], p.strideA, p.a.sub(i0, 0), i1-i0, p.k)
		return
	}
	width := p.kern.width()
	j := (piece - p.packingRows) * width
	columns := min(width, p.n-j)
	if !p.packingB && columns%p.kern.lanes == 0 {
		return // used where it lies
	}
	p.kern.packPanel(p.storedB[j*p.k:], p.kern.panelWidth(columns), p.b.sub(0, j), p.k, columns)
}

func (p *product[T]) packedA() matrix[T] { return matrix[T]{p.storedA, p.strideA, p.a.transposed} }

// multiply computes one piece of the block.
func (p *product[T]) multiply(piece, thread int) {
	row, column := piece/p.panelCuts, piece%p.panelCuts
	t0, t1 := cut(p.tiles, p.rowCuts, row), cut(p.tiles, p.rowCuts, row+1)
	l := p.ws.locals[thread]
	t := &l.tile
	a := p.a
	if p.packingA {
		a = p.packedA()
	}
	t.a = a.data
	rowA, colA := a.strides()
	t.colA = colA
	l.segments = append(l.segments[:0], segment{})
	t.segments = l.segments
	width := p.kern.width()
	deep := ceilDiv(p.k, depthBytes/sizeOf[T]())
	for d := range deep {
		k0 := cut(p.k, deep, d)
		t.k = cut(p.k, deep, d+1) - k0
		t.accumulate = 0
		if p.accumulate || d > 0 {
			t.accumulate = 1
		}
		for panel := cut(p.panels, p.panelCuts, column); panel < cut(p.panels, p.panelCuts, column+1); panel++ {
			j := panel * width
			t.columns = min(width, p.n-j)
			if p.packingB || t.columns%p.kern.lanes != 0 {
				t.rowB = p.kern.panelWidth(t.columns)
				t.b = p.storedB[j*p.k+k0*t.rowB:]
			} else {
				t.rowB = p.b.stride
				t.b = p.b.data[p.b.at(k0, j):]
			}
			for i := t0; i < t1; i++ {
				m0, m1 := cut(p.m, p.tiles, i), cut(p.m, p.tiles, i+1)
				t.setRows(m1-m0, rowA, p.ldc)
				t.segments[0].a = m0*rowA + k0*colA
				t.c = p.c[m0*p.ldc+j:]
				p.kern.run(m1-m0, t)
			}
		}
	}
	*t = tile[T]{}
}
