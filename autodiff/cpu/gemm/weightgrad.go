package gemm

// ConvWeightGrad computes the adjoint of [Conv] in w:
//
//	dw[u, v, c, o] = sum over i, p, q: x[i, p StrideH + u - PadTop, q StrideW + v - PadLeft, c] dy[i, p, q, o]
//
// It is added to dw if accumulate is set. dw must not overlap x or dy. The panics
// are those of Conv.
func ConvWeightGrad[T Float](pool Pool, ws *Workspace[T], g Geometry, dw, x, dy []T, accumulate bool) {
	g = g.withDefaults()
	g.check(len(x), len(dw), len(dy))
	ws = ws.ready(pool)
	size, pixels := g.KH*g.KW*g.C*g.O, g.N*g.OH*g.OW
	switch {
	case size == 0:
	case pixels == 0:
		if !accumulate {
			clear(dw[:size])
		}
	case g.pointwise():
		matMul(pool, ws, dw, g.O, matrix[T]{x, g.C, true}, matrix[T]{dy, g.O, false}, g.C, g.O, pixels, accumulate)
	default:
		ws.grad.run(pool, ws, g, dw, x, dy, accumulate)
	}
}

// weightGradient is a ConvWeightGrad under way. The bands of all images are cut
// into slices, each of which sums its own gradient; the sums are added in order.
// A slice is computed in parts of output and of input channels.
type weightGradient[T Float] struct {
	ws         *Workspace[T]
	kern       *kernels[T]
	layout     layout
	x, dy, dw  []T
	o          int
	accumulate bool
	partial    []T

	slices    int
	panels    int
	panelCuts int
	blocks    int    // of input channels
	perRun    int    // taps whose channels lie side by side, in x as in w
	win       window // of Winograd's algorithm, whose layout counts squares
}

// Limits of the slices' sums, their number and the elements of all of them; how
// many output pixels a tile should sum over before its weights are stored, and how
// many bytes of input they may see.
const (
	mostSlices      = 16
	partialElements = 1 << 20
	gradientPixels  = 512
	gradientBytes   = 384 << 10
)

func (v *weightGradient[T]) run(pool Pool, ws *Workspace[T], g Geometry, dw, x, dy []T, accumulate bool) {
	v.ws, v.kern, v.o = ws, kernelsOf[T](), g.O
	v.x, v.dy, v.dw, v.accumulate = x, dy, dw, accumulate
	v.panels = ceilDiv(g.O, v.kern.width())
	v.plan(g.window())
	size := g.KH * g.KW * g.C * g.O
	piece := ws.gradPiece
	if ws.Winograd && v.kern.winogradFits(g.window(), g.O) {
		v.win, v.blocks = g.window(), 1
		v.layout = v.win.squares().plan(sizeOf[T](), scratchBytes, mostSlices)
		piece = ws.winogradGradPiece
	}
	v.slices = max(1, min(ceilDiv(v.layout.bands, v.layout.group), mostSlices, partialElements/size))
	v.panelCuts = min(v.panels, ceilDiv(mostSlices, v.slices*v.blocks))
	v.partial = grow(&ws.partial, (v.slices-1)*size)
	do(pool, v.slices*v.blocks*v.panelCuts, piece)
	if v.slices > 1 {
		ws.sum.run(pool, ws, dw, g.O, v.partial, size/g.O, g.O, v.slices-1, true)
	}
	v.x, v.dy, v.dw, v.partial = nil, nil, nil, nil
}

// plan cuts the work. Where so many channels lie at every pixel that the input of
// enough pixels does not fit the cache, blocks of channels are done one by one.
func (v *weightGradient[T]) plan(w window) {
	size := sizeOf[T]()
	l := w.plan(size, gradientBytes, mostSlices)
	if want := min(ceilDiv(gradientPixels, l.rows*l.ow), l.bands); l.perImage == 1 && l.group < want {
		bytes := l.bytes(l.rows, size) / l.pixel // of one channel
		channels := max(line/size, gradientBytes/(want*bytes)/(line/size)*(line/size))
		if channels < l.c {
			l.group = want
			l.lay(channels, size)
		}
	}
	v.layout = l
	v.blocks = ceilDiv(l.c, l.channels)
	v.perRun = 1
	if l.pixel == l.c {
		v.perRun = l.kw
	}
}

