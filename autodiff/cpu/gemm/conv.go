package gemm

// Conv computes y = the convolution of x with w, or adds it to y if accumulate is
// set; see [Geometry] for the formula and the shapes. y must not overlap x or w.
// Conv panics if the geometry does not fit itself or the slices. Pool and
// workspace are those of [MatMul].
func Conv[T Float](pool Pool, ws *Workspace[T], g Geometry, y, x, w []T, accumulate bool) {
	g = g.withDefaults()
	g.check(len(x), len(w), len(y))
	ws = ws.ready(pool)
	pixels := g.N * g.OH * g.OW
	switch {
	case pixels*g.O == 0:
		return
	case g.KH*g.KW*g.C == 0:
		if !accumulate {
			clear(y[:pixels*g.O])
		}
		return
	case g.pointwise():
		matMul(pool, ws, y, g.O, matrix[T]{x, g.C, false}, matrix[T]{w, g.O, false}, pixels, g.O, g.C, accumulate)
		return
	}
	p := packing[T]{w: w, kw: g.KW, c: g.C, o: g.O, rows: taps{0, 1, g.KH}, columns: taps{0, 1, g.KW}}
	weights := ws.conv.pack(pool, ws, grow(&ws.b, ws.conv.weightsSize(p)), p)
	ws.conv.run(pool, ws, g.window(), g.output(), y, x, weights, accumulate)
}

// window is how the kernel moves over x.
func (g Geometry) window() window {
	return window{n: g.N, h: g.H, w: g.W, c: g.C, kh: g.KH, kw: g.KW, oh: g.OH, ow: g.OW,
		strideH: g.StrideH, strideW: g.StrideW, top: g.PadTop, left: g.PadLeft}
}

// output is where y lies.
func (g Geometry) output() placement {
	return placement{image: g.OH * g.OW * g.O, row: g.OW * g.O, pixel: g.O}
}

// ConvInputGrad computes the adjoint of [Conv] in x: dx[i, h, v, c] is the sum of
// dy[i, p, q, o] w[u, v', c, o] over all output pixels and taps that see the input
// pixel (h, v). It is added to dx if accumulate is set. dx must not overlap dy or
// w. The panics are those of Conv.
//
// For stride 1 this is a convolution of dy with the kernel turned round. For
// larger strides the input pixels fall into StrideH by StrideW classes by the taps
// that can see them, and each class is such a convolution with its own taps.
func ConvInputGrad[T Float](pool Pool, ws *Workspace[T], g Geometry, dx, dy, w []T, accumulate bool) {
	g = g.withDefaults()
	g.check(len(dx), len(w), len(dy))
	ws = ws.ready(pool)
	size := g.N * g.H * g.W * g.C
	switch {
	case size == 0:
		return
	case g.OH*g.OW*g.KH*g.KW*g.O == 0:
		if !accumulate {
			clear(dx[:size])
		}
		return
	case g.pointwise():
		matMul(pool, ws, dx, g.C, matrix[T]{dy, g.O, false}, matrix[T]{w, g.O, true}, g.N*g.H*g.W, g.C, g.O, accumulate)
		return
	}
	if !accumulate && (g.KH < g.StrideH || g.KW < g.StrideW) {
		clear(dx[:size]) // some pixels are seen by no tap
	}
	for i := range min(g.StrideH, g.H) {
		rows := newParity(i, g.StrideH, g.PadTop, g.KH, g.H)
		for j := range min(g.StrideW, g.W) {
			columns := newParity(j, g.StrideW, g.PadLeft, g.KW, g.W)
			if rows.taps.count == 0 || columns.taps.count == 0 {
				continue
			}
			p := packing[T]{w: w, kw: g.KW, c: g.C, o: g.O, rows: rows.taps, columns: columns.taps, transposed: true}
			weights := ws.conv.pack(pool, ws, grow(&ws.b, ws.conv.weightsSize(p)), p)
			win := window{n: g.N, h: g.OH, w: g.OW, c: g.O, kh: rows.taps.count, kw: columns.taps.count,
				oh: rows.count, ow: columns.count, strideH: 1, strideW: 1, top: rows.before, left: columns.before}
			at := placement{start: (i*g.W + j) * g.C, image: g.H * g.W * g.C, row: g.StrideH * g.W * g.C, pixel: g.StrideW * g.C}
			ws.conv.run(pool, ws, win, at, dx, dy, weights, accumulate)
		}
	}
}

// parity is a class of input rows or columns: those from first on, a stride apart.
type parity struct {
	count  int  // rows of the class
	taps   taps // that see them, last one first
	before int  // rows of zeros before dy
}

// newParity finds the class of the rows first, first+stride, ... below size.
//
// Row first + stride j is seen through tap u by output row p if p stride + u - pad
// is that row. Let first + pad = stride q + r with r < stride. Then the taps are
// u = r + stride t, and p = j + q - t.
func newParity(first, stride, pad, kernel, size int) parity {
	q, r := (first+pad)/stride, (first+pad)%stride
	count := max(0, ceilDiv(kernel-r, stride))
	if kernel <= r {
		count = 0
	}
	return parity{
		count:  ceilDiv(size-first, stride),
		taps:   taps{first: r + stride*(count-1), step: -stride, count: count},
		before: count - 1 - q,
	}
}
