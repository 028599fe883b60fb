package gemm

// placement is where an output of a convolution lies: its pixel (p, q) of image i
// begins at start + i image + p row + q pixel.
type placement struct{ start, image, row, pixel int }

// weightPanels are weights packed for the kernel: for every panel of output
// channels, rows in the order of taps and input channels.
type weightPanels[T Float] struct {
	data     []T
	depth    int // rows
	channels int // columns
}

// convolution is a convolution under way: y (+)= x correlated with weights.
type convolution[T Float] struct {
	ws         *Workspace[T]
	kern       *kernels[T]
	layout     layout
	at         placement
	x, y       []T
	weights    weightPanels[T]
	accumulate bool
	packing    packing[T]

	win         window // of a Winograd convolution, whose layout counts squares
	transformed []T    // its weights

	groups     int
	panels     int
	panelCuts  int
	perSegment int // taps that one segment covers: a row of the kernel, or one
	together   int // segments that a tile goes over before the next tile
}

// panelBytes is how much of a panel of weights is used at a time, so that it stays
// in the L2 cache while the tiles of a group go over it.
const panelBytes = 256 << 10

// Weights that do not fit the L2 cache come from further away for every group, so
// that a group is better large.
// Then panels rather than groups make the pieces of work, of which there should be
// some, for threads to share.
const (
	fewestPieces = 16
	largeWeights = 1 << 20
	largeScratch = 640 << 10
)

// run computes one correlation; the weights are packed. No size is 0.
func (v *convolution[T]) run(pool Pool, ws *Workspace[T], win window, at placement, y, x []T, weights weightPanels[T], accumulate bool) {
	v.ws, v.kern = ws, kernelsOf[T]()
	v.at, v.x, v.y, v.weights, v.accumulate = at, x, y, weights, accumulate
	v.panels = ceilDiv(weights.channels, v.kern.width())
	if ws.Winograd && v.kern.winogradFits(win, weights.channels) {
		v.winograd(pool, ws, win)
		v.x, v.y, v.weights = nil, nil, weightPanels[T]{}
		return
	}
	budget, parts := scratchBytes, fewestPieces
	if len(weights.data)*sizeOf[T]() > largeWeights {
		budget, parts = largeScratch, ceilDiv(fewestPieces, v.panels)
	}
	v.layout = win.plan(sizeOf[T](), budget, parts)
	v.groups = ceilDiv(v.layout.bands, v.layout.group)
	v.panelCuts = min(v.panels, ceilDiv(fewestPieces, v.groups))
	v.perSegment = win.kw
	if v.layout.pixel != win.c {
		v.perSegment = 1
	}
	segment := v.perSegment * win.c * v.kern.width() * sizeOf[T]()
	v.together = max(1, panelBytes/segment)
	do(pool, v.groups*v.panelCuts, ws.convPiece)
	v.x, v.y, v.weights = nil, nil, weightPanels[T]{}
}

// compute does the bands of one group for some of the panels.
func (v *convolution[T]) compute(piece, thread int) {
	g, l := &v.layout, v.ws.locals[thread]
	group, part := piece/v.panelCuts, piece%v.panelCuts
	first, last := cut(g.bands, v.groups, group), cut(g.bands, v.groups, group+1)
	t := &l.tile
	t.a = v.x
	if g.copied {
		t.a = grow(&l.a, (last-first)*g.size())
		for i := first; i < last; i++ {
			fill(g, t.a[(i-first)*g.size():], v.x, i, 0)
		}
	}
	t.colA, t.k = 1, v.perSegment*g.c
	t.rowA, t.rowC = g.strideW*g.pixel, v.at.pixel
	segments := g.kh * (g.kw / v.perSegment)
	for s := 0; s < segments; s += v.together {
		t.accumulate = 0
		if v.accumulate || s > 0 {
			t.accumulate = 1
		}
		for panel := cut(v.panels, v.panelCuts, part); panel < cut(v.panels, v.panelCuts, part+1); panel++ {
			o := panel * v.kern.width()
			t.columns = min(v.kern.width(), v.weights.channels-o)
			t.rowB = v.kern.panelWidth(t.columns)
			t.b = v.weights.data[o*v.weights.depth:]
			l.segments = l.segments[:0]
			for i := s; i < min(segments, s+v.together); i++ {
				perRow := g.kw / v.perSegment
				a := i/perRow*g.row + i%perRow*v.perSegment*g.pixel
				l.segments = append(l.segments, segment{a: a, b: i * t.k * t.rowB})
			}
			t.segments = l.segments
			v.rows(t, first, last, o)
		}
	}
	*t = tile[T]{}
}

// rows runs the kernel over the output rows of bands first to last-1, two rows at
// a time if they are so short that one tile holds both.
func (v *convolution[T]) rows(t *tile[T], first, last, o int) {
	g := &v.layout
	x := t.a
	pair := 2*g.ow <= v.kern.rows
	waiting := false // a row that no tile has done
	var waitA, waitC int
	for band := first; band < last; band++ {
		image, from, to := g.band(band)
		for p := from; p < to; p++ {
			a := g.start(band-first, image, from, p)
			c := v.at.start + image*v.at.image + p*v.at.row + o
			switch {
			case !pair:
				v.row(t, x, a, c)
			case !waiting:
				waitA, waitC, waiting = a, c, true
			default:
				t.groupA, t.groupC = a-waitA, c-waitC
				t.a, t.c = x[waitA:], v.y[waitC:]
				v.kern.run(2*g.ow, t)
				waiting = false
			}
		}
	}
	if waiting {
		v.row(t, x, waitA, waitC)
	}
	t.a = x
}

// row runs the kernel over one output row.
func (v *convolution[T]) row(t *tile[T], x []T, a, c int) {
	tiles := ceilDiv(v.layout.ow, v.kern.rows)
	for i := range tiles {
		q := cut(v.layout.ow, tiles, i)
		rows := cut(v.layout.ow, tiles, i+1) - q
		t.setRows(rows, t.rowA, t.rowC)
		t.a, t.c = x[a+q*t.rowA:], v.y[c+q*t.rowC:]
		v.kern.run(rows, t)
	}
}
