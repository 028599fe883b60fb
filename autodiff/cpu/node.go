package cpu

import (
	"fmt"
	"slices"

	"leeway/autodiff"
)

// node is a value as the compiler sees it. Nodes stand in topological order.
type node struct {
	order int
	value *autodiff.Value // the value that it computes, for errors and tables
	op    autodiff.Op
	dtype autodiff.DType
	shape autodiff.Shape
	size  int
	in    []*node
	attr  autodiff.Attributes

	// A view has the elements of another node, from offset on, in its memory.
	of     *node
	offset int

	kind   kind
	with   *node     // a pool gather at the positions that this node finds: one kernel does both
	onto   *node     // a product that this one is added to, in its memory
	sum    reduction // of kind reduces
	placed bool      // a kernel computes it, or it is a leaf
	kernel int       // that kernel's position; -1 for leaves
	group  *group    // the fused loop that computes it
	level  level
	stored bool // it has memory of its own
	store  *storage
}

// kind is how a node is computed.
type kind uint8

const (
	leaf      kind = iota // by nobody: inputs, given values, constants, literals
	view                  // it is another node's memory
	maps                  // in a fused loop, elementwise
	reads                 // in a fused loop, as a pattern of reading its operand
	reduces               // in a fused loop, as a sum or maximum
	separate              // by a kernel of its own
	companion             // by the kernel of another node, beside it
)

// root is the node whose memory n has, and where in it n begins.
func (n *node) root() (r *node, offset int) {
	for n.kind == view {
		offset += n.offset
		n = n.of
	}
	return n, offset
}

// lower makes the nodes of a list of values in topological order. Leaves are
// inputs, constants, literals, and what isLeaf names.
func lower(order []*autodiff.Value, isLeaf func(*autodiff.Value) bool) (nodes []*node, of map[*autodiff.Value]*node, err error) {
	of = map[*autodiff.Value]*node{}
	type threshold struct {
		x *node
		c float64
	}
	rectified := map[threshold]*node{}
	add := func(n *node) *node {
		n.order, n.size = len(nodes), n.shape.Size()
		nodes = append(nodes, n)
		return n
	}
	for _, v := range order {
		if v.Op() == autodiff.OpInvalid {
			return nil, nil, fmt.Errorf("cpu: an output is invalid: %w", v.Graph().Err())
		}
		n := &node{value: v, op: v.Op(), dtype: v.DType(), shape: v.Shape(), attr: v.Attributes()}
		if !isLeaf(v) {
			for _, o := range v.Operands() {
				n.in = append(n.in, of[o])
			}
			n.kind = kindOf(n)
			unrepeat(n)
		}
		switch {
		case n.kind == leaf:
			n.placed, n.stored, n.kernel = true, true, -1
		case n.kind == view:
			n.of = n.in[0]
			if n.op == autodiff.OpSlice {
				for i, s := range strides(n.of.shape) {
					n.offset += n.attr.Start[i] * s
				}
			}
		case n.kind == reduces:
			parts := splitReduction(n.in[0].shape, n.attr.Axes)
			for _, axes := range parts[:len(parts)-1] {
				inner := &node{value: v, op: n.op, dtype: n.dtype, shape: kept(n.in[0].shape, axes), in: n.in}
				inner.setReduction(axes)
				n.in = []*node{add(inner)}
			}
			n.setReduction(parts[len(parts)-1])
		case n.op == autodiff.OpPoolGather && n.kind == separate:
			if p := n.in[1]; p.op == autodiff.OpArgMaxPool && p.kind == separate && p.in[0] == n.in[0] && p.with == nil {
				p.with, n.kind = n, companion
			}
		case n.op == autodiff.OpMaxConstant:
			rectified[threshold{n.in[0], n.attr.Number}] = n
		case n.op == autodiff.OpGreater && n.in[1].op == autodiff.OpConstant:
			// x > c is max(x, c) > c: the rectified value is what gets stored.
			if y := rectified[threshold{n.in[0], n.in[1].attr.Number}]; y != nil {
				n.in = []*node{y, n.in[1]}
			}
		}
		of[v] = add(n)
	}
	return nodes, of, nil
}

func kindOf(n *node) kind {
	op := n.op
	switch {
	case op == autodiff.OpInput, op == autodiff.OpConstant, op == autodiff.OpLiteral:
		return leaf
	case op == autodiff.OpReshape, op == autodiff.OpStop:
		return view
	case op == autodiff.OpSlice && contiguous(n.in[0].shape, n.shape):
		return view
	case op.Elementwise():
		return maps
	case op == autodiff.OpBroadcast, op == autodiff.OpSlice:
		return reads
	case op == autodiff.OpTranspose:
		switch p := transposePattern(n.in[0].shape, n.attr.Axes); {
		case p.isIdentity():
			return view // only axes of length 1 change places
		case p[len(p)-1].stride == 1:
			return reads // runs stay runs
		}
	case op == autodiff.OpSum, op == autodiff.OpMax:
		return reduces
	}
	return separate
}

// contiguous reports whether a block of a dense array is one run of memory.
func contiguous(shape, block autodiff.Shape) bool {
	full := true // all axes from here on are whole
	for i := len(shape) - 1; i >= 0; i-- {
		if !full && block[i] != 1 {
			return false
		}
		full = full && block[i] == shape[i]
	}
	return true
}

// kept is the shape with the axes of length 1.
func kept(shape autodiff.Shape, axes []int) autodiff.Shape {
	s := slices.Clone(shape)
	for _, a := range axes {
		s[a] = 1
	}
	return s
}

// access is how a node's elements are read: those of base, from off on, in a
// pattern. A base that is not stored is a register of the loop, unless memory
// says that only its memory serves.
type access struct {
	base   *node
	p      pattern
	off    int
	memory bool
}

// source sees through views and reads to the node that has the elements. It
// depends on the graph alone, not on what is stored so far.
func source(n *node) access {
	switch {
	case n.kind == view && n.of.size == n.size:
		return source(n.of)
	case n.kind == view:
		if a := source(n.of); a.p.isIdentity() {
			return access{a.base, identity(n.size), a.off + n.offset, true}
		}
		r, off := n.root()
		return access{r, identity(n.size), off, true}
	case n.kind == reads:
		return readSource(n)
	}
	return access{base: n, p: identity(n.size)}
}

// readSource is how the elements of a node of kind reads are found.
func readSource(n *node) access {
	p, off := readPattern(n)
	a := source(n.in[0])
	if q, ok := p.after(a.p); ok && (off == 0 || a.p.isIdentity()) {
		return access{a.base, q, a.off + off, a.memory || n.op != autodiff.OpBroadcast || a.off+off != 0}
	}
	r, at := n.in[0].root()
	return access{r, p, off + at, true}
}

// readPattern is how a node of kind reads takes its operand's elements.
func readPattern(n *node) (p pattern, offset int) {
	x := n.in[0]
	switch n.op {
	case autodiff.OpBroadcast:
		return broadcastPattern(x.shape, n.shape), 0
	case autodiff.OpTranspose:
		return transposePattern(x.shape, n.attr.Axes), 0
	}
	for i, s := range strides(x.shape) {
		offset += n.attr.Start[i] * s
	}
	return slicePattern(x.shape, n.shape), offset
}
