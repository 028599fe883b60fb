package gemm

// packing packs the weights of a convolution for the kernel. The taps used are
// the kernel's rows first, first+step, ... and columns likewise, in this order or
// the reverse; each tap is a matrix of input by output channels, or its transpose.
type packing[T Float] struct {
	w                []T
	dst              []T
	kw               int // of the kernel stored
	c, o             int // channels stored
	rows, columns    taps
	transposed       bool
	width, panels    int
	tapsOf, channels int
}

// taps are count numbers from first on, step apart.
type taps struct{ first, step, count int }

func (t taps) at(i int) int { return t.first + i*t.step }

// weightsSize is the number of elements of packed weights.
func (v *convolution[T]) weightsSize(p packing[T]) int {
	in, out := p.c, p.o
	if p.transposed {
		in, out = out, in
	}
	return p.rows.count * p.columns.count * in * roundUp(out, kernelsOf[T]().lanes)
}

// pack packs weights to dst.
func (v *convolution[T]) pack(pool Pool, ws *Workspace[T], dst []T, p packing[T]) weightPanels[T] {
	v.kern = kernelsOf[T]()
	in := p.c
	p.channels = p.o
	if p.transposed {
		in, p.channels = p.o, p.c
	}
	p.dst, p.width = dst, v.kern.width()
	p.panels = ceilDiv(p.channels, p.width)
	p.tapsOf = p.rows.count * p.columns.count
	v.packing = p
	do(pool, p.panels*p.tapsOf, ws.packWeightsPiece)
	v.packing = packing[T]{}
	return weightPanels[T]{data: dst, depth: p.tapsOf * in, channels: p.channels}
}

// packWeights packs one tap of one panel.
func (v *convolution[T]) packWeights(piece, _ int) {
	p := &v.packing
	panel, tap := piece/p.tapsOf, piece%p.tapsOf
	u, w := p.rows.at(tap/p.columns.count), p.columns.at(tap%p.columns.count)
	m := matrix[T]{p.w[(u*p.kw+w)*p.c*p.o:], p.o, p.transposed}
	depth := p.c
	if p.transposed {
		depth = p.o
	}
	j := panel * p.width
	columns := min(p.width, p.channels-j)
	width := v.kern.panelWidth(columns)
	v.kern.packPanel(p.dst[j*depth*p.tapsOf+tap*depth*width:], width, m.sub(0, j), depth, columns)
}
