package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// poolLoop goes over windows and, in each, over registers of channels. It keeps
// the pointers that the body uses: image to the window's channels in the array
// that taps point into, packed to element at of the arrays with one element per
// window and channel.
type poolLoop struct {
	image, at, taps, count reg.Register
}

// windows writes the loops; the body is called for whole registers and, with a
// mask, for the rest of the channels. image is the parameter that taps refer to.
func (m *machine) windows(image string, body func(l poolLoop, label string, tail, indexTail reg.Register)) {
	l := poolLoop{taps: m.Load(m.Param("taps").Base(), m.GP64()), at: m.GP64(), image: m.GP64()}
	l.count = m.Load(m.Param("taps").Len(), m.GP64())
	window := m.Load(m.Param(image).Base(), m.GP64())
	channels := m.GP64()
	m.XORQ(l.at, l.at)
	m.Label("window")
	left := m.Load(m.Param("index").Len(), m.GP64())
	m.CMPQ(l.at, left)
	m.JGE(operand.LabelRef("end"))
	m.Load(m.Param("c"), channels)
	m.MOVQ(window, l.image)
	m.CMPQ(channels, operand.U8(m.width()))
	m.JL(operand.LabelRef("rest"))
	m.Label("whole")
	body(l, "whole", nil, nil)
	m.ADDQ(operand.U8(m.width()*m.size()), l.image)
	m.ADDQ(operand.U8(m.width()), l.at)
	m.SUBQ(operand.U8(m.width()), channels)
	m.CMPQ(channels, operand.U8(m.width()))
	m.JGE(operand.LabelRef("whole"))
	m.Label("rest")
	m.TESTQ(channels, channels)
	m.JE(operand.LabelRef("next"))
	tail := m.tailMask(channels)
	body(l, "tail", tail, m.indexMask(channels, tail))
	m.ADDQ(channels, l.at)
	m.Label("next")
	step := m.Load(m.Param("step"), m.GP64())
	m.LEAQ(m.item(window, step, 0), window)
	m.JMP(operand.LabelRef("window"))
	m.end()
}

// each repeats the body for the taps from the given one on; its argument is the
// address of the tap's channels.
func (m *machine) each(l poolLoop, label string, first int, body func(operand.Mem)) {
	k := m.GP64()
	m.MOVQ(operand.U32(first), k)
	m.CMPQ(k, l.count)
	m.JGE(operand.LabelRef(label + "TapsEnd"))
	m.Label(label + "Taps")
	body(m.tap(l, operand.Mem{Base: l.taps, Index: k, Scale: 8}))
	m.INCQ(k)
	m.CMPQ(k, l.count)
	m.JL(operand.LabelRef(label + "Taps"))
	m.Label(label + "TapsEnd")
}

func (m *machine) tap(l poolLoop, offset operand.Mem) operand.Mem {
	tap := m.GP64()
	m.MOVQ(offset, tap)
	return m.item(l.image, tap, 0)
}

func (m *machine) loadEither(from operand.Mem, tail reg.Register) reg.VecVirtual {
	if tail != nil {
		return m.loadMasked(from, tail)
	}
	r := m.register()
	m.float("VMOVU", from, r)
	return r
}

func (m *machine) storeEither(r reg.VecVirtual, to operand.Mem, tail reg.Register) {
	if tail != nil {
		m.storeMasked(r, to, tail)
	} else {
		m.float("VMOVU", r, to)
	}
}

// poolMax compares the taps in order; positions are counted as numbers of the
// element type and stored as int32.
func (m *machine) poolMax() {
	m.begin("poolMax", fmt.Sprintf("func(dst []%s, index []int32, src []%[1]s, taps []int, c, step int)", m.element()))
	dst := m.Load(m.Param("dst").Base(), m.GP64())
	index := m.Load(m.Param("index").Base(), m.GP64())
	one := m.number(1)[0]
	m.windows("src", func(l poolLoop, label string, tail, indexTail reg.Register) {
		best := m.loadEither(m.tap(l, operand.Mem{Base: l.taps}), tail)
		position, k := m.zero(), m.zero()
		m.each(l, label, 1, func(from operand.Mem) {
			x := m.loadEither(from, tail)
			m.float("VADD", one, k, k)
			better := m.either(m.compare(greater, vec{x}, vec{best}), m.compare(unordered, vec{x}, vec{x}))
			m.replace(better[0], x, best)
			m.replace(better[0], k, position)
		})
		m.storeIndex(position, m.int32(index, l.at), indexTail)
		m.TESTQ(dst, dst)
		m.JE(operand.LabelRef(label + "NoValue"))
		m.storeEither(best, m.item(dst, l.at, 0), tail)
		m.Label(label + "NoValue")
	})
}

