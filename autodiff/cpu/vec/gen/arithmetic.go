package main

import "github.com/mmcloughlin/avo/operand"

// arithmetic is the functions that are one instruction or a few.
func arithmetic() []elementwise {
	one := []string{"a"}
	two := []string{"a", "b"}
	three := []string{"a", "b", "c"}
	binary := func(name string, f func(m *machine, a, b vec) vec) elementwise {
		return elementwise{name: name, operands: two, unroll: 4, formula: func(m *machine, x []vec) vec { return f(m, x[0], x[1]) }}
	}
	withScalar := func(name string, f func(m *machine, a, s vec) vec) elementwise {
		return elementwise{name: name, operands: one, scalar: true, unroll: 4, formula: func(m *machine, x []vec) vec { return f(m, x[0], x[1]) }}
	}
	unary := func(name string, f func(m *machine, a vec) vec) elementwise {
		return elementwise{name: name, operands: one, unroll: 4, formula: func(m *machine, x []vec) vec { return f(m, x[0]) }}
	}
	truth := func(predicate operand.U8) func(m *machine, a, b vec) vec {
		return func(m *machine, a, b vec) vec { return m.keep(m.compare(predicate, a, b), m.number(1)) }
	}
	return []elementwise{
		binary("add", (*machine).add), binary("sub", (*machine).sub), binary("mul", (*machine).mul), binary("div", (*machine).div),
		binary("max", (*machine).larger),
		binary("greater", truth(greater)), binary("greaterEqual", truth(greaterEqual)), binary("equal", truth(equal)),

		withScalar("addScalar", (*machine).add), withScalar("mulScalar", (*machine).mul), withScalar("divScalar", (*machine).div),
		withScalar("maxScalar", (*machine).larger),
		withScalar("greaterScalar", truth(greater)), withScalar("greaterEqualScalar", truth(greaterEqual)),
		withScalar("equalScalar", truth(equal)), withScalar("lessScalar", truth(less)), withScalar("lessEqualScalar", truth(lessEqual)),
		withScalar("scalarSub", func(m *machine, a, s vec) vec { return m.sub(s, a) }),
		withScalar("scalarDiv", func(m *machine, a, s vec) vec { return m.div(s, a) }),

		{name: "where", operands: []string{"mask", "a", "b"}, unroll: 4, formula: func(m *machine, x []vec) vec {
			return m.choose(m.compare(notEqual, x[0], m.repeat(m.zero())), x[1], x[2])
		}},
		{name: "mulAdd", operands: three, unroll: 4, formula: func(m *machine, x []vec) vec { return m.addMul(x[2], x[0], x[1]) }},
		{name: "axpy", operands: []string{"dst", "a"}, scalar: true, unroll: 4, formula: func(m *machine, x []vec) vec { return m.addMul(x[0], x[1], x[2]) }},

		unary("neg", func(m *machine, a vec) vec { return m.apply("VXOR", a, m.signBit()) }),
		unary("abs", func(m *machine, a vec) vec { return m.andNot(m.signBit(), a) }),
		unary("sign", (*machine).sign),
		unary("sqrt", (*machine).sqrt),
		unary("rsqrt", func(m *machine, a vec) vec { return m.div(m.number(1), m.sqrt(a)) }),
		unary("reciprocal", func(m *machine, a vec) vec { return m.div(m.number(1), a) }),
		unary("square", func(m *machine, a vec) vec { return m.mul(a, a) }),
		unary("cube", func(m *machine, a vec) vec { return m.mul(m.mul(a, a), a) }),
		unary("inverseSquare", func(m *machine, a vec) vec { return m.div(m.div(m.number(1), a), a) }),
		unary("powThreeHalves", func(m *machine, a vec) vec { return m.mul(a, m.sqrt(a)) }),
		unary("powMinusThreeHalves", func(m *machine, a vec) vec { return m.div(m.div(m.number(1), m.sqrt(a)), a) }),
		unary("powMinusFiveHalves", func(m *machine, a vec) vec {
			return m.div(m.div(m.div(m.number(1), m.sqrt(a)), a), a)
		}),
		{name: "fill", scalar: true, unroll: 4, formula: func(m *machine, x []vec) vec { return x[0] }},
	}
}

// signBit has the sign bit of each element set.
func (m *machine) signBit() vec { return m.pattern(1 << (8*m.size() - 1)) }

// larger is NaN if either operand is NaN, and b if they are equal: the
// instruction gives b for NaN in either, so that NaN in a is put back.
func (m *machine) larger(a, b vec) vec {
	return m.choose(m.compare(unordered, a, a), a, m.max(a, b))
}

// sign is 1 with the sign of a, or a itself where that is neither above nor
// below 0.
func (m *machine) sign(a vec) vec {
	unit := m.or(m.and(a, m.signBit()), m.number(1))
	zero := m.repeat(m.zero())
	return m.choose(m.either(m.compare(greater, a, zero), m.compare(less, a, zero)), unit, a)
}
