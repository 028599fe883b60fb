package cpu

import "leeway/autodiff"

// emitter writes a group's plan.
type emitter struct {
	g     *group
	l     *loop
	slot  map[emitKey]int
	fixed map[float64]int
}

// emitKey identifies a slot: a node at a level, or memory read in a pattern.
type emitKey struct {
	n     *node
	level level
	off   int
	shape string
}

// emit makes the plan of a group whose stored nodes have storage.
func emit(g *group) *loop {
	l := &loop{dtype: g.dtype, size: g.size, row: g.row, block: g.block, nodes: g.members}
	e := &emitter{g: g, l: l, slot: map[emitKey]int{}, fixed: map[float64]int{}}
	if l.block == 0 {
		l.block = e.flatBlock()
	}
	l.piece = pieceOf(l.size, l.block)
	for _, n := range g.members {
		e.member(n)
	}
	e.allocate()
	return l
}

// flatBlock is the length of blocks where no reduction asks for one: a multiple
// of the first repeated row or column, so that it is laid out once.
func (e *emitter) flatBlock() int {
	base := blockBase(e.g.dtype)
	for _, n := range e.g.members {
		for _, o := range n.in {
			a := source(o)
			if c := max(a.p.tile(), a.p.column()); c > 0 && c <= base && a.base.op != autodiff.OpConstant {
				return blockOf(e.g.dtype, c)
			}
		}
	}
	return base
}

func (e *emitter) member(n *node) {
	switch {
	case n.kind == reduces && !n.sum.isRow():
		e.partial(n)
	case n.kind == reads:
		a := readSource(n)
		dst := e.add(slot{kind: slotMemory, ref: ref{n.store, 0, n.size}})
		e.slot[emitKey{n: n, level: elements}] = dst
		src := e.add(slot{kind: slotDirect, ref: ref{a.base.store, a.off, a.p.span()}, p: a.p})
		e.l.code = append(e.l.code, instruction{form: move, dst: dst, operand: [3]int{src}})
	default:
		e.compute(n, n.level)
	}
}

func (e *emitter) add(s slot) int {
	s.lastUse = -1
	e.l.slots = append(e.l.slots, s)
	return len(e.l.slots) - 1
}

// result makes the slot that a node is computed into.
func (e *emitter) result(n *node, at level) int {
	if n.stored && n.group == e.g {
		return e.add(slot{kind: slotMemory, level: at, ref: ref{n.store, 0, n.size}})
	}
	return e.add(slot{level: at})
}

// compute emits a node's instruction, once.
func (e *emitter) compute(n *node, at level) int {
	key := emitKey{n: n, level: at}
	if s, ok := e.slot[key]; ok {
		return s
	}
	in := instruction{op: n.op, number: n.attr.Number, level: at}
	switch {
	case n.kind == reduces:
		in.form = rowSum
		if n.op == autodiff.OpMax {
			in.form = rowMax
		}
		in.operand[0] = e.vector(e.operand(n.in[0], elements), elements)
	default:
		for i, o := range n.in {
			in.operand[i] = e.operand(o, at)
		}
		e.shape(&in, len(n.in))
		if at == elements {
			e.l.operations++
		}
	}
	in.dst = e.result(n, at)
	e.l.code = append(e.l.code, in)
	e.slot[key] = in.dst
	return in.dst
}

// shape chooses the form of an instruction and makes numbers vectors where no
// form takes them.
func (e *emitter) shape(in *instruction, operands int) {
	number := func(i int) bool {
		k := e.l.slots[in.operand[i]].kind
		return k == slotNumber || k == slotScalar
	}
	switch {
	case operands == 2 && number(0) && !number(1):
		in.form = onLeft
	case operands == 2 && number(1) && !number(0):
		in.form = onRight
	default:
		for i := range operands {
			in.operand[i] = e.vector(in.operand[i], in.level)
		}
	}
}

// operand is the slot of an operand read at a level.
func (e *emitter) operand(o *node, at level) int {
	a := source(o)
	b := a.base
	switch {
	case b.op == autodiff.OpConstant:
		return e.constant(b.attr.Number)
	case a.memory || b.kind == leaf:
		return e.memory(a, at)
	case b.group == e.g && !(b.kind == reduces && !b.sum.isRow()):
		s := e.compute(b, b.level)
		if b.level == rows && at == elements {
			return e.expanded(emitKey{n: b, level: elements}, s)
		}
		return s
	case b.stored:
		return e.memory(a, at)
	}
	return e.compute(b, at)
}

func (e *emitter) constant(x float64) int {
	if s, ok := e.fixed[x]; ok && x != 0 {
		return s
	}
	s := e.add(slot{kind: slotNumber, number: x})
	e.fixed[x] = s
	return s
}

// expanded repeats a row's result for the row's elements.
func (e *emitter) expanded(key emitKey, s int) int {
	if s, ok := e.slot[key]; ok {
		return s
	}
	dst := e.add(slot{level: elements})
	e.l.code = append(e.l.code, instruction{form: expand, dst: dst, operand: [3]int{s}})
	e.slot[key] = dst
	return dst
}

// vector makes a slot with a number a register that repeats it.
func (e *emitter) vector(s int, at level) int {
	t := e.l.slots[s]
	if t.kind != slotNumber && t.kind != slotScalar {
		return s
	}
	t.kind, t.level = slotFixed, at
	return e.add(t)
}

// memory is the slot of an access to memory.
func (e *emitter) memory(a access, at level) int {
	key := emitKey{a.base, at, a.off, patternKey(a.p)}
	if s, ok := e.slot[key]; ok {
		return s
	}
	s := slot{level: at, ref: ref{a.base.store, a.off, a.p.span()}, p: a.p}
	size := e.l.size
	if at == rows {
		size /= e.l.row
	}
	tile := a.p.tile()
	switch {
	case a.base.op == autodiff.OpConstant:
		return e.constant(a.base.attr.Number)
	case a.p.isScalar():
		s.kind = slotScalar
	case a.p.isIdentity():
		s.kind = slotMemory
	case at == elements && tile > 0 && e.l.block%tile == 0 && size > e.l.block:
		s.kind = slotFixed
	case tile > 0:
		s.kind = slotWindow
	case at == elements && e.l.row > 0 && a.p.column() == e.l.row:
		// Columns of the loop's own rows: one element of memory per row.
		col := e.memory(access{a.base, identity(size / e.l.row), a.off, true}, rows)
		return e.expanded(key, col)
	default:
		s.kind = slotLoad
	}
	e.slot[key] = e.add(s)
	return e.slot[key]
}

func patternKey(p pattern) string {
	b := make([]byte, 0, 32)
	for _, d := range p {
		for _, x := range []int{d.n, d.stride} {
			for range 8 {
				b = append(b, byte(x))
				x >>= 8
			}
		}
	}
	return string(b)
}

// partial emits a reduction whose result is complete only after the loop.
func (e *emitter) partial(n *node) {
	s := partialSum{reduction: n.sum, max: n.op == autodiff.OpMax, out: ref{n.store, 0, n.size}}
	s.src = e.vector(e.operand(n.in[0], elements), elements)
	span := s.middle * s.inner // elements of one outer index
	total := 0
	for from := 0; from < e.l.size; from += e.l.piece {
		to := min(from+e.l.piece, e.l.size)
		first, last := from/span, (to-1)/span
		s.first = append(s.first, first)
		s.begin = append(s.begin, total)
		total += (last - first + 1) * s.inner
	}
	s.begin = append(s.begin, total)
	s.base = e.l.workspace
	e.l.workspace += total
	e.l.sums = append(e.l.sums, s)
	e.l.operations++
}
