package gemm

// transforms are those of Winograd's convolution F(2x2, 3x3), see Lavin and Gray,
// Fast Algorithms for Convolutional Neural Networks, 2016, equations 5 to 10, and
// the adjoints of two of them. Each transforms n squares that lie side by side in
// memory; the strides are those of a square's rows and columns.
type transforms[T Float] struct {
	input          transform[T]     // 4 by 4 to 4 by 4
	weights        transform[T]     // 3 by 3 to 4 by 4
	output         transformInto[T] // 4 by 4 to 2 by 2
	outputAdjoint  transform[T]     // 2 by 2 to 4 by 4
	weightsAdjoint transformInto[T] // 4 by 4 to 3 by 3
}

type transform[T Float] func(dst []T, dstRow, dstColumn int, src []T, srcRow, srcColumn, n int)

// transformInto adds to dst if accumulate is 1, and overwrites it if it is 0.
type transformInto[T Float] func(dst []T, dstRow, dstColumn int, src []T, srcRow, srcColumn, n, accumulate int)

// winogradBytes is how much transformed input is worked on at a time.
const winogradBytes = 320 << 10

// winogradFits reports whether Winograd's algorithm can do a convolution and is
// faster: few channels leave the transforms too much of the time.
func (k *kernels[T]) winogradFits(w window, channels int) bool {
	return k.winograd != nil && w.kh == 3 && w.kw == 3 && w.strideH == 1 && w.strideW == 1 &&
		w.oh > 1 && w.ow > 1 && w.c >= 16 && channels >= 16
}

// winograd computes the correlation in squares of 2 by 2 output pixels. A square
// sees 4 by 4 input pixels; its transform times the transformed weights, summed
// over channels in each of 16 places, is the transform of the output: 16
// multiplications in place of 36.
func (v *convolution[T]) winograd(pool Pool, ws *Workspace[T], win window) {
	v.win = win
	win = win.squares()
	v.layout = win.plan(sizeOf[T](), scratchBytes, fewestPieces)
	v.groups = ceilDiv(v.layout.bands, v.layout.group)
	v.transformed = grow(&ws.a, 16*win.c*roundUp(v.weights.channels, v.kern.lanes))
	do(pool, v.panels, ws.transformPiece)
	do(pool, v.groups, ws.winogradPiece)
	v.transformed = nil
}

// squares is the window of the same convolution whose output pixels are squares of 2
// by 2 of them.
func (v window) squares() window {
	v.kh, v.kw, v.strideH, v.strideW = 4, 4, 2, 2
	v.oh, v.ow = ceilDiv(v.oh, 2), ceilDiv(v.ow, 2)
	return v
}

// transformWeights transforms one panel of the weights.
func (v *convolution[T]) transformWeights(panel, _ int) {
	o, c := panel*v.kern.width(), v.layout.c
	n := c * v.kern.panelWidth(min(v.kern.width(), v.weights.channels-o))
	v.kern.winograd.weights(v.transformed[o*16*c:][:16*n], 4*n, n, v.weights.data[o*9*c:][:9*n], 3*n, n, n)
}

// computeWinograd does the bands of one group.
func (v *convolution[T]) computeWinograd(group, thread int) {
	g, l := &v.layout, v.ws.locals[thread]
	first, last := cut(g.bands, v.groups, group), cut(g.bands, v.groups, group+1)
	x := v.x
	if g.copied {
		x = grow(&l.a, (last-first)*g.size())
		for i := first; i < last; i++ {
			fill(g, x[(i-first)*g.size():], v.x, i, 0)
		}
	}
	inLine := line / sizeOf[T]()
	rowA := oddLines[T](g.c)
	together := max(1, winogradBytes/sizeOf[T]()/(16*rowA*v.kern.rows)) * v.kern.rows
	planeA, planeC := together*rowA+inLine, together*v.kern.width()+inLine
	in := grow(&l.b, 16*(planeA+planeC))
	l.squares = l.squares[:0]
	for band := first; band < last; band++ {
		image, from, to := g.band(band)
		for p := from; p < to; p++ {
			for q := range g.ow {
				at := g.start(band-first, image, from, p) + q*g.strideW*g.pixel
				i := len(l.squares)
				v.kern.winograd.input(in[i*rowA:], 4*planeA, planeA, x[at:], g.row, g.pixel, g.c)
				l.squares = append(l.squares, output{image, 2 * p, 2 * q})
				if i+1 == together || (band == last-1 && p == to-1 && q == g.ow-1) {
					v.multiply(l, in, rowA, planeA, planeC)
					l.squares = l.squares[:0]
				}
			}
		}
	}
}

// output names an output pixel.
type output struct{ image, row, column int }

// multiply multiplies the transformed input of some squares with the weights and
// transforms the products back.
func (v *convolution[T]) multiply(l *local[T], in []T, rowA, planeA, planeC int) {
	t, n := &l.tile, len(l.squares)
	out := in[16*planeA:]
	tiles := ceilDiv(n, v.kern.rows)
	l.segments = append(l.segments[:0], segment{})
	t.segments, t.colA, t.k, t.accumulate = l.segments, 1, v.layout.c, 0
	for panel := range v.panels {
		o := panel * v.kern.width()
		columns := min(v.kern.width(), v.weights.channels-o)
		t.rowB = v.kern.panelWidth(columns)
		t.columns = t.rowB // whole vectors: the products are not the output yet
		for place := range 16 {
			t.b = v.transformed[(o*16+place*t.rowB)*v.layout.c:]
			for i := range tiles {
				m0, m1 := cut(n, tiles, i), cut(n, tiles, i+1)
				t.setRows(m1-m0, rowA, t.rowB)
				t.a, t.c = in[place*planeA+m0*rowA:], out[place*planeC+m0*t.rowB:]
				v.kern.run(m1-m0, t)
			}
		}
		for i, s := range l.squares {
			v.put(s, out[i*t.rowB:], planeC, o, columns)
		}
	}
	*t = tile[T]{}
}

// put transforms the products of one square to output pixels. At an odd edge some
// of them do not exist.
func (v *convolution[T]) put(s output, products []T, plane, o, columns int) {
	at := v.at.start + s.image*v.at.image + s.row*v.at.row + s.column*v.at.pixel + o
	accumulate := 0
	if v.accumulate {
		accumulate = 1
	}
	rows, across := min(2, v.win.oh-s.row), min(2, v.win.ow-s.column)
	if rows == 2 && across == 2 {
		v.kern.winograd.output(v.y[at:], v.at.row, v.at.pixel, products, 4*plane, plane, columns, accumulate)
		return
	}
	var edge [4 * 32]T
	width := v.kern.width()
	v.kern.winograd.output(edge[:], 2*width, width, products, 4*plane, plane, columns, 0)
	for i := range rows {
		for j := range across {
			y := v.y[at+i*v.at.row+j*v.at.pixel:][:columns]
			for c, x := range edge[(2*i+j)*width:][:columns] {
				if v.accumulate {
					x += y[c]
				}
				y[c] = x
			}
		}
	}
}
