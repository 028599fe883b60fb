package cpu

import (
	"leeway/autodiff"
	"leeway/autodiff/cpu/vec"
)

// newSeparate makes the kernel of a node that is not part of a fused loop.
func newSeparate[T vec.Float](p *Program, n *node) runner {
	switch n.op {
	case autodiff.OpMatMul:
		return newMatMul[T](p, n)
	case autodiff.OpConv, autodiff.OpConvInputGrad, autodiff.OpConvWeightGrad:
		return newConvolution[T](p, n)
	case autodiff.OpArgMaxPool, autodiff.OpPoolGather, autodiff.OpPoolScatter:
		return newWindows[T](p, n)
	case autodiff.OpGather, autodiff.OpScatterAdd:
		return newIndexing[T](p, n)
	case autodiff.OpTranspose:
		return newTranspose[T](p, n)
	case autodiff.OpPad, autodiff.OpConcat:
		return newJoin[T](p, n)
	case autodiff.OpSum, autodiff.OpMax:
		return newColumns[T](p, n)
	}
	panic("cpu: no kernel for " + n.op.String())
}

// place is where a node's elements are.
func (n *node) place() ref {
	r, off := n.root()
	return ref{r.store, off, n.size}
}
