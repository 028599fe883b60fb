package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of gemm's struct tile in bytes; fieldChecks makes the
// compiler hold them against the declaration.
const (
	fieldA          = 0
	fieldB          = 24
	fieldC          = 48
	fieldRowA       = 72
	fieldColA       = 80
	fieldGroupA     = 88
	fieldRowB       = 96
	fieldRowC       = 104
	fieldGroupC     = 112
	fieldK          = 120
	fieldSegments   = 128
	fieldColumns    = 152
	fieldAccumulate = 160
)

func fieldChecks() string {
	var s strings.Builder
	s.WriteString("\n// The assembly reads these fields at these offsets.\nvar (\n")
	for _, f := range []struct {
		name   string
		offset int
	}{
		{"a", fieldA}, {"b", fieldB}, {"c", fieldC}, {"rowA", fieldRowA}, {"colA", fieldColA}, {"groupA", fieldGroupA},
		{"rowB", fieldRowB}, {"rowC", fieldRowC}, {"groupC", fieldGroupC}, {"k", fieldK}, {"segments", fieldSegments},
		{"columns", fieldColumns}, {"accumulate", fieldAccumulate},
	} {
		fmt.Fprintf(&s, "\t_ = [1]struct{}{}[unsafe.Offsetof(tile[float32]{}.%s)-%d]\n", f.name, f.offset)
	}
	s.WriteString(")\n")
	return s.String()
}

func tileName(s set, e element, rows, vectors int) string {
	return fmt.Sprintf("tile%sx%dx%d", s.suffix(e), rows, vectors)
}

// rowGroup addresses the rows of A or C: the first half of a tile's rows lies at
// multiples of one stride from a first pointer, the rest from a second one.
type rowGroup struct {
	first, second    reg.GPVirtual
	one, three, five reg.GPVirtual // the stride times 1, 3, 5
	half             int
}

func (g rowGroup) at(row int) operand.Mem {
	base := g.first
	if row >= g.half {
		base, row = g.second, row-g.half
	}
	switch row {
	case 0:
		return operand.Mem{Base: base}
	case 1, 2, 4:
		return operand.Mem{Base: base, Index: g.one, Scale: uint8(row)}
	case 3, 6:
		return operand.Mem{Base: base, Index: g.three, Scale: uint8(row / 3)}
	default:
		return operand.Mem{Base: base, Index: g.five, Scale: 1}
	}
}

// tile writes the micro-kernel of the given number of rows and of vectors a row.
func (f *file) tile(s set, e element, rows, vectors int) {
	c := f.ctx
	name := tileName(s, e, rows, vectors)
	f.declare(name, fmt.Sprintf("%s computes a tile of %d rows by %d vectors with %s.", name, rows, vectors, s.title), "t *tile["+e.goType+"]")
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(t *byte)")
	t := f.ctx.Load(c.Param("t"), c.GP64()).(reg.GPVirtual)

	acc := s.vector[:rows*vectors]
	vb := s.vector[rows*vectors : rows*vectors+vectors]
	va := s.vector[rows*vectors+vectors : rows*vectors+vectors+2]
	for _, v := range acc {
		c.VXORPS(low(v), low(v), low(v)) // an xmm write clears the whole register
	}

	a := f.rows(t, e, rows, fieldRowA)
	colA, rowB := f.stride(t, e, fieldColA), f.stride(t, e, fieldRowB)
	pb, segment, segments, k := c.GP64(), c.GP64(), c.GP64(), c.GP64()
	c.MOVQ(at(t, fieldSegments), segment)
	c.MOVQ(at(t, fieldSegments+8), segments)

	c.Label("segment")
	f.offset(t, e, fieldA, at(segment, 0), a.first)
	if rows > a.half {
		c.MOVQ(at(t, fieldGroupA), a.second)
		c.LEAQ(operand.Mem{Base: a.first, Index: a.second, Scale: uint8(e.size)}, a.second)
	}
	f.offset(t, e, fieldB, at(segment, 8), pb)
	c.MOVQ(at(t, fieldK), k)
	step := func() {
		for v := range vb {
			e.load(f, operand.Mem{Base: pb, Disp: v * s.bytes}, vb[v])
		}
		for row := range rows {
			x := va[row%2]
			e.spread(f, a.at(row), x)
			for v := range vb {
				e.fma(f, vb[v], x, acc[row*vectors+v])
			}
		}
		c.ADDQ(colA, a.first)
		if rows > a.half {
			c.ADDQ(colA, a.second)
		}
		c.ADDQ(rowB, pb)
	}
	c.SUBQ(operand.Imm(uint64(s.unroll)), k)
	c.JLT(operand.LabelRef("rest"))
	c.Label("many")
	for range s.unroll {
		step()
	}
	c.SUBQ(operand.Imm(uint64(s.unroll)), k)
	c.JGE(operand.LabelRef("many"))
	c.Label("rest")
	c.ADDQ(operand.Imm(uint64(s.unroll)), k)
	c.JEQ(operand.LabelRef("next"))
	c.Label("one")
	step()
	c.DECQ(k)
	c.JNE(operand.LabelRef("one"))
	c.Label("next")
	c.ADDQ(operand.Imm(16), segment)
	c.DECQ(segments)
	c.JNE(operand.LabelRef("segment"))

	f.store(s, e, t, rows, acc, vb)
	c.VZEROUPPER()
	c.RET()
}

