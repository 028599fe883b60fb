package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// interleave is how many sums of rows run side by side: row i goes to sum i mod
// interleave, so that a column's order depends on the number of rows alone.
const interleave = 4

// addRows adds columns in panels as wide as the registers allow, then in single
// registers, the last one masked.
func (m *machine) addRows() {
	m.begin("addRows", fmt.Sprintf("func(dst, src []%s, rows int)", m.element()))
	dst := m.Load(m.Param("dst").Base(), m.GP64())
	n := m.Load(m.Param("dst").Len(), m.GP64())
	src := m.Load(m.Param("src").Base(), m.GP64())
	rows := m.Load(m.Param("rows"), m.GP64())
	stride, at := m.GP64(), m.GP64()
	m.MOVQ(n, stride)
	m.SHLQ(operand.U8(map[bool]int{true: 3, false: 2}[m.double]), stride)
	m.XORQ(at, at)
	wide := map[bool]int{true: 4, false: 2}[m.avx512]
	for _, width := range []int{wide, 1} {
		m.loop(fmt.Sprintf("panel%d", width), at, n, width*m.width(), func() {
			m.panel(fmt.Sprintf("rows%d", width), dst, src, at, rows, stride, width, nil)
		})
	}
	m.TESTQ(n, n)
	m.JE(operand.LabelRef("end"))
	m.panel("rowsTail", dst, src, at, rows, stride, 1, m.tailMask(n))
	m.end()
}

// panel adds the columns at ... of all rows into dst.
func (m *machine) panel(label string, dst, src, at, rows, stride reg.Register, width int, tail reg.Register) {
	from, left := m.GP64(), m.GP64()
	m.LEAQ(m.item(src, at, 0), from)
	m.MOVQ(rows, left)
	sums := make([][]reg.VecVirtual, interleave)
	for i := range sums {
		for range width {
			sums[i] = append(sums[i], m.zero())
		}
	}
	add := func(i int) {
		for j, sum := range sums[i] {
			at := operand.Mem{Base: from, Disp: j * m.width() * m.size()}
			if tail != nil {
				m.float("VADD", m.loadMasked(at, tail), sum, sum)
			} else {
				m.float("VADD", at, sum, sum)
			}
		}
		m.ADDQ(stride, from)
	}
	m.CMPQ(left, operand.U8(interleave))
	m.JL(operand.LabelRef(label + "Rest"))
	m.Label(label)
	for i := range interleave {
		add(i)
	}
	m.SUBQ(operand.U8(interleave), left)
	m.CMPQ(left, operand.U8(interleave))
	m.JGE(operand.LabelRef(label))
	m.Label(label + "Rest")
	for i := range interleave - 1 {
		m.CMPQ(left, operand.U8(i))
		m.JLE(operand.LabelRef(label + "Sum"))
		add(i)
	}
	m.Label(label + "Sum")
	for j := range width {
		m.float("VADD", sums[1][j], sums[0][j], sums[0][j])
		m.float("VADD", sums[3][j], sums[2][j], sums[2][j])
		m.float("VADD", sums[2][j], sums[0][j], sums[0][j])
		to := m.item(dst, at, j*m.width())
		if tail != nil {
			m.float("VADD", m.loadMasked(to, tail), sums[0][j], sums[0][j])
			m.storeMasked(sums[0][j], to, tail)
		} else {
			m.float("VADD", to, sums[0][j], sums[0][j])
			m.float("VMOVU", sums[0][j], to)
		}
	}
}

// expand stores each element as often as it is repeated, in whole registers
// where they do not reach beyond dst: what they write too much belongs to the
// next element and is written after.
func (m *machine) expand() {
	m.begin("expand", fmt.Sprintf("func(dst, src []%s, c int)", m.element()))
	dst := m.Load(m.Param("dst").Base(), m.GP64())
	left := m.Load(m.Param("dst").Len(), m.GP64()) // of dst, from the place at which dst points
	src := m.Load(m.Param("src").Base(), m.GP64())
	c := m.Load(m.Param("c"), m.GP64())
	n := m.GP64() // still to store of this element
	m.Label("element")
	m.TESTQ(left, left)
	m.JE(operand.LabelRef("end"))
	x := m.broadcast(operand.Mem{Base: src})
	m.ADDQ(operand.U8(m.size()), src)
	m.MOVQ(c, n)
	m.Label("whole")
	m.CMPQ(left, operand.U8(m.width()))
	m.JL(operand.LabelRef("rest"))
	m.float("VMOVU", x, operand.Mem{Base: dst})
	count := m.GP64()
	m.MOVQ(operand.U32(m.width()), count)
	m.CMPQ(n, count)
	m.CMOVQLT(n, count)
	m.LEAQ(operand.Mem{Base: dst, Index: count, Scale: uint8(m.size())}, dst)
	m.SUBQ(count, left)
	m.SUBQ(count, n)
	m.JNE(operand.LabelRef("whole"))
	m.JMP(operand.LabelRef("element"))
	m.Label("rest")
	tail := m.tailMask(n)
	m.storeMasked(x, operand.Mem{Base: dst}, tail)
	m.LEAQ(operand.Mem{Base: dst, Index: n, Scale: uint8(m.size())}, dst)
	m.SUBQ(n, left)
	m.JMP(operand.LabelRef("element"))
	m.end()
}
