package main

import (
	"math/bits"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func (e element) shift() int { return bits.TrailingZeros(uint(e.size)) }

func at(base reg.Register, disp int) operand.Mem { return operand.Mem{Base: base, Disp: disp} }

// low is the 128-bit part of a vector register.
func low(v reg.VecPhysical) reg.VecPhysical { return v.AsX().(reg.VecPhysical) }

// stride loads a field that counts elements as a number of bytes.
func (f *file) stride(t reg.GPVirtual, e element, field int) reg.GPVirtual {
	r := f.ctx.GP64()
	f.ctx.MOVQ(at(t, field), r)
	f.ctx.SHLQ(operand.Imm(uint64(e.shift())), r)
	return r
}

// offset makes to the address of the element of a slice field whose index is in memory.
func (f *file) offset(t reg.GPVirtual, e element, field int, index operand.Mem, to reg.GPVirtual) {
	i := f.ctx.GP64()
	f.ctx.MOVQ(index, i)
	f.ctx.MOVQ(at(t, field), to)
	f.ctx.LEAQ(operand.Mem{Base: to, Index: i, Scale: uint8(e.size)}, to)
}

// rows makes the registers that address rows at the stride in a field. The two
// pointers are left to the caller.
func (f *file) rows(t reg.GPVirtual, e element, rows, field int) rowGroup {
	c := f.ctx
	g := rowGroup{first: c.GP64(), second: c.GP64(), one: f.stride(t, e, field), half: (rows + 1) / 2}
	if g.half > 3 {
		g.three = c.GP64()
		c.LEAQ(operand.Mem{Base: g.one, Index: g.one, Scale: 2}, g.three)
	}
	if g.half > 5 {
		g.five = c.GP64()
		c.LEAQ(operand.Mem{Base: g.one, Index: g.one, Scale: 4}, g.five)
	}
	return g
}

// maskTable is 32 bytes of ones before 32 bytes of zeros.
func (f *file) maskTable() operand.Mem {
	if f.masks != nil {
		return *f.masks
	}
	m := f.ctx.StaticGlobal("masks")
	f.ctx.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 8 {
		value := operand.U64(0)
		if i < 4 {
			value = ^value
		}
		f.ctx.AddDatum(8*i, value)
	}
	f.masks = &m
	return m
}

// roof writes a loop of independent fused multiply-adds in registers: the rate
// that no product can exceed.
func (f *file) roof(s set, e element) {
	c := f.ctx
	name := "roof" + s.suffix(e)
	f.declare(name, name+" does 12 independent fused multiply-adds of vectors in every one of n rounds.", "n int")
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(n int)")
	n := c.Load(c.Param("n"), c.GP64())
	for _, v := range s.vector[:14] {
		c.VXORPS(low(v), low(v), low(v))
	}
	c.Label("again")
	for i := range 12 {
		e.fma(f, s.vector[12], s.vector[13], s.vector[i])
	}
	c.DECQ(n)
	c.JNE(operand.LabelRef("again"))
	c.VZEROUPPER()
	c.RET()
}
