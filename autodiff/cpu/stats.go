package cpu

import (
	"fmt"

	"leeway/autodiff"
)

// Stats describes one run of a program. What it counts follows from the plan and
// does not depend on the machine.
type Stats struct {
	ProductFLOP       float64 // of matrix products and convolutions: 2 per multiplication and addition
	ElementwiseFLOP   float64 // operations of fused loops, each counted as 1 per element
	BytesMoved        float64 // arrays read and written by all kernels, each once per kernel
	PeakBytes         int     // buffers and outputs at their best packing
	BytesWithoutReuse int     // what the same arrays took side by side
	Kernels           int     // all kernels
	Loops             int     // fused loops among them
}

// Stats returns the plan's numbers.
func (p *Program) Stats() Stats { return p.plan.stats }

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
