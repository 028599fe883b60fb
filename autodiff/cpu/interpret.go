package cpu

import (
	"leeway/autodiff/cpu/vec"
)

// interpreter runs a loop in one program.
type interpreter[T vec.Float] struct {
	*loop
	p       *Program
	f       *vec.Functions[T]
	threads []*registers[T]
	data    [][]T // the memory of slots, for this run
	partial []T   // accumulators
	do      func(piece, thread int)
}

// registers are what one thread holds.
type registers[T vec.Float] struct {
	elements, rows []T   // scratch
	at             [][]T // of every slot: the present block
	number         []T   // of every slot: its number
	from           int   // where the present block begins
}

func newInterpreter[T vec.Float](p *Program, l *loop) *interpreter[T] {
	r := &interpreter[T]{loop: l, p: p, f: vec.For[T](), data: make([][]T, len(l.slots))}
	r.do = r.runPiece
	return r
}

// run computes the loop.
func (r *interpreter[T]) run() error {
	for len(r.threads) < r.p.threads {
		r.threads = append(r.threads, &registers[T]{
			at: make([][]T, len(r.slots)), number: make([]T, len(r.slots)),
		})
	}
	for i := range r.slots {
		if s := &r.slots[i]; s.ref.store != nil {
			r.data[i] = resolve[T](r.p, s.ref)
		}
	}
	if r.workspace > 0 {
		r.partial = scratch[T](r.p.workspace, r.workspace)
	}
	if r.size*max(1, len(r.code)) < serialBelow {
		for i := range r.pieces() {
			r.runPiece(i, 0)
		}
	} else {
		r.p.pool.Do(r.pieces(), r.do)
	}
	for i := range r.sums {
		r.combine(&r.sums[i])
	}
	return nil
}

// runPiece runs the blocks of a piece.
func (r *interpreter[T]) runPiece(piece, thread int) {
	t := r.threads[thread]
	r.prepare(t, thread)
	from := piece * r.piece
	to := min(from+r.piece, r.size)
	for i := range r.sums {
		s := &r.sums[i]
		acc := r.partial[s.base+s.begin[piece] : s.base+s.begin[piece+1]]
		if s.max {
			r.f.Fill(acc, lowest[T]())
		} else {
			clear(acc)
		}
	}
	for ; from < to; from += r.block {
		n := min(r.block, to-from)
		r.position(t, from, n)
		for i := range r.code {
			r.execute(t, &r.code[i])
		}
		for i := range r.sums {
			s := &r.sums[i]
			r.accumulate(s, r.partial[s.base+s.begin[piece]:s.base+s.begin[piece+1]], s.first[piece], t.at[s.src], from)
		}
	}
}

// prepare fills what stays the same for all blocks.
func (r *interpreter[T]) prepare(t *registers[T], thread int) {
	memory := r.p.scratch[thread]
	all := scratch[T](memory, r.scratchSize())
	t.elements, t.rows = all[:r.registers*r.stride()], all[r.registers*r.stride():]
	for i := range r.slots {
		s := &r.slots[i]
		switch s.kind {
		case slotNumber:
			t.number[i] = T(s.number)
		case slotScalar:
			t.number[i] = r.data[i][0]
		case slotFixed:
			switch b := t.scratch(r.loop, s); {
			case s.ref.store == nil:
				r.f.Fill(b, T(s.number))
			case s.p.isScalar():
				r.f.Fill(b, r.data[i][0])
			default:
				r.f.Tile(b, r.data[i])
			}
		}
	}
}

// stride is the distance of registers in the scratch memory: whole cache lines,
// and not a power of two, so that the registers do not meet in the same sets of
// a cache.
func (l *loop) stride() int { return l.block + 64 }

func (l *loop) rowStride() int {
	if l.row == 0 {
		return 0
	}
	return (l.block/l.row+15)/16*16 + 16
}

// scratchSize is the number of elements of all registers.
func (l *loop) scratchSize() int { return l.registers*l.stride() + l.columns*l.rowStride() }

// scratch is a slot's whole register.
func (t *registers[T]) scratch(l *loop, s *slot) []T {
	if s.level == rows {
		n := l.rowStride()
		return t.rows[s.reg*n:][:l.block/l.row]
	}
	n := l.stride()
	return t.elements[s.reg*n:][:l.block]
}

// position sets every slot to the block of n elements at from.
func (r *interpreter[T]) position(t *registers[T], from, n int) {
	t.from = from
	rowFrom, rowN := from, n
	if r.row > 0 {
		rowFrom, rowN = from/r.row, n/r.row
	}
	for i := range r.slots {
		s := &r.slots[i]
		from, n := from, n
		if s.level == rows {
			from, n = rowFrom, rowN
		}
		switch s.kind {
		case slotMemory:
			t.at[i] = r.data[i][from : from+n]
		case slotRegister, slotFixed:
			t.at[i] = t.scratch(r.loop, s)[:n]
		case slotWindow:
			if phase := from % s.p.tile(); phase+n <= s.p.tile() {
				t.at[i] = r.data[i][phase : phase+n]
				continue
			}
			fallthrough
		case slotLoad:
			b := t.scratch(r.loop, s)[:n]
			load(b, r.data[i], s.p, from)
			t.at[i] = b
		}
	}
}
