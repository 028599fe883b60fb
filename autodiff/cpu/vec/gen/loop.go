package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A formula computes the result from operands, the last of which is the scalar
// if the function has one.
type formula func(m *machine, x []vec) vec

// elementwise describes a function dst[i] = formula(operands[i] ...).
type elementwise struct {
	name     string
	operands []string // names of slices; "dst" for one that is also read
	scalar   bool     // there is a scalar s behind them
	unroll   int
	formula  formula
}

// write writes the function: a loop over unrolled registers, one over single
// registers and a masked rest, all with the same arithmetic.
func (e elementwise) write(m *machine) {
	slices := []string{"dst"}
	for _, name := range e.operands {
		if name != "dst" {
			slices = append(slices, name)
		}
	}
	signature := fmt.Sprintf("func(%s []%s", strings.Join(slices, ", "), m.element())
	if e.scalar {
		signature += ", s " + m.element()
	}
	m.begin(e.name, signature+")")
	pointers := map[string]reg.Register{}
	for _, name := range slices {
		pointers[name] = m.Load(m.Param(name).Base(), m.GP64())
	}
	n := m.Load(m.Param("dst").Len(), m.GP64())
	m.hoistConstants()
	var scalar reg.VecVirtual
	if e.scalar {
		scalar = m.broadcast(m.address("s"))
	}
	at := m.GP64()
	m.XORQ(at, at)
	step := func(load func(from operand.Mem) reg.VecVirtual, store func(r reg.VecVirtual, to operand.Mem)) {
		var x []vec
		for _, name := range e.operands {
			v := make(vec, m.unroll)
			for i := range v {
				v[i] = load(m.item(pointers[name], at, i*m.width()))
			}
			x = append(x, v)
		}
		if e.scalar {
			x = append(x, m.repeat(scalar))
		}
		for i, r := range e.formula(m, x) {
			store(r, m.item(pointers["dst"], at, i*m.width()))
		}
	}
	load := func(from operand.Mem) reg.VecVirtual {
		r := m.register()
		m.float("VMOVU", from, r)
		return r
	}
	store := func(r reg.VecVirtual, to operand.Mem) { m.float("VMOVU", r, to) }
	unroll := m.unroll
	for _, m.unroll = range []int{unroll, 1} {
		if m.unroll == 1 && unroll == 1 {
			unroll = 0
			continue
		}
		block := m.unroll * m.width()
		loop, done := fmt.Sprintf("loop%d", m.unroll), fmt.Sprintf("done%d", m.unroll)
		m.CMPQ(n, operand.U32(block))
		m.JL(operand.LabelRef(done))
		m.Label(loop)
		step(load, store)
		m.ADDQ(operand.U32(block), at)
		m.SUBQ(operand.U32(block), n)
		m.CMPQ(n, operand.U32(block))
		m.JGE(operand.LabelRef(loop))
		m.Label(done)
	}
	m.unroll = 1
	m.TESTQ(n, n)
	m.JE(operand.LabelRef("end"))
	tail := m.tailMask(n)
	step(func(from operand.Mem) reg.VecVirtual { return m.loadMasked(from, tail) },
		func(r reg.VecVirtual, to operand.Mem) { m.storeMasked(r, to, tail) })
	m.end()
}

// begin starts a function for the machine's target.
func (m *machine) begin(name, signature string) {
	m.Function(name + m.target.String())
	m.Attributes(noSplit)
	m.Pragma("noescape")
	m.SignatureExpr(signature)
}

// end finishes it at label end.
func (m *machine) end() {
	m.Label("end")
	m.VZEROUPPER()
	m.RET()
}

// address is where a parameter lies.
func (m *machine) address(name string) operand.Mem {
	b, err := m.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// item is the address of element at+offset of an array.
func (m *machine) item(base, at reg.Register, offset int) operand.Mem {
	return operand.Mem{Base: base, Index: at, Scale: uint8(m.size()), Disp: offset * m.size()}
}

// tailMask selects the first n elements of a register, n below its width.
func (m *machine) tailMask(n reg.Register) reg.Register {
	if m.avx512 {
		ones, k := m.GP64(), m.K()
		m.MOVQ(operand.I32(-1), ones)
		m.BZHIQ(n, ones, ones)
		m.KMOVQ(ones, k)
		return k
	}
	from, start, tail := m.GP64(), m.GP64(), m.YMM()
	m.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol(m.pool.name+"Tail"), 0), from)
	m.MOVQ(operand.I32(m.width()), start)
	m.SUBQ(n, start)
	m.VMOVUPS(m.item(from, start, 0), tail)
	return tail
}

func (m *machine) loadMasked(from operand.Mem, tail reg.Register) reg.VecVirtual {
	r := m.register()
	if m.avx512 {
		m.emit(map[bool]string{true: "VMOVUPD_Z", false: "VMOVUPS_Z"}[m.double], from, tail, r)
	} else {
		m.float("VMASKMOV", from, tail, r)
	}
	return r
}

func (m *machine) storeMasked(r reg.VecVirtual, to operand.Mem, tail reg.Register) {
	if m.avx512 {
		m.float("VMOVU", r, tail, to)
	} else {
		m.float("VMASKMOV", r, tail, to)
	}
}
