package gemm

import "unsafe"

// Workspace holds the memory that products and convolutions need beside their
// operands. The zero Workspace is ready; it grows to what the largest call so far
// needed, and then no call allocates. It serves one call at a time and must not be
// copied once it was used.
//
// A product packs at most about 8 MB of each operand at a time; a convolution packs its
// weights, and keeps partial sums of a weight gradient. A batch of products, and a
// product that is cut in depth, compute whole products on single threads, for which
// every thread has a workspace of its own inside of this one.
type Workspace[T Float] struct {
	// Winograd lets the three maps of 3 by 3 convolutions of stride 1 with at least 16
	// channels on both sides use Winograd's algorithm F(2x2, 3x3) where the
	// instruction set in use has its transforms, which is AVX-512: 16 multiplications
	// in place of 36. Its rounding errors differ from the direct sum's but are of the
	// same size; an error may depend on the neighbours of its pixel.
	Winograd bool

	a, b    []T // packed operands, shared by all threads
	partial []T // sums of parts, added up at the end
	locals  []*local[T]

	product product[T]
	thin    thin[T]
	batch   batch[T]
	conv    convolution[T]
	grad    weightGradient[T]
	sum     reduction[T]

	// The pieces of work as function values, made once: made anew at every call,
	// they would be allocated.
	packPiece, mulPiece, batchPiece, slicePiece, thinPiece func(piece, thread int)
	transformPiece, winogradPiece                          func(piece, thread int)
	packWeightsPiece, convPiece                            func(piece, thread int)
	winogradGradPiece                                      func(piece, thread int)
	gradPiece, sumPiece                                    func(piece, thread int)
}

// Bytes is the memory that the workspace holds, those of its threads included.
func (w *Workspace[T]) Bytes() int {
	elements, inner := cap(w.a)+cap(w.b)+cap(w.partial), 0
	for _, l := range w.locals {
		elements += cap(l.a) + cap(l.b) + cap(l.c)
		if l.inner != nil {
			inner += l.inner.Bytes()
		}
	}
	return elements*sizeOf[T]() + inner
}

// local is what one thread needs for itself.
type local[T Float] struct {
	tile     tile[T]
	segments []segment
	squares  []output
	a, b, c  []T
	dots     [4]T
	inner    *Workspace[T] // for a whole product on this thread
}

// ready makes the workspace serve the threads of pool; a nil workspace is
// replaced by a new one.
func (w *Workspace[T]) ready(pool Pool) *Workspace[T] {
	if w == nil {
		w = new(Workspace[T])
	}
	if w.packPiece == nil {
		w.packPiece, w.mulPiece = w.product.pack, w.product.multiply
		w.thinPiece = w.thin.compute
		w.batchPiece, w.slicePiece = w.batch.multiply, w.batch.slice
		w.packWeightsPiece, w.convPiece = w.conv.packWeights, w.conv.compute
		w.transformPiece, w.winogradPiece = w.conv.transformWeights, w.conv.computeWinograd
		w.winogradGradPiece = w.grad.computeWinograd
		w.gradPiece, w.sumPiece = w.grad.compute, w.sum.compute
	}
	threads := 1
	if pool != nil {
		threads = max(threads, pool.Threads())
	}
	for len(w.locals) < threads {
		w.locals = append(w.locals, new(local[T]))
	}
	return w
}

// nested is the workspace for a whole product on this thread alone.
func (l *local[T]) nested() *Workspace[T] {
	if l.inner == nil {
		l.inner = new(Workspace[T])
	}
	return l.inner
}

// line is the size of a cache line, and of the widest vector, in bytes.
const line = 64

// grow returns n elements that begin at a cache line. Their values are left over.
func grow[T Float](buffer *[]T, n int) []T {
	if len(*buffer) < n {
		var zero T
		size := int(unsafe.Sizeof(zero))
		b := make([]T, n+n/8+line/size)
		first := int(-uintptr(unsafe.Pointer(unsafe.SliceData(b)))%line) / size
		*buffer = b[first:]
	}
	return (*buffer)[:n]
}

// oddLines rounds a number of elements up to an odd number of cache lines. Rows at
// such a distance do not share the sets of the cache.
func oddLines[T Float](n int) int {
	inLine := line / sizeOf[T]()
	return (ceilDiv(n, inLine) | 1) * inLine
}

// sizeOf is the size of an element in bytes.
func sizeOf[T Float]() int {
	var zero T
	return int(unsafe.Sizeof(zero))
}
