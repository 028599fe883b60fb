package main

import (
	"math"
	"reflect"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// machine writes instructions for one instruction set and one element type, so
// that a formula is written once. Its operations work on a vec: as many
// registers as the loop is unrolled.
type machine struct {
	*build.Context
	target
	unroll int
	hoist  int // how many constants stay in registers
	pool   *pool

	hoisted map[uint64]reg.VecVirtual
}

// target is one of the four combinations that files are written for.
type target struct {
	avx512, double bool
}

func (t target) String() string {
	return map[bool]string{true: "Float64", false: "Float32"}[t.double] + map[bool]string{true: "AVX512", false: "AVX2"}[t.avx512]
}

// element is the Go name of the element type.
func (t target) element() string {
	return map[bool]string{true: "float64", false: "float32"}[t.double]
}

// size is the bytes of an element, width the elements of a register.
func (t target) size() int {
	if t.double {
		return 8
	}
	return 4
}

func (t target) width() int {
	if t.avx512 {
		return 64 / t.size()
	}
	return 32 / t.size()
}

// vec is a value in each of the unrolled iterations.
type vec []reg.VecVirtual

// mask is a truth value for each element: registers of the vector or of the
// mask file.
type mask []reg.Register

// emit appends the instruction of the given name.
func (m *machine) emit(name string, operands ...operand.Op) {
	method := reflect.ValueOf(m.Context).MethodByName(name)
	if !method.IsValid() {
		panic("no instruction " + name)
	}
	values := make([]reflect.Value, len(operands))
	for i, o := range operands {
		values[i] = reflect.ValueOf(o)
	}
	method.Call(values)
}

// float is emit with the suffix of packed numbers of the element type.
func (m *machine) float(name string, operands ...operand.Op) {
	m.emit(name+map[bool]string{true: "PD", false: "PS"}[m.double], operands...)
}

// integer is emit with the suffix of integers as wide as an element.
func (m *machine) integer(name string, operands ...operand.Op) {
	m.emit(name+map[bool]string{true: "Q", false: "D"}[m.double], operands...)
}

// register is a fresh register of full width.
func (m *machine) register() reg.VecVirtual {
	if m.avx512 {
		return m.ZMM()
	}
	return m.YMM()
}

// half is a fresh register of half the width.
func (m *machine) half() reg.VecVirtual {
	if m.avx512 {
		return m.YMM()
	}
	return m.XMM()
}

func (m *machine) fresh() vec {
	v := make(vec, m.unroll)
	for i := range v {
		v[i] = m.register()
	}
	return v
}

func (m *machine) repeat(r reg.VecVirtual) vec {
	v := make(vec, m.unroll)
	for i := range v {
		v[i] = r
	}
	return v
}

// bitsOf is the pattern of a number of the element type.
func (t target) bitsOf(x float64) uint64 {
	if t.double {
		return math.Float64bits(x)
	}
	return uint64(math.Float32bits(float32(x)))
}

// number is a constant of the element type in all elements.
func (m *machine) number(x float64) vec { return m.pattern(m.bitsOf(x)) }

// pattern is a constant given by its bits.
func (m *machine) pattern(bits uint64) vec {
	m.pool.use(bits)
	if r, ok := m.hoisted[bits]; ok {
		return m.repeat(r)
	}
	return m.repeat(m.broadcast(m.pool.address(bits)))
}

// broadcast loads one element from memory into all of a register.
func (m *machine) broadcast(from operand.Mem) reg.VecVirtual {
	r := m.register()
	m.emit(map[bool]string{true: "VBROADCASTSD", false: "VBROADCASTSS"}[m.double], from, r)
	return r
}

// hoistConstants loads the constants that stay in registers.
func (m *machine) hoistConstants() {
	m.hoisted = map[uint64]reg.VecVirtual{}
	for _, bits := range m.pool.frequent(m.hoist) {
		m.hoisted[bits] = m.broadcast(m.pool.address(bits))
	}
}

// zero is a register of zeros.
func (m *machine) zero() reg.VecVirtual {
	r := m.register()
	if m.avx512 {
		m.VPXORD(r, r, r)
	} else {
		m.VXORPS(r, r, r)
	}
	return r
}