// store adds the tile to C or writes it there. Only the last vector of a row can
// be partly outside C; it then moves under a mask.
func (f *file) store(s set, e element, t reg.GPVirtual, rows int, acc, free []reg.VecPhysical) {
	c := f.ctx
	vectors := len(acc) / rows
	g := f.rows(t, e, rows, fieldRowC)
	c.MOVQ(at(t, fieldC), g.first)
	if rows > g.half {
		c.MOVQ(at(t, fieldGroupC), g.second)
		c.LEAQ(operand.Mem{Base: g.first, Index: g.second, Scale: uint8(e.size)}, g.second)
	}
	last := c.GP64() // columns of the last vector
	c.MOVQ(at(t, fieldColumns), last)
	if vectors > 1 {
		c.SUBQ(operand.I32((vectors-1)*s.lanes(e)), last)
	}
	place := func(i int) operand.Mem {
		m := g.at(i / vectors)
		m.Disp += i % vectors * s.bytes
		return m
	}
	c.CMPQ(last, operand.Imm(uint64(s.lanes(e))))
	c.JNE(operand.LabelRef("masked"))
	c.CMPQ(at(t, fieldAccumulate), operand.Imm(0))
	c.JEQ(operand.LabelRef("write"))
	for i, v := range acc {
		e.add(f, place(i), v, v)
	}
	c.Label("write")
	for i, v := range acc {
		e.load(f, v, place(i))
	}
	c.VZEROUPPER()
	c.RET()

	c.Label("masked")
	load, write := f.mask(s, e, last, free)
	c.CMPQ(at(t, fieldAccumulate), operand.Imm(0))
	c.JEQ(operand.LabelRef("maskedwrite"))
	x := s.vector[len(acc)+vectors] // a vector of A, no longer needed
	for i, v := range acc {
		if i%vectors < vectors-1 {
			e.add(f, place(i), v, v)
			continue
		}
		load(place(i), x)
		e.add(f, x, v, v)
	}
	c.Label("maskedwrite")
	for i, v := range acc {
		if i%vectors < vectors-1 {
			e.load(f, v, place(i))
			continue
		}
		write(v, place(i))
	}
}

// mask prepares moves of the first `last` lanes of a vector.
func (f *file) mask(s set, e element, last reg.GPVirtual, free []reg.VecPhysical) (load, write func(from, to operand.Op)) {
	c := f.ctx
	if s.bytes == 64 {
		bits := c.GP64()
		c.MOVQ(operand.U32(0xffffffff), bits)
		c.BZHIQ(last, bits, bits)
		c.KMOVW(bits.As32(), reg.K1)
		return func(m, v operand.Op) { e.zeroingLoad(f, m, reg.K1, v) },
			func(v, m operand.Op) { e.load(f, v, reg.K1, m) }
	}
	table, address := f.maskTable(), c.GP64()
	c.LEAQ(table, address)
	c.SHLQ(operand.Imm(uint64(e.shift())), last)
	c.SUBQ(last, address)
	mask := free[0]
	c.VMOVUPS(operand.Mem{Base: address, Disp: 32}, mask)
	return func(m, v operand.Op) { e.maskedMove(f, m, mask, v) },
		func(v, m operand.Op) { e.maskedMove(f, v, mask, m) }
}
