package cpu

import (
	"fmt"

	"leeway/autodiff"
	"leeway/autodiff/cpu/vec"
)

// indexing runs gather and scatter-add: rows of a table by index.
type indexing[T vec.Float] struct {
	p           *Program
	f           *vec.Functions[T]
	node        *node
	table, list ref // list has a row for every index
	index       ref
	rows, row   int // of the table; elements of a row
	pieces      int
	t, x        []T
	i           []int32
	do          func(piece, thread int)
}

func newIndexing[T vec.Float](p *Program, n *node) runner {
	k := &indexing[T]{p: p, f: vec.For[T](), node: n, index: n.in[1].place()}
	table := n.in[0]
	k.table, k.list, k.do = table.place(), n.place(), k.gather
	if n.op == autodiff.OpScatterAdd {
		table = n
		k.table, k.list, k.do = n.place(), n.in[0].place(), k.scatter
	}
	k.rows = table.shape[0]
	k.row = table.size / k.rows
	k.pieces = max(1, min(32, k.list.n>>12))
	if n.op == autodiff.OpScatterAdd { // a piece owns rows of the table, and reads all of the index
		k.pieces = max(1, min(k.pieces, k.rows, k.row))
	}
	return k
}

func (k *indexing[T]) run() error {
	k.t, k.x, k.i = resolve[T](k.p, k.table), resolve[T](k.p, k.list), resolve[int32](k.p, k.index)
	for at, i := range k.i {
		if i < 0 || int(i) >= k.rows {
			return fmt.Errorf("cpu: run: %v: index %d at place %d of %v is not among rows 0 to %d. Try: labels and tokens from 0 to %d",
				k.node.value, i, at, k.node.in[1].shape, k.rows-1, k.rows-1)
		}
	}
	k.p.pool.Do(k.pieces, k.do)
	return nil
}

// gather copies the rows of a part of the index.
func (k *indexing[T]) gather(piece, _ int) {
	from, to := cut(len(k.i), k.pieces, piece), cut(len(k.i), k.pieces, piece+1)
	if k.row == 1 {
		for at, i := range k.i[from:to] {
			k.x[from+at] = k.t[i]
		}
		return
	}
	for at := from; at < to; at++ {
		i := int(k.i[at])
		copy(k.x[at*k.row:(at+1)*k.row], k.t[i*k.row:])
	}
}

// scatter adds to a part of the table's rows, in the order of the index.
func (k *indexing[T]) scatter(piece, _ int) {
	from, to := cut(k.rows, k.pieces, piece), cut(k.rows, k.pieces, piece+1)
	clear(k.t[from*k.row : to*k.row])
	for at, i := range k.i {
		if i := int(i); i >= from && i < to {
			if k.row == 1 {
				k.t[i] += k.x[at]
				continue
			}
			row := k.t[i*k.row : (i+1)*k.row]
			k.f.Add(row, row, k.x[at*k.row:(at+1)*k.row])
		}
	}
}

// cut is where piece i of n things in pieces nearly equal parts begins.
func cut(n, pieces, i int) int { return n * i / pieces }
