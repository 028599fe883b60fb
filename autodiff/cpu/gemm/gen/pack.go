package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// copyRows writes the function that packs rows of one or two vectors: dst gets
// whole vectors, of which only the first columns elements of a row are defined by
// src; nothing beyond them is read.
func (f *file) copyRows(s set, e element, vectors int) {
	c := f.ctx
	name := fmt.Sprintf("copyRows%sx%d", s.suffix(e), vectors)
	f.begin(name, fmt.Sprintf("%s copies rows of columns elements, at most %d vectors of %s, to rows of whole vectors.", name, vectors, s.title),
		fmt.Sprintf("dst, src []%s, stride, rows, columns int", e.goType))
	dst, src := f.base("dst"), f.base("src")
	stride, rows, last := f.param("stride"), f.param("rows"), f.param("columns")
	c.SHLQ(operand.Imm(uint64(e.shift())), stride)
	if vectors > 1 {
		c.SUBQ(operand.I32((vectors-1)*s.lanes(e)), last)
	}
	load, _ := f.mask(s, e, last, s.vector[15:16])
	const unroll = 4
	move := func(rows int) {
		at := src
		for r := range rows {
			for v := range vectors {
				m := operand.Mem{Base: at, Disp: v * s.bytes}
				x := s.vector[r*vectors+v]
				if v < vectors-1 {
					e.load(f, m, x)
				} else {
					load(m, x)
				}
			}
			c.ADDQ(stride, src)
		}
		for i := range rows * vectors {
			e.load(f, s.vector[i], operand.Mem{Base: dst, Disp: i * s.bytes})
		}
		c.ADDQ(operand.I32(rows*vectors*s.bytes), dst)
	}
	c.SUBQ(operand.Imm(unroll), rows)
	c.JLT(operand.LabelRef("rest"))
	c.Label("many")
	move(unroll)
	c.SUBQ(operand.Imm(unroll), rows)
	c.JGE(operand.LabelRef("many"))
	c.Label("rest")
	c.ADDQ(operand.Imm(unroll), rows)
	c.JEQ(operand.LabelRef("done"))
	c.Label("one")
	move(1)
	c.DECQ(rows)
	c.JNE(operand.LabelRef("one"))
	c.Label("done")
	c.VZEROUPPER()
	c.RET()
}

// transpose writes the function that packs a block of a transposed matrix: up to
// one vector's lanes of stored rows become columns. Missing rows repeat the last.
func (f *file) transpose(s set, e element) {
	c := f.ctx
	lanes := s.lanes(e)
	name := "transpose" + s.suffix(e)
	f.begin(name, fmt.Sprintf("%s writes column k of the rows of src to dst[k width:], for k below depth, a multiple of %d, and at most %d rows; missing rows repeat the last.",
		name, lanes, lanes), fmt.Sprintf("dst []%s, width int, src []%s, stride, rows, depth int", e.goType, e.goType))
	dst, src := f.base("dst"), f.base("src")
	width, stride, rows, depth := f.param("width"), f.param("stride"), f.param("rows"), f.param("depth")
	c.SHLQ(operand.Imm(uint64(e.shift())), width)
	c.SHLQ(operand.Imm(uint64(e.shift())), stride)
	p, step, zero := c.GP64(), c.GP64(), c.GP64()
	c.XORQ(zero, zero)
	c.Label("block")
	c.MOVQ(src, p)
	c.MOVQ(stride, step)
	v := make([]reg.VecVirtual, lanes)
	for i := range v {
		if i > 0 {
			c.CMPQ(rows, operand.Imm(uint64(i)))
			c.CMOVQLE(zero, step)
			c.ADDQ(step, p)
		}
		v[i] = f.wide(s)
		e.load(f, at(p, 0), v[i])
	}
	for _, x := range f.transposed(s, e, v) {
		e.load(f, x, at(dst, 0))
		c.ADDQ(width, dst)
	}
	c.ADDQ(operand.Imm(uint64(s.bytes)), src)
	c.SUBQ(operand.Imm(uint64(lanes)), depth)
	c.JNE(operand.LabelRef("block"))
	c.VZEROUPPER()
	c.RET()
}

// transposed transposes a square of lanes by lanes elements: first every square of
// 128 bits' worth of elements within itself, then these squares among each other.
func (f *file) transposed(s set, e element, v []reg.VecVirtual) []reg.VecVirtual {
	c := f.ctx
	two := func(op func(ops ...operand.Op), a, b reg.VecVirtual) reg.VecVirtual {
		x := f.wide(s)
		op(b, a, x) // avo's operands come last one first
		return x
	}
	inSquare := 16 / e.size
	squares := make([][]reg.VecVirtual, inSquare) // by column in its square, then by rows
	for i := 0; i < len(v); i += inSquare {
		var columns []reg.VecVirtual
		if e.size == 8 {
			columns = []reg.VecVirtual{two(c.VUNPCKLPD, v[i], v[i+1]), two(c.VUNPCKHPD, v[i], v[i+1])}
		} else {
			l0, h0 := two(c.VUNPCKLPS, v[i], v[i+1]), two(c.VUNPCKHPS, v[i], v[i+1])
			l1, h1 := two(c.VUNPCKLPS, v[i+2], v[i+3]), two(c.VUNPCKHPS, v[i+2], v[i+3])
			columns = []reg.VecVirtual{two(c.VUNPCKLPD, l0, l1), two(c.VUNPCKHPD, l0, l1), two(c.VUNPCKLPD, h0, h1), two(c.VUNPCKHPD, h0, h1)}
		}
		for j, x := range columns {
			squares[j] = append(squares[j], x)
		}
	}
	out := make([]reg.VecVirtual, len(v))
	for j, x := range squares {
		if s.bytes == 32 {
			for l, control := range []uint64{0x20, 0x31} {
				out[inSquare*l+j] = f.wide(s)
				c.VPERM2F128(operand.Imm(control), x[1], x[0], out[inSquare*l+j])
			}
			continue
		}
		pick := func(control uint64, a, b reg.VecVirtual) reg.VecVirtual {
			y := f.wide(s)
			c.VSHUFF32X4(operand.Imm(control), b, a, y)
			return y
		}
		even0, odd0 := pick(0x88, x[0], x[1]), pick(0xdd, x[0], x[1])
		even1, odd1 := pick(0x88, x[2], x[3]), pick(0xdd, x[2], x[3])
		out[j], out[2*inSquare+j] = pick(0x88, even0, even1), pick(0xdd, even0, even1)
		out[inSquare+j], out[3*inSquare+j] = pick(0x88, odd0, odd1), pick(0xdd, odd0, odd1)
	}
	return out
}

// wide is a new vector register.
func (f *file) wide(s set) reg.VecVirtual {
	if s.bytes == 64 {
		return f.ctx.ZMM()
	}
	return f.ctx.YMM()
}

// begin starts a function whose signature avo and Go both understand.
func (f *file) begin(name, doc, signature string) {
	f.declare(name, doc, signature)
	f.ctx.Function(name)
	f.ctx.Attributes(attr.NOSPLIT)
	f.ctx.SignatureExpr("func(" + signature + ")")
}

func (f *file) base(name string) reg.GPVirtual {
	return f.ctx.Load(f.ctx.Param(name).Base(), f.ctx.GP64()).(reg.GPVirtual)
}

func (f *file) param(name string) reg.GPVirtual {
	return f.ctx.Load(f.ctx.Param(name), f.ctx.GP64()).(reg.GPVirtual)
}
