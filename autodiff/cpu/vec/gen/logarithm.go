package main

import "math"

// log of x = 2^k (1 + f).
func (m *machine) log(x vec) vec {
	k, significand := m.split(x, true)
	y := m.logSum(k, m.sub(significand, m.number(1)))
	zero, infinity := m.repeat(m.zero()), m.number(math.Inf(1))
	y = m.choose(m.compare(equal, x, infinity), x, y)
	y = m.choose(m.compare(equal, x, zero), m.number(math.Inf(-1)), y)
	return m.choose(m.compare(notAtLeast, x, zero), m.number(math.NaN()), y)
}

// log1p is log u of the sum u = 1 + x with what the sum lost added to f; with
// k = 0 that makes f = x.
func (m *machine) log1p(x vec) vec {
	one := m.number(1)
	u := m.add(x, one)
	rounded := m.sub(u, one)
	lost := m.add(m.sub(one, m.sub(u, rounded)), m.sub(x, rounded))
	k, significand := m.split(u, false)
	f := m.sub(significand, one)
	negative := m.sub(m.repeat(m.zero()), k)
	if !m.avx512 { // the largest k of all is out of power2's range
		_, bias := m.format()
		negative = m.clampLow(negative, -float64(bias))
	}
	f = m.addMul(f, lost, m.power2(negative))
	y := m.logSum(k, f)
	zero, infinity := m.repeat(m.zero()), m.number(math.Inf(1))
	y = m.choose(m.either(m.compare(equal, x, infinity), m.compare(equal, x, zero)), x, y)
	y = m.choose(m.compare(equal, u, zero), m.number(math.Inf(-1)), y)
	return m.choose(m.compare(notAtLeast, u, zero), m.number(math.NaN()), y)
}

// softplus is max(x, 0) + log(1 + exp(-|x|)).
func (m *machine) softplus(x vec) vec {
	e := m.expBelow(m.or(x, m.signBit()))
	return m.add(m.max(m.repeat(m.zero()), x), m.log1p(e))
}

// split gives k and s in [3/4, 3/2) with x = 2^k s, for finite x > 0.
func (m *machine) split(x vec, subnormal bool) (k, s vec) {
	if m.avx512 {
		k, s = m.fresh(), m.fresh()
		for i := range x {
			m.float("VGETEXP", x[i], k[i])
			m.float("VGETMANT", mantissa, x[i], s[i])
		}
		return m.add(k, m.keep(m.compare(less, s, m.number(1)), m.number(1))), s
	}
	digits, bias := m.format()
	scale := float64(digits + 2)
	var small mask
	if subnormal {
		small = m.compare(less, x, m.number(math.Ldexp(1, 1-bias)))
		x = m.choose(small, m.mul(x, m.number(math.Ldexp(1, digits+2))), x)
	}
	// The bits of 3/4 move to those of 1, so that the exponent field is k.
	moved := m.addBits(x, m.pattern(m.bitsOf(1)-m.bitsOf(0.75)))
	field := m.and(moved, m.number(math.Inf(1)))
	s = m.addBits(m.subBits(x, field), m.number(1))
	// k as a number: its bits as the last digits of a number of ulp 1.
	k = m.or(m.shift("VPSRL", moved, digits), m.number(math.Ldexp(1, digits)))
	k = m.sub(k, m.number(math.Ldexp(1, digits)+float64(bias)))
	if subnormal {
		k = m.sub(k, m.keep(small, m.number(scale)))
	}
	return k, s
}

// logSum is k log 2 + log(1 + f), where with s = f/(2+f) and h = f^2/2
// log(1+f) = 2s + s^3 q(s^2) = f - (h - s (h + s^2 q)).
func (m *machine) logSum(k, f vec) vec {
	s := m.div(f, m.add(f, m.number(2)))
	z := m.mul(s, s)
	h := m.mul(m.mul(f, m.number(0.5)), f)
	q := m.polynomial(logCoefficients[m.double], z)
	q = m.horner(q, z, h)
	inner := m.addMul(m.mul(k, m.number(ln2[m.double][1])), s, q)
	rest := m.sub(f, m.sub(h, inner))
	return m.addMul(rest, k, m.number(ln2[m.double][0]))
}