// compute sums the gradient of one slice for some channels.
func (v *weightGradient[T]) compute(piece, thread int) {
	g, l := &v.layout, v.ws.locals[thread]
	part := piece % v.panelCuts
	slice, block := piece/v.panelCuts/v.blocks, piece/v.panelCuts%v.blocks
	begin, end := cut(g.bands, v.slices, slice), cut(g.bands, v.slices, slice+1)
	p0, p1 := cut(v.panels, v.panelCuts, part), cut(v.panels, v.panelCuts, part+1)
	t := &l.tile
	out := v.dw
	t.accumulate = 0
	if slice > 0 {
		size := g.kh * g.kw * g.c * v.o
		out = v.partial[(slice-1)*size : slice*size]
	} else if v.accumulate {
		t.accumulate = 1
	}
	t.colA, t.k = g.strideW*g.pixel, g.ow
	groups := ceilDiv(end-begin, g.group)
	for i := range groups {
		first, last := begin+cut(end-begin, groups, i), begin+cut(end-begin, groups, i+1)
		pixels := v.gather(l, t, first, last, block*g.channels)
		for panel := p0; panel < p1; panel++ {
			o := panel * v.kern.width()
			t.columns = min(v.kern.width(), v.o-o)
			t.rowB = v.kern.panelWidth(t.columns)
			v.packOutput(l, t, first, last, o)
			t.b = l.b[:pixels*t.rowB]
			v.tiles(t, out, block*g.channels, o)
		}
		t.accumulate = 1
	}
	*t = tile[T]{}
}

// gather makes the input of some bands ready, from one channel on, and the
// segments: one for every output row. It returns the number of output pixels.
func (v *weightGradient[T]) gather(l *local[T], t *tile[T], first, last, channel int) int {
	g := &v.layout
	t.a = v.x
	if g.copied {
		t.a = grow(&l.a, (last-first)*g.size())
	}
	l.segments = l.segments[:0]
	pixels := 0
	for band := first; band < last; band++ {
		if g.copied {
			fill(g, t.a[(band-first)*g.size():], v.x, band, channel)
		}
		image, from, to := g.band(band)
		for p := from; p < to; p++ {
			l.segments = append(l.segments, segment{a: g.start(band-first, image, from, p)})
			pixels += g.ow
		}
	}
	t.segments = l.segments
	grow(&l.b, pixels*v.kern.width())
	return pixels
}

// packOutput packs a panel of dy for some bands, and lets the segments begin at
// their rows of it.
func (v *weightGradient[T]) packOutput(l *local[T], t *tile[T], first, last, o int) {
	g := &v.layout
	pixels := 0
	s := 0
	for band := first; band < last; band++ {
		image, from, to := g.band(band)
		m := matrix[T]{data: v.dy[(image*g.oh+from)*g.ow*v.o+o:], stride: v.o}
		v.kern.packPanel(l.b[pixels*t.rowB:], t.rowB, m, (to-from)*g.ow, t.columns)
		for range to - from {
			t.segments[s].b = pixels * t.rowB
			pixels += g.ow
			s++
		}
	}
}

// tiles runs the kernel over all taps, and over the input channels of a block, for
// one panel.
func (v *weightGradient[T]) tiles(t *tile[T], out []T, channel, o int) {
	g := &v.layout
	a := t.a
	channels := v.perRun * min(g.channels, g.c-channel)
	parts := ceilDiv(channels, v.kern.rows)
	perRow := g.kw / v.perRun
	for run := range g.kh * perRow {
		from := run/perRow*g.row + run%perRow*g.pixel
		for i := range parts {
			c0, c1 := cut(channels, parts, i), cut(channels, parts, i+1)
			t.setRows(c1-c0, 1, v.o)
			t.a = a[from+c0:]
			t.c = out[(run*v.perRun*g.c+channel+c0)*v.o+o:]
			v.kern.run(c1-c0, t)
		}
	}
	t.a = a
}
