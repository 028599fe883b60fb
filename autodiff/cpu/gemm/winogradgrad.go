package gemm

// The gradient of the weights by Winograd's algorithm is the adjoint of the
// convolution by it: with the transforms V of 4 by 4 input pixels and W of 2 by 2
// output pixels, the gradient is the adjoint transform of the sum of V W over all
// squares, 16 multiplications in place of 36.

// winogradGradBytes is how much transformed input is worked on at a time: more than
// in the convolution, as the sums are loaded and stored once for every so much.
const winogradGradBytes = 448 << 10

// computeWinograd sums the gradient of one slice for some of the panels.
func (v *weightGradient[T]) computeWinograd(piece, thread int) {
	g, l := &v.layout, v.ws.locals[thread]
	slice, part := piece/v.panelCuts, piece%v.panelCuts
	begin, end := cut(g.bands, v.slices, slice), cut(g.bands, v.slices, slice+1)
	p0, p1 := cut(v.panels, v.panelCuts, part), cut(v.panels, v.panelCuts, part+1)
	width := v.kern.width()
	rowA := oddLines[T](g.c)
	together := max(16, winogradGradBytes/sizeOf[T]()/(16*rowA))
	plane := together*rowA + line/sizeOf[T]()
	sums := grow(&l.c, (p1-p0)*16*g.c*width)
	in := grow(&l.b, 16*(plane+together*width))
	l.tile.accumulate = 0
	l.squares = l.squares[:0]
	for band := begin; band < end; band++ {
		x := v.x
		image, from, to := g.band(band)
		if g.copied {
			x = grow(&l.a, g.size())
			fill(g, x, v.x, band, 0)
		}
		for p := from; p < to; p++ {
			for q := range g.ow {
				at := g.start(0, image, from, p) + q*g.strideW*g.pixel
				v.kern.winograd.input(in[len(l.squares)*rowA:], 4*plane, plane, x[at:], g.row, g.pixel, g.c)
				l.squares = append(l.squares, output{image, 2 * p, 2 * q})
				if len(l.squares) == together || (band == end-1 && p == to-1 && q == g.ow-1) {
					for panel := p0; panel < p1; panel++ {
						v.addSquares(l, sums[(panel-p0)*16*g.c*width:], in, rowA, plane, panel*width)
					}
					l.tile.accumulate = 1
					l.squares = l.squares[:0]
				}
			}
		}
	}
	l.tile = tile[T]{}
	out, accumulate := v.dw, 0
	if slice > 0 {
		size := 9 * g.c * v.o
		out = v.partial[(slice-1)*size : slice*size]
	} else if v.accumulate {
		accumulate = 1
	}
	for panel := p0; panel < p1; panel++ {
		o := panel * width
		columns := min(width, v.o-o)
		stored := v.kern.panelWidth(columns)
		sum := sums[(panel-p0)*16*g.c*width:]
		for c := range g.c {
			v.kern.winograd.weightsAdjoint(out[c*v.o+o:], 3*g.c*v.o, g.c*v.o, sum[c*stored:], 4*g.c*stored, g.c*stored, columns, accumulate)
		}
	}
}

// addSquares adds the products of some squares to the sums of one panel.
func (v *weightGradient[T]) addSquares(l *local[T], sums, in []T, rowA, plane, o int) {
	g, t := &v.layout, &l.tile
	columns := min(v.kern.width(), v.o-o)
	t.rowB = v.kern.panelWidth(columns)
	t.columns = t.rowB
	dy := in[16*plane:]
	n := len(l.squares)
	for i, s := range l.squares {
		v.take(dy[i*t.rowB:], n*t.rowB, s, o, columns)
	}
	l.segments = append(l.segments[:0], segment{})
	t.segments, t.colA, t.k = l.segments, rowA, n
	tiles := ceilDiv(g.c, v.kern.rows)
	for place := range 16 {
		t.b = dy[place*n*t.rowB:]
		for i := range tiles {
			c0, c1 := cut(g.c, tiles, i), cut(g.c, tiles, i+1)
			t.setRows(c1-c0, 1, t.rowB)
			t.a, t.c = in[place*plane+c0:], sums[(place*g.c+c0)*t.rowB:]
			v.kern.run(c1-c0, t)
		}
	}
}

// take transforms the output gradient of one square to 16 planes of dst. At an odd
// edge the pixels that do not exist are zero.
func (v *weightGradient[T]) take(dst []T, plane int, s output, o, columns int) {
	pixel, row := v.o, v.win.ow*v.o
	at := (s.image*v.win.oh+s.row)*row + s.column*pixel + o
	if s.row+1 < v.win.oh && s.column+1 < v.win.ow {
		v.kern.winograd.outputAdjoint(dst, 4*plane, plane, v.dy[at:], row, pixel, columns)
		return
	}
	var edge [4 * 32]T
	width := v.kern.width()
	for i := range min(2, v.win.oh-s.row) {
		for j := range min(2, v.win.ow-s.column) {
			copy(edge[(2*i+j)*width:][:columns], v.dy[at+i*row+j*pixel:])
		}
	}
	v.kern.winograd.outputAdjoint(dst, 4*plane, plane, edge[:], 2*width, width, columns)
}
