package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// Predicates of comparisons, none of which signals on quiet NaN.
const (
	equal        = operand.U8(0x00)
	unordered    = operand.U8(0x03)
	notEqual     = operand.U8(0x04) // or unordered
	less         = operand.U8(0x11)
	lessEqual    = operand.U8(0x12)
	notAtLeast   = operand.U8(0x19) // less or unordered
	greaterEqual = operand.U8(0x1d)
	greater      = operand.U8(0x1e)
)

// apply is a b with the instruction's first source a and second source b, in
// the order of the processor's manual.
func (m *machine) apply(name string, a, b vec) vec {
	dst := m.fresh()
	for i := range dst {
		m.float(name, b[i], a[i], dst[i])
	}
	return dst
}

func (m *machine) add(a, b vec) vec { return m.apply("VADD", a, b) }
func (m *machine) sub(a, b vec) vec { return m.apply("VSUB", a, b) }
func (m *machine) mul(a, b vec) vec { return m.apply("VMUL", a, b) }
func (m *machine) div(a, b vec) vec { return m.apply("VDIV", a, b) }

// max and min are b where either operand is NaN or both are zeros.
func (m *machine) max(a, b vec) vec { return m.apply("VMAX", a, b) }
func (m *machine) min(a, b vec) vec { return m.apply("VMIN", a, b) }

func (m *machine) and(a, b vec) vec    { return m.apply("VAND", a, b) }
func (m *machine) or(a, b vec) vec     { return m.apply("VOR", a, b) }
func (m *machine) andNot(a, b vec) vec { return m.apply("VANDN", a, b) } // not a, and b

func (m *machine) sqrt(a vec) vec {
	dst := m.fresh()
	for i := range dst {
		m.float("VSQRT", a[i], dst[i])
	}
	return dst
}

// round rounds to the nearest integer, ties to even.
func (m *machine) round(a vec) vec {
	dst := m.fresh()
	for i := range dst {
		if m.avx512 {
			m.float("VRNDSCALE", operand.U8(8), a[i], dst[i])
		} else {
			m.float("VROUND", operand.U8(8), a[i], dst[i])
		}
	}
	return dst
}

func (m *machine) copy(a vec) vec {
	dst := m.fresh()
	for i := range dst {
		m.float("VMOVA", a[i], dst[i])
	}
	return dst
}

// The products with a sum, rounded once, overwrite an operand that the caller
// owns: addMul gives c + a b, subMul gives c - a b, both in c; horner gives
// p x + c in p.
func (m *machine) addMul(c, a, b vec) vec {
	for i := range c {
		m.float("VFMADD231", b[i], a[i], c[i])
	}
	return c
}

func (m *machine) subMul(c, a, b vec) vec {
	for i := range c {
		m.float("VFNMADD231", b[i], a[i], c[i])
	}
	return c
}

func (m *machine) horner(p, x, c vec) vec {
	for i := range p {
		m.float("VFMADD213", c[i], x[i], p[i])
	}
	return p
}

// polynomial is c[0] + c[1] x + ..., by Horner's rule.
func (m *machine) polynomial(c []float64, x vec) vec {
	p := m.copy(m.number(c[len(c)-1]))
	for i := len(c) - 2; i >= 0; i-- {
		p = m.horner(p, x, m.number(c[i]))
	}
	return p
}

// compare holds a against b.
func (m *machine) compare(predicate operand.U8, a, b vec) mask {
	dst := make(mask, len(a))
	for i := range dst {
		if m.avx512 {
			dst[i] = m.K()
		} else {
			dst[i] = m.YMM()
		}
		m.float("VCMP", predicate, b[i], a[i], dst[i])
	}
	return dst
}

// either is the union of two masks.
func (m *machine) either(a, b mask) mask {
	dst := make(mask, len(a))
	for i := range dst {
		if m.avx512 {
			dst[i] = m.K()
			m.KORW(a[i], b[i], dst[i])
		} else {
			dst[i] = m.YMM()
			m.VORPS(a[i], b[i], dst[i])
		}
	}
	return dst
}

// choose is a where the mask is set and b elsewhere.
func (m *machine) choose(where mask, a, b vec) vec {
	dst := m.fresh()
	for i := range dst {
		if m.avx512 {
			m.float("VBLENDM", a[i], b[i], where[i], dst[i])
		} else {
			m.float("VBLENDV", where[i], a[i], b[i], dst[i])
		}
	}
	return dst
}

// keep is a where the mask is set and 0 elsewhere.
func (m *machine) keep(where mask, a vec) vec {
	dst := m.fresh()
	for i := range dst {
		if m.avx512 {
			m.emit(map[bool]string{true: "VMOVAPD_Z", false: "VMOVAPS_Z"}[m.double], a[i], where[i], dst[i])
		} else {
			m.float("VAND", where[i], a[i], dst[i])
		}
	}
	return dst
}

// Integer operations on the bits of elements.
func (m *machine) addBits(a, b vec) vec { return m.applyBits("VPADD", a, b) }
func (m *machine) subBits(a, b vec) vec { return m.applyBits("VPSUB", a, b) }

func (m *machine) applyBits(name string, a, b vec) vec {
	dst := m.fresh()
	for i := range dst {
		m.integer(name, b[i], a[i], dst[i])
	}
	return dst
}

func (m *machine) shift(name string, a vec, by int) vec {
	dst := m.fresh()
	for i := range dst {
		m.integer(name, operand.U8(by), a[i], dst[i])
	}
	return dst
}
