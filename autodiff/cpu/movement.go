package cpu

import (
	"leeway/autodiff"
	"leeway/autodiff/cpu/vec"
)

// transpose runs a permutation of axes that makes another axis the last: for
// every place along the other axes, the transposition of a matrix.
type transpose[T vec.Float] struct {
	p          *Program
	f          *vec.Functions[T]
	x, y       ref
	others     []planeAxis
	rows, cols int // of a matrix of x
	lds, ldd   int
	chunks     int // a matrix is cut in parts of at most chunk columns
	planes     int
	src, dst   []T
	do         func(piece, thread int)
}

type planeAxis struct{ n, src, dst int }

const transposeChunk = 64

func newTranspose[T vec.Float](p *Program, n *node) runner {
	k := &transpose[T]{p: p, f: vec.For[T](), x: n.in[0].place(), y: n.place(), planes: 1}
	dims := transposePattern(n.in[0].shape, n.attr.Axes)
	last := len(dims) - 1
	stride := 1
	for i := last; i >= 0; i-- {
		d := dims[i]
		switch {
		case i == last:
			k.rows, k.lds = d.n, d.stride
		case d.stride == 1:
			k.cols, k.ldd = d.n, stride
		default:
			k.others = append(k.others, planeAxis{d.n, d.stride, stride})
			k.planes *= d.n
		}
		stride *= d.n
	}
	k.chunks = (k.cols + transposeChunk - 1) / transposeChunk
	k.do = k.runPiece
	return k
}

func (k *transpose[T]) run() error {
	k.src, k.dst = resolve[T](k.p, k.x), resolve[T](k.p, k.y)
	k.p.pool.Do(k.planes*k.chunks, k.do)
	return nil
}

func (k *transpose[T]) runPiece(piece, _ int) {
	plane, chunk := piece/k.chunks, piece%k.chunks
	src, dst := 0, 0
	for _, a := range k.others {
		i := plane % a.n
		plane /= a.n
		src, dst = src+i*a.src, dst+i*a.dst
	}
	from := chunk * transposeChunk
	cols := min(transposeChunk, k.cols-from)
	k.f.Transpose(k.dst[dst+from*k.ldd:], k.ldd, k.src[src+from:], k.lds, k.rows, cols)
}

// join runs pad and concat: arrays copied into blocks of the result.
type join[T vec.Float] struct {
	p     *Program
	y     ref
	zero  bool
	parts []joinPart
	dst   []T
	src   []T
	part  int
	do    func(piece, thread int)
	clear func(piece, thread int)
}

// joinPart is an array that is copied run by run.
type joinPart struct {
	x      ref
	outer  pattern // where in the result the runs begin
	run    int
	runs   int
	start  int
	pieces int
}

func newJoin[T vec.Float](p *Program, n *node) runner {
	k := &join[T]{p: p, y: n.place(), zero: n.op == autodiff.OpPad}
	start := n.attr.Start
	if n.op == autodiff.OpConcat {
		start = make([]int, len(n.shape))
	}
	for _, x := range n.in {
		part := joinPart{x: x.place(), outer: slicePattern(n.shape, x.shape), run: 1, runs: x.size}
		if last := part.outer[len(part.outer)-1]; last.stride == 1 {
			part.run, part.runs = last.n, x.size/last.n
			part.outer = part.outer[:len(part.outer)-1]
		}
		for i, s := range strides(n.shape) {
			part.start += start[i] * s
		}
		part.pieces = max(1, min(64, part.runs, x.size>>13))
		k.parts = append(k.parts, part)
		if n.op == autodiff.OpConcat {
			axis := n.attr.Axes[0]
			start[axis] += x.shape[axis]
		}
	}
	k.do, k.clear = k.runPiece, k.clearPiece
	return k
}

func (k *join[T]) run() error {
	k.dst = resolve[T](k.p, k.y)
	if k.zero {
		k.p.pool.Do(k.clears(), k.clear)
	}
	for i := range k.parts {
		k.part = i
		k.src = resolve[T](k.p, k.parts[i].x)
		k.p.pool.Do(k.parts[i].pieces, k.do)
	}
	return nil
}

func (k *join[T]) clears() int { return max(1, min(64, len(k.dst)>>14)) }

func (k *join[T]) clearPiece(piece, _ int) {
	n := k.clears()
	clear(k.dst[cut(len(k.dst), n, piece):cut(len(k.dst), n, piece+1)])
}

func (k *join[T]) runPiece(piece, _ int) {
	part := &k.parts[k.part]
	for r := cut(part.runs, part.pieces, piece); r < cut(part.runs, part.pieces, piece+1); r++ {
		at := part.start + part.outer.at(r)
		copy(k.dst[at:at+part.run], k.src[r*part.run:])
	}
}

// columns runs a sum or maximum over the middle of three axes whose rows are
// longer than a block: every piece owns columns of the result.
type columns[T vec.Float] struct {
	p *Program
	f *vec.Functions[T]
	reduction
	max    bool
	x, y   ref
	src    []T
	dst    []T
	chunk  int
	chunks int
	do     func(piece, thread int)
}

func newColumns[T vec.Float](p *Program, n *node) runner {
	k := &columns[T]{p: p, f: vec.For[T](), reduction: n.sum, max: n.op == autodiff.OpMax, x: n.in[0].place(), y: n.place()}
	k.chunk = blockBase(n.dtype)
	k.chunks = (k.inner + k.chunk - 1) / k.chunk
	k.do = k.runPiece
	return k
}

func (k *columns[T]) run() error {
	k.src, k.dst = resolve[T](k.p, k.x), resolve[T](k.p, k.y)
	k.p.pool.Do(k.outer*k.chunks, k.do)
	return nil
}

func (k *columns[T]) runPiece(piece, _ int) {
	outer, from := piece/k.chunks, piece%k.chunks*k.chunk
	n := min(k.chunk, k.inner-from)
	dst := k.dst[outer*k.inner+from:][:n]
	copy(dst, k.src[outer*k.middle*k.inner+from:])
	for m := 1; m < k.middle; m++ {
		row := k.src[(outer*k.middle+m)*k.inner+from:][:n]
		if k.max {
			k.f.Max(dst, dst, row)
		} else {
			k.f.Add(dst, dst, row)
		}
	}
}
