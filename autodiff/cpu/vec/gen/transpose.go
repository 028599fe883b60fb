package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transposeTiles transposes an array whose sides are multiples of the width of a
// register, in square tiles of that side, by columns of tiles.
func (m *machine) transposeTiles() {
	m.begin("transposeTiles", fmt.Sprintf("func(dst []%s, ldd int, src []%[1]s, lds, rows, cols int)", m.element()))
	dst := m.Load(m.Param("dst").Base(), m.GP64())
	ldd := m.Load(m.Param("ldd"), m.GP64())
	src := m.Load(m.Param("src").Base(), m.GP64())
	lds := m.Load(m.Param("lds"), m.GP64())
	cols := m.Load(m.Param("cols"), m.GP64())
	bytes := operand.U8(map[bool]int{true: 3, false: 2}[m.double])
	m.SHLQ(bytes, ldd)
	m.SHLQ(bytes, lds)
	rows, from, to := m.GP64(), m.GP64(), m.GP64()
	m.Label("column")
	m.TESTQ(cols, cols)
	m.JE(operand.LabelRef("end"))
	m.Load(m.Param("rows"), rows)
	m.MOVQ(src, from)
	m.MOVQ(dst, to)
	m.Label("tile")
	tile := make([]reg.VecVirtual, m.width())
	for i := range tile {
		tile[i] = m.register()
		m.float("VMOVU", operand.Mem{Base: from}, tile[i])
		m.ADDQ(lds, from)
	}
	p := m.GP64()
	m.MOVQ(to, p)
	for _, r := range m.transposed(tile) {
		m.float("VMOVU", r, operand.Mem{Base: p})
		m.ADDQ(ldd, p)
	}
	m.ADDQ(operand.U8(m.width()*m.size()), to)
	m.SUBQ(operand.U8(m.width()), rows)
	m.JNE(operand.LabelRef("tile"))
	m.ADDQ(operand.U8(m.width()*m.size()), src)
	for range m.width() {
		m.ADDQ(ldd, dst)
	}
	m.SUBQ(operand.U8(m.width()), cols)
	m.JMP(operand.LabelRef("column"))
	m.end()
}

// transposed transposes a tile: first within lanes of 128 bits, then the lanes.
func (m *machine) transposed(rows []reg.VecVirtual) []reg.VecVirtual {
	two := func(name string, a, b reg.VecVirtual) reg.VecVirtual {
		dst := m.register()
		m.emit(name, b, a, dst)
		return dst
	}
	// within[q][g] has column q of each lane for the g-th group of rows, as many
	// rows as a lane has elements.
	lane := 16 / m.size()
	within := make([][]reg.VecVirtual, lane)
	for i := 0; i < len(rows); i += lane {
		if m.double {
			within[0] = append(within[0], two("VUNPCKLPD", rows[i], rows[i+1]))
			within[1] = append(within[1], two("VUNPCKHPD", rows[i], rows[i+1]))
			continue
		}
		low01, high01 := two("VUNPCKLPS", rows[i], rows[i+1]), two("VUNPCKHPS", rows[i], rows[i+1])
		low23, high23 := two("VUNPCKLPS", rows[i+2], rows[i+3]), two("VUNPCKHPS", rows[i+2], rows[i+3])
		within[0] = append(within[0], two("VUNPCKLPD", low01, low23))
		within[1] = append(within[1], two("VUNPCKHPD", low01, low23))
		within[2] = append(within[2], two("VUNPCKLPD", high01, high23))
		within[3] = append(within[3], two("VUNPCKHPD", high01, high23))
	}
	columns := make([]reg.VecVirtual, len(rows))
	for q, groups := range within {
		for l, r := range m.lanes(groups) {
			columns[l*lane+q] = r
		}
	}
	return columns
}

// lanes transposes lanes of 128 bits: 2 x 2 in AVX2, 4 x 4 in AVX-512.
func (m *machine) lanes(x []reg.VecVirtual) []reg.VecVirtual {
	two := func(selection int, a, b reg.VecVirtual) reg.VecVirtual {
		dst := m.register()
		if m.avx512 {
			m.VSHUFF64X2(operand.U8(selection), b, a, dst)
		} else {
			m.VPERM2F128(operand.U8(selection), b, a, dst)
		}
		return dst
	}
	if !m.avx512 {
		return []reg.VecVirtual{two(0x20, x[0], x[1]), two(0x31, x[0], x[1])}
	}
	low01, high01 := two(0x44, x[0], x[1]), two(0xee, x[0], x[1])
	low23, high23 := two(0x44, x[2], x[3]), two(0xee, x[2], x[3])
	return []reg.VecVirtual{two(0x88, low01, low23), two(0xdd, low01, low23), two(0x88, high01, high23), two(0xdd, high01, high23)}
}
