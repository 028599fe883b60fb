package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// accumulators is how many sums run side by side, which hides the latency of an
// addition.
const accumulators = 8

// reductions is the functions of slices that give a number.
func reductions() []function {
	return []function{
		{"sum", 1, func(m *machine) {
			m.reduction("sum", 1, func(x []reg.VecVirtual, sum reg.VecVirtual) { m.float("VADD", x[0], sum, sum) })
		}},
		{"sumSquares", 1, func(m *machine) {
			m.reduction("sumSquares", 1, func(x []reg.VecVirtual, sum reg.VecVirtual) { m.float("VFMADD231", x[0], x[0], sum) })
		}},
		{"dot", 1, func(m *machine) {
			m.reduction("dot", 2, func(x []reg.VecVirtual, sum reg.VecVirtual) { m.float("VFMADD231", x[0], x[1], sum) })
		}},
		{"maxOf", 1, (*machine).maxOf},
	}
}

// reduction sums terms in eight registers, of which short slices use the first
// alone; the order depends on the length.
func (m *machine) reduction(name string, operands int, term func(x []reg.VecVirtual, sum reg.VecVirtual)) {
	names := []string{"a", "b"}[:operands]
	m.begin(name, fmt.Sprintf("func(%s []%s) %[2]s", map[int]string{1: "a", 2: "a, b"}[operands], m.element()))
	pointers := make([]reg.Register, operands)
	for i, p := range names {
		pointers[i] = m.Load(m.Param(p).Base(), m.GP64())
	}
	n := m.Load(m.Param("a").Len(), m.GP64())
	at := m.GP64()
	m.XORQ(at, at)
	load := func(offset int) []reg.VecVirtual {
		x := make([]reg.VecVirtual, operands)
		for i, p := range pointers {
			x[i] = m.register()
			m.float("VMOVU", m.item(p, at, offset), x[i])
		}
		return x
	}
	sums := []reg.VecVirtual{m.zero()}
	block := accumulators * m.width()
	m.CMPQ(n, operand.U32(block))
	m.JL(operand.LabelRef("few"))
	for len(sums) < accumulators {
		sums = append(sums, m.zero())
	}
	m.loop("many", at, n, block, func() {
		for i, sum := range sums {
			term(load(i*m.width()), sum)
		}
	})
	for len(sums) > 1 {
		var pairs []reg.VecVirtual
		for i := 0; i < len(sums); i += 2 {
			m.float("VADD", sums[i+1], sums[i], sums[i])
			pairs = append(pairs, sums[i])
		}
		sums = pairs
	}
	sum := sums[0]
	m.Label("few")
	m.loop("single", at, n, m.width(), func() { term(load(0), sum) })
	m.TESTQ(n, n)
	m.JE(operand.LabelRef("total"))
	tail := m.tailMask(n)
	x := make([]reg.VecVirtual, operands)
	for i, p := range pointers {
		x[i] = m.loadMasked(m.item(p, at, 0), tail)
	}
	term(x, sum)
	m.Label("total")
	m.result(m.across("VADD", sum))
	m.end()
}

// loop repeats the body while n, which counts down, is at least block; at counts
// up.
func (m *machine) loop(label string, at, n reg.Register, block int, body func()) {
	m.CMPQ(n, operand.U32(block))
	m.JL(operand.LabelRef(label + "End"))
	m.Label(label)
	body()
	m.ADDQ(operand.U32(block), at)
	m.SUBQ(operand.U32(block), n)
	m.CMPQ(n, operand.U32(block))
	m.JGE(operand.LabelRef(label))
	m.Label(label + "End")
}

// across combines the elements of a register by halves.
func (m *machine) across(name string, r reg.VecVirtual) reg.VecVirtual {
	x, high := m.XMM(), m.XMM()
	if m.avx512 {
		y, top := m.YMM(), m.YMM()
		m.VEXTRACTF64X4(operand.U8(1), r, top)
		m.float(name, top, r.AsY(), y)
		m.VEXTRACTF64X2(operand.U8(1), y, high)
		m.float(name, high, y.AsX(), x)
	} else {
		m.VEXTRACTF128(operand.U8(1), r, high)
		m.float(name, high, r.AsX(), x)
	}
	if m.double {
		m.VPERMILPD(operand.U8(1), x, high)
		m.float(name, high, x, x)
		return x
	}
	m.VMOVHLPS(x, x, high)
	m.float(name, high, x, x)
	m.VMOVSHDUP(x, high)
	m.float(name, high, x, x)
	return x
}

// result stores the first element as the function's result.
func (m *machine) result(x reg.VecVirtual) {
	b, err := m.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	if m.double {
		m.VMOVSD(x.AsX(), b.Addr)
	} else {
		m.VMOVSS(x.AsX(), b.Addr)
	}
}

// maxOf keeps the largest of what is not NaN, and whether there was NaN.
func (m *machine) maxOf() {
	m.begin("maxOf", fmt.Sprintf("func(a []%s) %[1]s", m.element()))
	a := m.Load(m.Param("a").Base(), m.GP64())
	n := m.Load(m.Param("a").Len(), m.GP64())
	lowest := m.pattern(m.bitsOf(math.Inf(-1)))[0]
	const parts = 4
	var largest []reg.VecVirtual
	for range parts {
		r := m.register()
		m.float("VMOVA", lowest, r)
		largest = append(largest, r)
	}
	var nan reg.Register
	if m.avx512 {
		k := m.K()
		m.KXORW(k, k, k)
		nan = k
	} else {
		nan = m.zero()
	}
	at := m.GP64()
	m.XORQ(at, at)
	take := func(x, largest reg.VecVirtual) {
		m.float("VMAX", largest, x, largest)
		bad := m.compare(unordered, vec{x}, vec{x})[0]
		if m.avx512 {
			m.KORW(bad, nan, nan)
		} else {
			m.VORPS(bad, nan, nan)
		}
	}
	m.loop("many", at, n, parts*m.width(), func() {
		for i, l := range largest {
			x := m.register()
			m.float("VMOVU", m.item(a, at, i*m.width()), x)
			take(x, l)
		}
	})
	for _, l := range largest[1:] {
		m.float("VMAX", l, largest[0], largest[0])
	}
	m.loop("single", at, n, m.width(), func() {
		x := m.register()
		m.float("VMOVU", m.item(a, at, 0), x)
		take(x, largest[0])
	})
	m.TESTQ(n, n)
	m.JE(operand.LabelRef("total"))
	tail := m.tailMask(n)
	x := m.loadMasked(m.item(a, at, 0), tail)
	take(m.choose(mask{tail}, vec{x}, vec{lowest})[0], largest[0])
	m.Label("total")
	m.result(m.across("VMAX", largest[0]))
	if m.avx512 {
		m.KORTESTW(nan, nan)
	} else {
		bits := m.GP32()
		m.float("VMOVMSK", nan, bits)
		m.TESTL(bits, bits)
	}
	m.JE(operand.LabelRef("end"))
	m.result(m.pattern(m.bitsOf(math.NaN()))[0])
	m.end()
}
