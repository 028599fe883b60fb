package cpu

import (
	"leeway/autodiff"
	"leeway/autodiff/cpu/gemm"
	"leeway/autodiff/cpu/vec"
)

// convolution runs one of the three bilinear maps of a convolution.
type convolution[T vec.Float] struct {
	p       *Program
	op      autodiff.Op
	x, y, z ref  // z = op(x, y)
	add     bool // to what z holds
	gemm.Geometry
}

func newConvolution[T vec.Float](p *Program, n *node) runner {
	return &convolution[T]{p: p, op: n.op, x: n.in[0].place(), y: n.in[1].place(), z: n.place(), add: n.onto != nil, Geometry: geometryOf(n)}
}

func geometryOf(n *node) gemm.Geometry {
	image, kernel, result := n.in[0].shape, n.in[1].shape, n.shape
	switch n.op {
	case autodiff.OpConvInputGrad:
		image, result = result, image
	case autodiff.OpConvWeightGrad:
		kernel, result = result, kernel
	}
	w := n.attr.Window
	return gemm.Geometry{
		N: image[0], H: image[1], W: image[2], C: image[3],
		KH: kernel[0], KW: kernel[1], O: kernel[3], OH: result[1], OW: result[2],
		StrideH: w.StrideH, StrideW: w.StrideW,
		PadTop: w.PadTop, PadBottom: w.PadBottom, PadLeft: w.PadLeft, PadRight: w.PadRight,
	}
}

func (k *convolution[T]) run() error {
	x, y, z := resolve[T](k.p, k.x), resolve[T](k.p, k.y), resolve[T](k.p, k.z)
	ws := workspaceOf[T](k.p)
	switch k.op {
	case autodiff.OpConv:
		gemm.Conv(&k.p.pool, ws, k.Geometry, z, x, y, k.add)
	case autodiff.OpConvInputGrad:
		gemm.ConvInputGrad(&k.p.pool, ws, k.Geometry, z, x, y, k.add)
	default:
		gemm.ConvWeightGrad(&k.p.pool, ws, k.Geometry, z, x, y, k.add)
	}
	return nil
}