// replace sets r to x where the mask is set.
func (m *machine) replace(where reg.Register, x, r reg.VecVirtual) {
	if m.avx512 {
		m.float("VBLENDM", x, r, where, r)
	} else {
		m.float("VBLENDV", where, x, r, r)
	}
}

func (m *machine) poolGather() {
	m.begin("poolGather", fmt.Sprintf("func(dst []%s, index []int32, src []%[1]s, taps []int, c, step int)", m.element()))
	dst := m.Load(m.Param("dst").Base(), m.GP64())
	index := m.Load(m.Param("index").Base(), m.GP64())
	one := m.number(1)[0]
	m.windows("src", func(l poolLoop, label string, tail, indexTail reg.Register) {
		position := m.loadIndex(m.int32(index, l.at), indexTail)
		value, k := m.zero(), m.zero()
		m.each(l, label, 0, func(from operand.Mem) {
			m.replace(m.compare(equal, vec{k}, vec{position})[0], m.loadEither(from, tail), value)
			m.float("VADD", one, k, k)
		})
		m.storeEither(value, m.item(dst, l.at, 0), tail)
	})
}

func (m *machine) poolScatter() {
	m.begin("poolScatter", fmt.Sprintf("func(dst []%s, taps []int, index []int32, src []%[1]s, c, step int)", m.element()))
	src := m.Load(m.Param("src").Base(), m.GP64())
	index := m.Load(m.Param("index").Base(), m.GP64())
	one := m.number(1)[0]
	m.windows("dst", func(l poolLoop, label string, tail, indexTail reg.Register) {
		position := m.loadIndex(m.int32(index, l.at), indexTail)
		value, k := m.loadEither(m.item(src, l.at, 0), tail), m.zero()
		m.each(l, label, 0, func(place operand.Mem) {
			old := m.loadEither(place, tail)
			sum := m.add(vec{old}, vec{value})[0]
			m.replace(m.compare(equal, vec{k}, vec{position})[0], sum, old)
			m.storeEither(old, place, tail)
			m.float("VADD", one, k, k)
		})
	})
}

func (m *machine) int32(base, at reg.Register) operand.Mem {
	return operand.Mem{Base: base, Index: at, Scale: 4}
}

// indexMask selects the first n positions of 32 bits.
func (m *machine) indexMask(n, tail reg.Register) reg.Register {
	if m.avx512 || !m.double {
		return tail
	}
	from, start, x := m.GP64(), m.GP64(), m.XMM()
	m.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol(m.pool.name+"IndexTail"), 0), from)
	m.MOVQ(operand.I32(m.width()), start)
	m.SUBQ(n, start)
	m.VMOVUPS(m.int32(from, start), x)
	return x
}

// loadIndex loads positions as numbers of the element type.
func (m *machine) loadIndex(from operand.Mem, tail reg.Register) reg.VecVirtual {
	r, raw := m.register(), m.register()
	if m.double {
		raw = m.half()
	}
	switch {
	case tail == nil:
		m.VMOVUPS(from, raw)
	case m.avx512:
		m.VMOVUPS_Z(from, tail, raw)
	default:
		m.VPMASKMOVD(from, tail, raw)
	}
	m.float("VCVTDQ2", raw, r)
	return r
}

// storeIndex stores numbers of the element type as positions.
func (m *machine) storeIndex(r reg.VecVirtual, to operand.Mem, tail reg.Register) {
	raw := m.register()
	switch {
	case !m.double:
		m.VCVTPS2DQ(r, raw)
	case m.avx512:
		raw = m.half()
		m.VCVTPD2DQ(r, raw)
	default:
		raw = m.half()
		m.VCVTPD2DQY(r, raw)
	}
	switch {
	case tail == nil:
		m.VMOVUPS(raw, to)
	case m.avx512:
		m.VMOVUPS(raw, tail, to)
	default:
		m.VPMASKMOVD(raw, tail, to)
	}
}
