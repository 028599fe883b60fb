package main

import "math"

// exponentials is exp and the functions made of it.
func exponentials() []elementwise {
	unary := func(name string, f func(m *machine, a vec) vec) elementwise {
		return elementwise{name: name, operands: []string{"a"}, unroll: 2, formula: func(m *machine, x []vec) vec { return f(m, x[0]) }}
	}
	return []elementwise{
		unary("exp", (*machine).exp), unary("tanh", (*machine).tanh), unary("sigmoid", (*machine).sigmoid),
		unary("erf", (*machine).erf),
		unary("log", (*machine).log), unary("log1p", (*machine).log1p), unary("softplus", (*machine).softplus),
	}
}

// pick is the one of two numbers that belongs to the element type.
func pick[V any](m *machine, single, double V) V {
	if m.double {
		return double
	}
	return single
}

// reduce writes x = n log 2 + r with an integer n and |r| <= log(2)/2 (Cody and
// Waite: log 2 in two parts, the first product exact) and gives n and e^r - 1,
// relatively accurate.
func (m *machine) reduce(x vec) (n, rest vec) {
	n = m.round(m.mul(x, m.number(math.Log2E)))
	r := m.subMul(m.copy(x), n, m.number(ln2[m.double][0]))
	r = m.subMul(r, n, m.number(ln2[m.double][1]))
	q := m.polynomial(expCoefficients[m.double], r)
	return n, m.horner(q, m.mul(r, r), r)
}

// clampHigh and clampLow bound x and let NaN through.
func (m *machine) clampHigh(x vec, bound float64) vec { return m.min(m.number(bound), x) }
func (m *machine) clampLow(x vec, bound float64) vec  { return m.max(m.number(bound), x) }

// exp: beyond the bounds the result is infinite or zero, at them already.
func (m *machine) exp(x vec) vec {
	return m.expBelow(m.clampHigh(x, pick[float64](m, 89, 710)))
}

// expBelow is exp of what does not overflow.
func (m *machine) expBelow(x vec) vec {
	n, rest := m.reduce(m.clampLow(x, pick[float64](m, -104.5, -746)))
	return m.scale(m.add(rest, m.number(1)), n)
}

// scale is p 2^n, rounded once where it is subnormal.
func (m *machine) scale(p, n vec) vec {
	if m.avx512 {
		return m.apply("VSCALEF", p, n)
	}
	half := m.round(m.mul(n, m.number(0.5)))
	return m.mul(m.mul(p, m.power2(half)), m.power2(m.sub(n, half)))
}

// power2 is 2^n where that is a normal number, or 0 where n is one below. The
// sum with a number of ulp 1 has n plus the bias in its low bits.
func (m *machine) power2(n vec) vec {
	if m.avx512 {
		return m.apply("VSCALEF", m.number(1), n)
	}
	digits, bias := m.format()
	return m.shift("VPSLL", m.add(n, m.number(1.5*math.Ldexp(1, digits)+float64(bias))), digits)
}

// format is the stored digits and the bias of the element type.
func (m *machine) format() (digits, bias int) {
	if m.double {
		return 52, 1023
	}
	return 23, 127
}

// tanh |x| = E/(E + 2) with E = e^(2|x|) - 1 = 2^n (e^r - 1) + 2^n - 1.
func (m *machine) tanh(x vec) vec {
	y := m.clampHigh(m.andNot(m.signBit(), x), pick[float64](m, 10, 20))
	n, rest := m.reduce(m.add(y, y))
	power := m.power2(n)
	e := m.horner(rest, power, m.sub(power, m.number(1)))
	return m.or(m.div(e, m.add(e, m.number(2))), m.and(x, m.signBit()))
}

// sigmoid is 1/(1+e) for x >= 0 and e/(1+e) below, with e = exp(-|x|).
func (m *machine) sigmoid(x vec) vec {
	e := m.expBelow(m.or(x, m.signBit()))
	top := m.choose(m.compare(less, x, m.repeat(m.zero())), e, m.number(1))
	return m.div(top, m.add(e, m.number(1)))
}

// erf is x + x q(x^2) up to a bound, and 1 - erfc beyond, whose logarithm is a
// polynomial in |x| - 1.
func (m *machine) erf(x vec) vec {
	bound := pick(m, 0.85, 1)
	y := m.andNot(m.signBit(), x)
	near := m.polynomial(erfCoefficients[m.double], m.mul(y, y))
	near = m.horner(near, y, y)
	far := m.sub(m.clampHigh(y, pick[float64](m, 4, 6)), m.number(1))
	n, rest := m.reduce(m.polynomial(erfcCoefficients[m.double], far))
	rest = m.mul(m.add(rest, m.number(1)), m.power2(n))
	result := m.choose(m.compare(less, y, m.number(bound)), near, m.sub(m.number(1), rest))
	return m.or(result, m.and(x, m.signBit()))
}
