package vec

import (
	"math"
	"math/big"
	"sync"
)

// The reference functions below compute with 400 bits from the definitions:
// power series and Newton's method, no polynomials, tables or float64 results
// (package math gives first guesses alone). They share nothing with the kernels.

const precision = 400

func number(x float64) *big.Float { return newFloat().SetFloat64(x) }
func newFloat() *big.Float        { return new(big.Float).SetPrec(precision) }

func bigMul(a, b *big.Float) *big.Float { return newFloat().Mul(a, b) }
func bigAdd(a, b *big.Float) *big.Float { return newFloat().Add(a, b) }
func bigSub(a, b *big.Float) *big.Float { return newFloat().Sub(a, b) }
func bigQuo(a, b *big.Float) *big.Float { return newFloat().Quo(a, b) }

// below reports whether |x| < 2^e.
func below(x *big.Float, e int) bool { return x.Sign() == 0 || x.MantExp(nil) <= e }

// referenceExp sums the series of x/2^40 and squares 40 times.
func referenceExp(x *big.Float) *big.Float {
	const halvings = 40
	r := newFloat().SetMantExp(x, -halvings)
	sum, term := number(1), number(1)
	for n := 1; !below(term, -precision); n++ {
		term = bigQuo(bigMul(term, r), number(float64(n)))
		sum = bigAdd(sum, term)
	}
	for range halvings {
		sum = bigMul(sum, sum)
	}
	return sum
}

var log2 = sync.OnceValue(func() *big.Float { return logNear1(number(2)) })

// logNear1 solves e^y = x by Halley's method from a guess of 53 bits.
func logNear1(x *big.Float) *big.Float {
	guess, _ := x.Float64()
	y := number(math.Log(guess))
	for range 2 {
		e := referenceExp(y)
		y = bigAdd(y, bigQuo(bigMul(number(2), bigSub(x, e)), bigAdd(x, e)))
	}
	return y
}

func referenceLog(x *big.Float) *big.Float {
	m := newFloat()
	e := x.MantExp(m)
	if m.Cmp(number(0.75)) < 0 { // so that x near 1 has exponent 0
		m, e = bigMul(m, number(2)), e-1
	}
	return bigAdd(logNear1(m), bigMul(log2(), number(float64(e))))
}

func referenceLog1p(x *big.Float) *big.Float {
	if !below(x, -40) {
		return referenceLog(bigAdd(number(1), x))
	}
	sum, power := newFloat(), newFloat().Set(x)
	for n := 1.0; n < 10; n++ {
		sum = bigAdd(sum, bigQuo(power, number(n)))
		power = newFloat().Neg(bigMul(power, x))
	}
	return sum
}

func referenceTanh(x *big.Float) *big.Float {
	if below(x, -80) {
		return bigSub(x, bigQuo(bigMul(x, bigMul(x, x)), number(3)))
	}
	e := referenceExp(bigMul(number(2), x))
	return bigQuo(bigSub(e, number(1)), bigAdd(e, number(1)))
}

func referenceErf(x *big.Float) *big.Float {
	if !below(x, 3) {
		return bigMul(number(float64(x.Sign())), bigSub(number(1), newFloat().SetMantExp(number(1), -90)))
	}
	// sum of (-1)^n x^(2n+1) / (n! (2n+1)), times 2/sqrt(pi)
	square, power, sum := bigMul(x, x), newFloat().Set(x), newFloat()
	for n := 0; !below(power, -precision) || n < 3; n++ {
		sum = bigAdd(sum, bigQuo(power, number(float64(2*n+1))))
		power = newFloat().Neg(bigQuo(bigMul(power, square), number(float64(n+1))))
	}
	return bigMul(sum, bigQuo(number(2), newFloat().Sqrt(bigPi())))
}

// bigPi is 16 atan(1/5) - 4 atan(1/239) (Machin).
var bigPi = sync.OnceValue(func() *big.Float {
	atan := func(q float64) *big.Float {
		sum, power := newFloat(), bigQuo(number(1), number(q))
		for n := 1.0; !below(power, -precision); n += 2 {
			sum = bigAdd(sum, bigQuo(power, number(n)))
			power = newFloat().Neg(bigQuo(power, number(q*q)))
		}
		return sum
	}
	return bigSub(bigMul(number(16), atan(5)), bigMul(number(4), atan(239)))
})

func referenceSigmoid(x *big.Float) *big.Float {
	return bigQuo(number(1), bigAdd(number(1), referenceExp(newFloat().Neg(x))))
}

func referenceSoftplus(x *big.Float) *big.Float {
	return referenceLog1p(referenceExp(x))
}

// unit is the distance of neighbouring numbers of type T at x.
func unit[T Float](x *big.Float) *big.Float {
	digits, least := 53, -1074
	if _, single := any(T(0)).(float32); single {
		digits, least = 24, -149
	}
	return newFloat().SetMantExp(number(1), max(x.MantExp(nil)-digits, least))
}

// errorIn is |got - want| in units of the last place of want.
func errorIn[T Float](got T, want *big.Float) float64 {
	if g := float64(got); math.IsNaN(g) {
		return math.Inf(1)
	} else if math.IsInf(g, 0) {
		// Infinite is right if want rounds to it.
		if g32, _ := want.Float32(); float64(g32) == g && unit[T](number(1)).Cmp(number(1e-10)) > 0 {
			return 0
		}
		if g64, _ := want.Float64(); g64 == g {
			return 0
		}
		return math.Inf(1)
	}
	e, _ := bigQuo(newFloat().Abs(bigSub(number(float64(got)), want)), unit[T](want)).Float64()
	return e
}
