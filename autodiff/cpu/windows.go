package cpu

import (
	"leeway/autodiff"
	"leeway/autodiff/cpu/vec"
)

// windows runs the three operations of max pooling, a piece for every image. The
// positions of the maxima and the maxima themselves come from one kernel.
type windows[T vec.Float] struct {
	p              *Program
	f              *vec.Functions[T]
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
	do             func(piece, thread int)
}

func newWindows[T vec.Float](p *Program, n *node) runner {
	k := &windows[T]{p: p, f: vec.For[T](), op: n.op}
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
	k.do = k.runImage
	return k
}

func (k *windows[T]) run() error {
	k.x, k.index = resolve[T](k.p, k.image), resolve[int32](k.p, k.positions)
	if k.pooled.store != nil {
		k.y = resolve[T](k.p, k.pooled)
	}
	k.p.pool.Do(k.images, k.do)
	return nil
}

func (k *windows[T]) runImage(image, _ int) {
	x := k.x[image*k.sizeIn : (image+1)*k.sizeIn]
	if k.op == autodiff.OpPoolScatter {
		clear(x)
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
