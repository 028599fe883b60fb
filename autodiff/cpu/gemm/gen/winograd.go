package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The transforms of Winograd's convolution F(2x2, 3x3), Lavin and Gray 2016.
// Each works on vectors of channels: squares of pixels or taps come in at two
// strides, squares of 4 by 4 lie in 16 planes.

// square addresses a square of vectors at two strides in bytes.
type square struct {
	rows   [4]reg.GPVirtual // where rows begin
	column reg.GPVirtual
	three  reg.GPVirtual // three columns
}

func (q square) at(i, j int) operand.Mem {
	switch j {
	case 0:
		return at(q.rows[i], 0)
	case 3:
		return operand.Mem{Base: q.rows[i], Index: q.three, Scale: 1}
	}
	return operand.Mem{Base: q.rows[i], Index: q.column, Scale: uint8(j)}
}

// square makes the registers of a square of size rows from parameters.
func (f *file) square(e element, base, row, column string, size int) square {
	c := f.ctx
	var q square
	stride := f.param(row)
	c.SHLQ(operand.Imm(uint64(e.shift())), stride)
	for i := range size {
		if i == 0 {
			q.rows[0] = f.base(base)
			continue
		}
		q.rows[i] = c.GP64()
		c.LEAQ(operand.Mem{Base: q.rows[i-1], Index: stride, Scale: 1}, q.rows[i])
	}
	q.column = f.param(column)
	c.SHLQ(operand.Imm(uint64(e.shift())), q.column)
	if size == 4 {
		q.three = c.GP64()
		c.LEAQ(operand.Mem{Base: q.column, Index: q.column, Scale: 2}, q.three)
	}
	return q
}

// transform is one of them: squares of in by in become squares of out by out,
// by a linear map of their columns and then the same map of their rows.
type transform struct {
	name        string
	in, out     int
	line        func(f *file, s set, e element, x []reg.VecVirtual) []reg.VecVirtual
	accumulates bool
}

var transforms = []transform{
	{name: "Input", in: 4, out: 4, line: func(f *file, s set, e element, x []reg.VecVirtual) []reg.VecVirtual {
		return []reg.VecVirtual{f.sub(s, e, x[0], x[2]), f.sum(s, e, x[1], x[2]), f.sub(s, e, x[2], x[1]), f.sub(s, e, x[1], x[3])}
	}},
	{name: "Weights", in: 3, out: 4, line: func(f *file, s set, e element, x []reg.VecVirtual) []reg.VecVirtual {
		outer := f.sum(s, e, x[0], x[2])
		plus, minus := f.sum(s, e, outer, x[1]), f.sub(s, e, outer, x[1])
		e.multiply(f, f.half(e), plus, plus)
		e.multiply(f, f.half(e), minus, minus)
		return []reg.VecVirtual{x[0], plus, minus, x[2]}
	}},
	{name: "Output", in: 4, out: 2, accumulates: true, line: func(f *file, s set, e element, x []reg.VecVirtual) []reg.VecVirtual {
		sum, difference := f.sum(s, e, x[1], x[2]), f.sub(s, e, x[1], x[2])
		return []reg.VecVirtual{f.sum(s, e, x[0], sum), f.sub(s, e, difference, x[3])}
	}},
	{name: "OutputAdjoint", in: 2, out: 4, line: func(f *file, s set, e element, x []reg.VecVirtual) []reg.VecVirtual {
		zero := f.wide(s)
		f.ctx.VXORPS(zero, zero, zero)
		return []reg.VecVirtual{x[0], f.sum(s, e, x[0], x[1]), f.sub(s, e, x[0], x[1]), f.sub(s, e, zero, x[1])}
	}},
	{name: "WeightsAdjoint", in: 4, out: 3, accumulates: true, line: func(f *file, s set, e element, x []reg.VecVirtual) []reg.VecVirtual {
		sum, difference := f.sum(s, e, x[1], x[2]), f.sub(s, e, x[1], x[2])
		e.multiply(f, f.half(e), sum, sum)
		e.multiply(f, f.half(e), difference, difference)
		return []reg.VecVirtual{f.sum(s, e, x[0], sum), difference, f.sum(s, e, sum, x[3])}
	}},
}

