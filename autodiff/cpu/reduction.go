package cpu

import (
	"slices"

	"leeway/autodiff"
)

// reduction is a sum or maximum over the middle of three axes [outer middle
// inner], to which the axes of any reduction over neighbours collapse. Columns
// sums have outer 1, row sums have inner 1.
type reduction struct{ outer, middle, inner int }

// Sizes that decide how loops are cut. Tests make them small, so that small
// arrays have many blocks, pieces and long rows.
var (
	// blockBytes is the length of a block of a fused loop, more or less: a few
	// blocks stay in the first-level cache.
	blockBytes = 8192

	// maxRow is the longest row that a fused loop keeps together in a block, so
	// that the row's sum can be used in the same pass.
	maxRow = 4096

	// serialBelow is the work, in elements times operations, that is not worth
	// waking other threads for.
	serialBelow = 1 << 15
)

// isRow reports whether the reduction is over rows short enough to stay in a block.
func (r reduction) isRow() bool { return r.inner == 1 && r.middle <= maxRow }

// splitReduction cuts a list of axes, sorted, into reductions over neighbouring
// axes; the innermost comes first, since it shrinks the array at the best order
// of memory. Axes of length 1 join their neighbours.
func splitReduction(shape autodiff.Shape, axes []int) (parts [][]int) {
	var run []int
	for i := len(shape) - 1; i >= 0; i-- {
		switch {
		case slices.Contains(axes, i):
			run = append(run, i)
		case shape[i] > 1 && len(run) > 0:
			parts, run = append(parts, run), nil
		}
	}
	if len(run) > 0 {
		parts = append(parts, run)
	}
	for _, p := range parts {
		slices.Reverse(p)
	}
	return parts
}

// setReduction makes the node reduce its operand over neighbouring axes. A
// reduction whose rows are longer than a block has its own kernel.
func (n *node) setReduction(axes []int) {
	x := n.in[0].shape
	n.attr.Axes = axes
	n.shape = kept(x, axes)
	n.sum = reduction{1, 1, 1}
	for i, d := range x {
		switch {
		case slices.Contains(axes, i):
			n.sum.middle *= d
		case i < axes[0]:
			n.sum.outer *= d
		default:
			n.sum.inner *= d
		}
	}
	n.kind = reduces
	if n.sum.inner > blockBase(n.dtype) {
		n.kind = separate
	}
}

// blockBase is the number of elements of a block, if nothing asks for another.
func blockBase(d autodiff.DType) int { return blockBytes / d.Size() }

// blockOf is the length of blocks that hold whole rows. It depends on the row
// alone: it decides the order of sums, which must not depend on what else is
// computed in the same loop.
func blockOf(d autodiff.DType, row int) int {
	return row * max(1, blockBase(d)/row)
}
