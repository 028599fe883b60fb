package cpu

import (
	"fmt"

	"leeway/autodiff"
)

// Stats describes one run of a program. What it counts follows from the plan and
// does not depend on the machine.
type Stats struct {
	ProductFLOP     float64 // of matrix products and convolutions: 2 per multiplication and addition
	ElementwiseFLOP float64 // operations of fused loops, each counted as 1 per element
	BytesMoved      float64 // arrays read and written by all kernels, each once per kernel
	Kernels         int     // all kernels
	Loops           int     // fused loops among them

	// PeakBytes is what the program takes on one thread: the sum of the next four.
	// Inputs and literals, which are the caller's, are not in it, nor is what matrix
	// products and convolutions pack their operands into, which [Program.Bytes] has.
	PeakBytes     int
	BufferBytes   int // intermediate results and outputs, at their best packing
	SumBytes      int // sums of the pieces that loops are cut into
	ScratchBytes  int // blocks of fused loops; every further thread takes as much again
	ConstantBytes int // constants, and what depends on literals alone; clones share them

	// BytesWithoutReuse is what the arrays of BufferBytes took side by side.
	BytesWithoutReuse int
}

// Stats returns the plan's numbers.
func (p *Program) Stats() Stats { return p.plan.stats }

// Bytes is the memory that the program holds now, beside its inputs and literals:
// Stats' buffers, sums and constants, the scratch of all threads that ran so far,
// and the workspaces of matrix products and convolutions. The first run makes the
// last two. On several threads later runs may add to them, until every thread has had
// a part in every kernel.
func (p *Program) Bytes() int {
	s := p.plan.stats
	return s.BufferBytes + s.SumBytes + s.ConstantBytes + len(p.scratch)*s.ScratchBytes + p.gemm32.Bytes() + p.gemm64.Bytes()
}

// count fills the statistics in.
func (p *plan) count() {
	for _, s := range p.steps {
		w := s.work()
		p.stats.Kernels++
		p.stats.BytesMoved += w.bytes
		if s.loop != nil {
			p.stats.Loops++
			p.stats.ElementwiseFLOP += w.flop
		} else {
			p.stats.ProductFLOP += w.flop
		}
	}
}

// work is what a kernel does in a run.
type work struct{ flop, bytes float64 }

func (s *step) work() (w work) {
	if s.loop == nil {
		arrays := append([]*node{s.node}, s.node.in...)
		if s.node.with != nil {
			arrays = append(arrays, s.node.with)
		}
		for _, a := range arrays {
			w.bytes += float64(a.size * a.dtype.Size())
		}
		switch s.node.op {
		case autodiff.OpMatMul:
			d := productOf(s.node)
			w.flop = 2 * float64(d.m) * float64(d.n) * float64(d.k) * float64(d.batch.Count)
		case autodiff.OpConv, autodiff.OpConvInputGrad, autodiff.OpConvWeightGrad:
			w.flop = geometryOf(s.node).Flops()
		}
		return w
	}
	l := s.loop
	w.flop = float64(l.operations) * float64(l.size)
	size := float64(l.dtype.Size())
	for _, slot := range l.slots {
		if slot.ref.store != nil {
			w.bytes += float64(slot.ref.n) * size
		}
	}
	return w
}

// describe names a kernel and its shapes for tables.
func (s *step) describe() (kind, what string) {
	if s.loop == nil {
		what = fmt.Sprint(s.node.shape)
		for i, o := range s.node.in {
			what += map[bool]string{true: " = ", false: ", "}[i == 0] + fmt.Sprint(o.shape)
		}
		return s.node.op.String(), what
	}
	l := s.loop
	what = fmt.Sprintf("%d elements", l.size)
	if l.row > 0 {
		what = fmt.Sprintf("%d rows of %d", l.size/l.row, l.row)
	}
	what += ":"
	for i, n := range l.nodes {
		if i == 6 {
			what += fmt.Sprintf(" and %d more", len(l.nodes)-i)
			break
		}
		what += " " + n.op.String()
	}
	return "fused loop", what
}
