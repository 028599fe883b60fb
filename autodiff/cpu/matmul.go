package cpu

import (
	"leeway/autodiff"
	"leeway/autodiff/cpu/gemm"
	"leeway/autodiff/cpu/vec"
)

// matMul runs a matrix product, or one for every entry of the leading axes.
type matMul[T vec.Float] struct {
	p              *Program
	a, b, c        ref
	batch          gemm.Batch
	m, n, k        int
	lda, ldb       int
	transA, transB bool
	add            bool // to what c holds
}

func newMatMul[T vec.Float](p *Program, n *node) runner {
	d := productOf(n)
	return &matMul[T]{
		p: p, a: n.in[0].place(), b: n.in[1].place(), c: n.place(),
		batch: d.batch, m: d.m, n: d.n, k: d.k, lda: d.lda, ldb: d.ldb,
		transA: n.attr.TransA, transB: n.attr.TransB, add: n.onto != nil,
	}
}

// product is the geometry of a matrix product.
type product struct {
	batch    gemm.Batch
	m, n, k  int
	lda, ldb int
}

func productOf(n *node) product {
	rank := len(n.shape)
	a, b := n.value.Operands()[0].Shape(), n.value.Operands()[1].Shape()
	d := product{m: n.shape[rank-2], n: n.shape[rank-1], k: a[rank-1], lda: a[rank-1], ldb: b[rank-1]}
	if n.attr.TransA {
		d.k = a[rank-2]
	}
	d.batch.Count = n.size / (d.m * d.n)
	d.batch.StrideA, d.batch.StrideB, d.batch.StrideC = d.m*d.k, d.k*d.n, d.m*d.n
	if n.in[0].size == d.m*d.k {
		d.batch.StrideA = 0 // one matrix for all
	}
	if n.in[1].size == d.k*d.n {
		d.batch.StrideB = 0
	}
	if d.batch.StrideB == 0 && d.batch.StrideA != 0 && !n.attr.TransA {
		d.m, d.batch.Count = d.m*d.batch.Count, 1 // the rows of all are one matrix
	}
	return d
}

// unrepeat lets a matrix product read a matrix that is repeated along all
// leading axes once.
func unrepeat(n *node) {
	if n.op != autodiff.OpMatMul {
		return
	}
	for i, o := range n.in {
		if o.kind != reads || o.op != autodiff.OpBroadcast {
			continue
		}
		x := o.in[0]
		matrix := len(o.shape) - 2
		if x.shape[matrix:].Equal(o.shape[matrix:]) && x.size == x.shape[matrix:].Size() {
			n.in[i] = x
		}
	}
}

func (k *matMul[T]) run() error {
	a, b, c := resolve[T](k.p, k.a), resolve[T](k.p, k.b), resolve[T](k.p, k.c)
	ws := workspaceOf[T](k.p)
	if k.batch.Count == 1 {
		gemm.MatMul(&k.p.pool, ws, c, k.n, a, k.lda, k.transA, b, k.ldb, k.transB, k.m, k.n, k.k, k.add)
		return nil
	}
	gemm.BatchMatMul(&k.p.pool, ws, k.batch, c, k.n, a, k.lda, k.transA, b, k.ldb, k.transB, k.m, k.n, k.k, k.add)
	return nil
}
