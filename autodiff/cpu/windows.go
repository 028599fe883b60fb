package cpu

import (
	"fmt"
	"sync/atomic"

	"leeway/autodiff"
	"leeway/autodiff/cpu/vec"
)

// windows runs the three operations of max pooling, a piece for every image. The
// positions of the maxima and the maxima themselves come from one kernel.
type windows[T vec.Float] struct {
	p              *Program
	f              *vec.Functions[T]
	node           *node
	op             autodiff.Op
	image, pooled  ref
	positions      ref
	images         int
	rows           int   // of pooled pixels in an image
	rowIn          int   // elements of the image from one pooled row to the next
	rowOut         int   // elements of a pooled row
	sizeIn         int   // elements of an image
	taps           []int // of a window, from its first element on
	channels, step int
	x, y           []T
	index          []int32
	check          bool         // positions may lie outside of the window
	outside        atomic.Int64 // the first place of one that does, or as many as there are
	do             func(piece, thread int)
}

func newWindows[T vec.Float](p *Program, n *node) runner {
	k := &windows[T]{p: p, f: vec.For[T](), node: n, op: n.op}
	image, pooled := n.in[0], n
	switch n.op {
	case autodiff.OpArgMaxPool:
		k.positions = n.place()
		if n.with != nil {
			pooled = n.with
			k.pooled = pooled.place()
		}
	case autodiff.OpPoolGather:
		k.positions, k.pooled = n.in[1].place(), n.place()
	case autodiff.OpPoolScatter:
		image, pooled = n, n.in[0]
		k.positions, k.pooled = n.in[1].place(), n.in[0].place()
	}
	k.image = image.place()
	w, h, c := n.attr.Window, image.shape[2], image.shape[3]
	k.images, k.rows, k.channels = image.shape[0], pooled.shape[1], c
	k.rowIn, k.rowOut, k.sizeIn = w.StrideH*h*c, pooled.shape[2]*c, image.size/image.shape[0]
	k.step = w.StrideW * c
	for i := range w.KernelH {
		for j := range w.KernelW {
			k.taps = append(k.taps, (i*h+j)*c)
		}
	}
	k.check = n.op != autodiff.OpArgMaxPool && !inWindow(n.in[1], len(k.taps))
	k.do = k.runImage
	return k
}

// inWindow reports whether positions are sure to be less than the number of taps:
// those that this program itself finds.
func inWindow(positions *node, taps int) bool {
	w := positions.attr.Window
	return positions.op == autodiff.OpArgMaxPool && w.KernelH*w.KernelW <= taps
}

func (k *windows[T]) run() error {
	k.x, k.index = resolve[T](k.p, k.image), resolve[int32](k.p, k.positions)
	if k.pooled.store != nil {
		k.y = resolve[T](k.p, k.pooled)
	}
	k.outside.Store(int64(len(k.index)))
	k.p.pool.Do(k.images, k.do)
	if at := int(k.outside.Load()); at < len(k.index) {
		return fmt.Errorf("cpu: run: %v: position %d at place %d of %v is not among 0 to %d. Try: positions that ArgMaxPool finds for this window",
			k.node.value, k.index[at], at, k.node.in[1].shape, len(k.taps)-1)
	}
	return nil
}

func (k *windows[T]) runImage(image, _ int) {
	x := k.x[image*k.sizeIn : (image+1)*k.sizeIn]
	if k.op == autodiff.OpPoolScatter {
		clear(x)
	}
	if k.check {
		k.findOutside(image)
	}
	for row := range k.rows {
		at := (image*k.rows + row) * k.rowOut
		index, window := k.index[at:at+k.rowOut], x[row*k.rowIn:]
		switch k.op {
		case autodiff.OpArgMaxPool:
			var largest []T
			if k.pooled.store != nil {
				largest = k.y[at : at+k.rowOut]
			}
			k.f.PoolMax(largest, index, window, k.taps, k.channels, k.step)
		case autodiff.OpPoolGather:
			k.f.PoolGather(k.y[at:at+k.rowOut], index, window, k.taps, k.channels, k.step)
		default:
			k.f.PoolScatter(window, k.taps, index, k.y[at:at+k.rowOut], k.channels, k.step)
		}
	}
}

// findOutside looks for an image's first position that is not one of the window's.
// The vector functions pass over such positions. Of several images the first counts,
// whichever is looked at first.
func (k *windows[T]) findOutside(image int) {
	from := image * k.rows * k.rowOut
	for at, i := range k.index[from : from+k.rows*k.rowOut] {
		if uint(i) >= uint(len(k.taps)) {
			place := int64(from + at)
			for first := k.outside.Load(); place < first && !k.outside.CompareAndSwap(first, place); {
				first = k.outside.Load()
			}
			return
		}
	}
}
