package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dotRows is the number of rows that dots multiplies with a vector at a time.
const dotRows = 4

// dots writes the function that multiplies a few rows with a vector.
func (f *file) dots(s set, e element) {
	c := f.ctx
	lanes := s.lanes(e)
	name := "dots" + s.suffix(e)
	f.begin(name, fmt.Sprintf("%s writes the dot products of %d rows of a, stride apart, with the first k elements of b to dst.", name, dotRows),
		fmt.Sprintf("dst, a []%s, stride int, b []%s, k int", e.goType, e.goType))
	first, b := f.base("a"), f.base("b")
	one, k := f.param("stride"), f.param("k")
	c.SHLQ(operand.Imm(uint64(e.shift())), one)
	three := c.GP64()
	c.LEAQ(operand.Mem{Base: one, Index: one, Scale: 2}, three)
	rows := rowGroup{first: first, one: one, three: three, half: dotRows}
	const unroll = 2
	acc := s.vector[:dotRows*unroll]
	for _, v := range acc {
		c.VXORPS(low(v), low(v), low(v))
	}
	x, y := s.vector[13], s.vector[14]
	step := func(u int) {
		disp := u * s.bytes
		e.load(f, operand.Mem{Base: b, Disp: disp}, y)
		for r := range dotRows {
			m := rows.at(r)
			m.Disp += disp
			e.fma(f, m, y, acc[u*dotRows+r])
		}
	}
	advance := func(vectors int) {
		c.ADDQ(operand.I32(vectors*s.bytes), first)
		c.ADDQ(operand.I32(vectors*s.bytes), b)
	}
	c.SUBQ(operand.Imm(uint64(unroll*lanes)), k)
	c.JLT(operand.LabelRef("rest"))
	c.Label("many")
	for u := range unroll {
		step(u)
	}
	advance(unroll)
	c.SUBQ(operand.Imm(uint64(unroll*lanes)), k)
	c.JGE(operand.LabelRef("many"))
	c.Label("rest")
	c.ADDQ(operand.Imm(uint64((unroll-1)*lanes)), k)
	c.JLT(operand.LabelRef("part"))
	step(0)
	advance(1)
	c.SUBQ(operand.Imm(uint64(lanes)), k)
	c.Label("part")
	c.ADDQ(operand.Imm(uint64(lanes)), k)
	c.JEQ(operand.LabelRef("sum"))
	load, _ := f.mask(s, e, k, s.vector[15:16])
	load(at(b, 0), y)
	for r := range dotRows {
		load(rows.at(r), x)
		e.fma(f, x, y, acc[r])
	}
	c.Label("sum")
	dst := f.base("dst")
	for r := range dotRows {
		v := acc[r]
		e.add(f, acc[dotRows+r], v, v)
		f.sumLanes(s, e, v, x)
		e.storeLow(f, low(v), operand.Mem{Base: dst, Disp: r * e.size})
	}
	c.VZEROUPPER()
	c.RET()
}

// sumLanes leaves the sum of all lanes of v in its lowest: halves are added until
// one element is left.
func (f *file) sumLanes(s set, e element, v, free reg.VecPhysical) {
	c := f.ctx
	half := func(r reg.VecPhysical) reg.VecPhysical { return r.AsY().(reg.VecPhysical) }
	if s.bytes == 64 {
		c.VEXTRACTF64X4(operand.Imm(1), v, half(free))
		e.add(f, half(free), half(v), half(v))
	}
	c.VEXTRACTF128(operand.Imm(1), half(v), low(free))
	e.add(f, low(free), low(v), low(v))
	c.VPERMILPD(operand.Imm(1), low(v), low(free))
	e.add(f, low(free), low(v), low(v))
	if e.size == 4 {
		c.VPERMILPS(operand.Imm(1), low(v), low(free))
		e.add(f, low(free), low(v), low(v))
	}
}
