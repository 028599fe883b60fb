package cpu

import (
	"math"

	"leeway/autodiff"
)

// plan is what all clones of a program share: kernels and where their arrays lie.
type plan struct {
	steps    []*step
	storages []*storage
	inputs   map[*autodiff.Value]*storage // what the caller binds
	outputs  []output
	bytes    int // length of the arena
	scratch  int // bytes of scratch for every thread
	work     int // bytes of accumulators for a loop
	stats    Stats
}

// output is a value that a program was compiled for: a part of a storage.
type output struct {
	value *autodiff.Value
	ref
	alone bool // nothing else is in its memory, so that the kernel may write elsewhere
}

// newPlan gives every stored node a storage and finds how long it is in use.
func newPlan(steps []*step, nodes, outputs []*node) *plan {
	p := &plan{steps: steps, inputs: map[*autodiff.Value]*storage{}}
	for _, n := range nodes {
		if n.kind == view || !n.stored {
			continue
		}
		if n.onto != nil {
			n.store = n.onto.store
			continue
		}
		n.store = &storage{id: len(p.storages), value: n.value, dtype: n.dtype, size: n.size, first: n.kernel, last: n.kernel}
		n.store.bytes = aligned(n.size * n.dtype.Size())
		p.storages = append(p.storages, n.store)
		if n.kind == leaf {
			n.store.origin = fromCaller
			switch n.op {
			case autodiff.OpConstant:
				n.store.origin, n.store.own = fromCompile, true
			case autodiff.OpLiteral:
				n.store.origin, n.store.data = fromCompile, *n.attr.Literal
				n.store.own = n.value.Op() != autodiff.OpLiteral // folded
			default:
				p.inputs[n.value] = n.store
			}
		}
	}
	p.emit()
	p.lifetimes()
	taken := map[*storage]bool{}
	for _, n := range outputs {
		r, off := n.root()
		o := output{value: n.value, ref: ref{r.store, off, n.size}}
		o.alone = r.store.origin == fromBuffer && off == 0 && n.size == r.size && !taken[r.store]
		taken[r.store] = true
		p.outputs = append(p.outputs, o)
		r.store.last = math.MaxInt
	}
	p.overlay()
	return p
}

// emit plans the loops and collects what memory kernels need beside their arrays.
func (p *plan) emit() {
	for _, s := range p.steps {
		if s.group == nil {
			continue
		}
		s.loop = emit(s.group)
		size := s.loop.dtype.Size()
		p.scratch = max(p.scratch, s.loop.scratchSize()*size)
		p.work = max(p.work, s.loop.workspace*size)
	}
}

// lifetimes finds the last use of every storage.
func (p *plan) lifetimes() {
	for k, s := range p.steps {
		for _, u := range s.uses() {
			u.last = max(u.last, k)
		}
	}
}

// uses lists the storages that a kernel reads or writes.
func (s *step) uses() (u []*storage) {
	if s.loop == nil {
		for _, o := range s.node.in {
			r, _ := o.root()
			if r.store != nil {
				u = append(u, r.store)
			}
		}
		if s.node.with != nil {
			u = append(u, s.node.with.store)
		}
		return append(u, s.node.store)
	}
	for _, slot := range s.loop.slots {
		if slot.ref.store != nil {
			u = append(u, slot.ref.store)
		}
	}
	for _, sum := range s.loop.sums {
		u = append(u, sum.out.store)
	}
	return u
}

// overlay lets loops write over arrays that nobody reads afterwards.
func (p *plan) overlay() {
	for k, s := range p.steps {
		if s.loop == nil {
			continue
		}
		l := s.loop
		readers := map[*storage]int{}
		for _, slot := range l.slots {
			if slot.ref.store != nil {
				readers[slot.ref.store]++
			}
		}
		for i, in := range l.code {
			dst := l.slots[in.dst]
			if dst.kind != slotMemory || dst.ref.store.joined != nil {
				continue
			}
			for _, src := range l.slots {
				old := src.ref.store
				if src.kind == slotMemory && src.level == dst.level && src.ref.off == 0 && src.ref.n == dst.ref.n &&
					old != dst.ref.store && old.origin == fromBuffer && old.size == dst.ref.n && old.last == k && old.first < k &&
					readers[old] == 1 && old.dtype.Size() == dst.ref.store.dtype.Size() && src.lastUse <= i {
					dst.ref.store.joined = old
					readers[old]++ // taken
					break
				}
			}
		}
	}
}