func (f *file) sum(s set, e element, x, y reg.VecVirtual) reg.VecVirtual {
	z := f.wide(s)
	e.add(f, x, y, z)
	return z
}

// sub is x - y.
func (f *file) sub(s set, e element, x, y reg.VecVirtual) reg.VecVirtual {
	z := f.wide(s)
	e.subtract(f, y, x, z)
	return z
}

// half is a vector of 64 bytes of one half in memory.
func (f *file) half(e element) operand.Mem {
	if m, ok := f.halves[e.size]; ok {
		return m
	}
	m := f.ctx.StaticGlobal("halves" + e.short)
	f.ctx.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := 0; i < 64; i += e.size {
		if e.size == 4 {
			f.ctx.AddDatum(i, operand.F32(0.5))
		} else {
			f.ctx.AddDatum(i, operand.F64(0.5))
		}
	}
	if f.halves == nil {
		f.halves = map[int]operand.Mem{}
	}
	f.halves[e.size] = m
	return m
}

func (f *file) transform(s set, e element, t transform) {
	c := f.ctx
	name := "winograd" + t.name + s.suffix(e)
	signature := fmt.Sprintf("dst []%[1]s, dstRow, dstColumn int, src []%[1]s, srcRow, srcColumn, n int", e.goType)
	if t.accumulates {
		signature += ", accumulate int"
	}
	f.begin(name, fmt.Sprintf("%s transforms n squares of %d by %d, side by side, to squares of %d by %d.", name, t.in, t.in, t.out, t.out), signature)
	src, dst := f.square(e, "src", "srcRow", "srcColumn", t.in), f.square(e, "dst", "dstRow", "dstColumn", t.out)
	n := f.param("n")
	c.Label("vector")
	width, bits := c.GP64(), c.GP64()
	c.MOVQ(operand.U32(uint32(s.lanes(e))), width)
	c.CMPQ(n, width)
	c.CMOVQLT(n, width)
	c.MOVQ(operand.U32(0xffffffff), bits)
	c.BZHIQ(width, bits, bits)
	c.KMOVW(bits.As32(), reg.K1)
	var columns [][]reg.VecVirtual
	for j := range t.in {
		x := make([]reg.VecVirtual, t.in)
		for i := range x {
			x[i] = f.wide(s)
			e.zeroingLoad(f, src.at(i, j), reg.K1, x[i])
		}
		columns = append(columns, t.line(f, s, e, x))
	}
	var out []reg.VecVirtual
	for i := range t.out {
		x := make([]reg.VecVirtual, t.in)
		for j := range x {
			x[j] = columns[j][i]
		}
		out = append(out, t.line(f, s, e, x)...)
	}
	if t.accumulates {
		accumulate := f.param("accumulate")
		c.TESTQ(accumulate, accumulate)
		c.JEQ(operand.LabelRef("write"))
		for i, y := range out {
			old := f.wide(s)
			e.zeroingLoad(f, dst.at(i/t.out, i%t.out), reg.K1, old)
			e.add(f, old, y, y)
		}
		c.Label("write")
	}
	for i, y := range out {
		e.load(f, y, reg.K1, dst.at(i/t.out, i%t.out))
	}
	for i := range t.in {
		c.ADDQ(operand.I32(s.bytes), src.rows[i])
	}
	for i := range t.out {
		c.ADDQ(operand.I32(s.bytes), dst.rows[i])
	}
	c.SUBQ(operand.I32(s.lanes(e)), n)
	c.JG(operand.LabelRef("vector"))
	c.VZEROUPPER()
	c.RET()
}
