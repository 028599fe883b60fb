package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// toFloat64 and toFloat32 convert as many elements at once as a register has of
// float64; they are written for that target.
func (m *machine) toFloat64() { m.convert("toFloat64", "func(dst []float64, a []float32)", true) }
func (m *machine) toFloat32() { m.convert("toFloat32", "func(dst []float32, a []float64)", false) }

func (m *machine) convert(name, signature string, widen bool) {
	m.begin(name, signature)
	dst := m.Load(m.Param("dst").Base(), m.GP64())
	a := m.Load(m.Param("a").Base(), m.GP64())
	n := m.Load(m.Param("dst").Len(), m.GP64())
	at := m.GP64()
	m.XORQ(at, at)
	single := func(base reg.Register, offset int) operand.Mem {
		return operand.Mem{Base: base, Index: at, Scale: 4, Disp: 4 * offset}
	}
	step := func(offset int) {
		if widen {
			wide := m.register()
			m.VCVTPS2PD(single(a, offset), wide)
			m.VMOVUPD(wide, m.item(dst, at, offset))
			return
		}
		wide, narrow := m.register(), m.half()
		m.VMOVUPD(m.item(a, at, offset), wide)
		m.narrow(wide, narrow)
		m.VMOVUPS(narrow, single(dst, offset))
	}
	m.loop("many", at, n, 4*m.width(), func() {
		for i := range 4 {
			step(i * m.width())
		}
	})
	m.loop("single", at, n, m.width(), func() { step(0) })
	m.TESTQ(n, n)
	m.JE(operand.LabelRef("end"))
	tail := m.tailMask(n)
	indexTail := m.indexMask(n, tail)
	if widen {
		narrow, wide := m.half(), m.register()
		if m.avx512 {
			m.VMOVUPS_Z(single(a, 0), tail, narrow)
		} else {
			m.VMASKMOVPS(single(a, 0), indexTail, narrow)
		}
		m.VCVTPS2PD(narrow, wide)
		m.storeMasked(wide, m.item(dst, at, 0), tail)
	} else {
		wide, narrow := m.loadMasked(m.item(a, at, 0), tail), m.half()
		m.narrow(wide, narrow)
		if m.avx512 {
			m.VMOVUPS(narrow, tail, single(dst, 0))
		} else {
			m.VMASKMOVPS(narrow, indexTail, single(dst, 0))
		}
	}
	m.end()
}

func (m *machine) narrow(wide, narrow reg.VecVirtual) {
	if m.avx512 {
		m.VCVTPD2PS(wide, narrow)
	} else {
		m.VCVTPD2PSY(wide, narrow)
	}
}
