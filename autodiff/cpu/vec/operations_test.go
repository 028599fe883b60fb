package vec

import (
	"math"
	"math/big"
)

// operation is an elementwise function as the tests see it: how it is called,
// and, where it is exact or correctly rounded, what it is at one element, written
// down a second time as the definition has it.
type operation[T Float] struct {
	name     string
	operands int
	run      func(f *Functions[T], dst []T, x [][]T, s T)
	truth    func(x []T, s T) T // nil: see TestAccuracy and TestPow
}

func when[T Float](b bool) T {
	if b {
		return 1
	}
	return 0
}

// once is a b + c rounded once, by exact arithmetic on the finite and by
// float64's rules on the rest.
func once[T Float](a, b, c T) T {
	plain := float64(a)*float64(b) + float64(c)
	finite := func(x T) bool { return !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0) }
	if !finite(a) || !finite(b) || !finite(c) {
		return T(plain)
	}
	exact := new(big.Float).SetPrec(5000).Mul(number(float64(a)), number(float64(b)))
	exact.Add(exact, number(float64(c)))
	if exact.Sign() == 0 {
		return T(plain)
	}
	if _, single := any(a).(float32); single {
		r, _ := exact.Float32()
		return T(r)
	}
	r, _ := exact.Float64()
	return T(r)
}

func operations[T Float]() []operation[T] {
	larger := func(a, b T) T {
		switch {
		case a != a || b != b:
			return T(math.NaN())
		case a > b:
			return a
		}
		return b
	}
	root := func(x T) T { return T(math.Sqrt(float64(x))) } // correctly rounded in both types
	list := []operation[T]{
		{"Add", 2, func(f *Functions[T], dst []T, x [][]T, _ T) { f.Add(dst, x[0], x[1]) }, func(x []T, _ T) T { return x[0] + x[1] }},
		{"Sub", 2, func(f *Functions[T], dst []T, x [][]T, _ T) { f.Sub(dst, x[0], x[1]) }, func(x []T, _ T) T { return x[0] - x[1] }},
		{"Mul", 2, func(f *Functions[T], dst []T, x [][]T, _ T) { f.Mul(dst, x[0], x[1]) }, func(x []T, _ T) T { return x[0] * x[1] }},
		{"Div", 2, func(f *Functions[T], dst []T, x [][]T, _ T) { f.Div(dst, x[0], x[1]) }, func(x []T, _ T) T { return x[0] / x[1] }},
		{"Max", 2, func(f *Functions[T], dst []T, x [][]T, _ T) { f.Max(dst, x[0], x[1]) }, func(x []T, _ T) T { return larger(x[0], x[1]) }},
		{"Greater", 2, func(f *Functions[T], dst []T, x [][]T, _ T) { f.Greater(dst, x[0], x[1]) }, func(x []T, _ T) T { return when[T](x[0] > x[1]) }},
		{"GreaterEqual", 2, func(f *Functions[T], dst []T, x [][]T, _ T) { f.GreaterEqual(dst, x[0], x[1]) }, func(x []T, _ T) T { return when[T](x[0] >= x[1]) }},
		{"Equal", 2, func(f *Functions[T], dst []T, x [][]T, _ T) { f.Equal(dst, x[0], x[1]) }, func(x []T, _ T) T { return when[T](x[0] == x[1]) }},
		{"AddScalar", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.AddScalar(dst, x[0], s) }, func(x []T, s T) T { return x[0] + s }},
		{"SubScalar", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.SubScalar(dst, x[0], s) }, func(x []T, s T) T { return x[0] - s }},
		{"MulScalar", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.MulScalar(dst, x[0], s) }, func(x []T, s T) T { return x[0] * s }},
		{"DivScalar", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.DivScalar(dst, x[0], s) }, func(x []T, s T) T { return x[0] / s }},
		{"MaxScalar", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.MaxScalar(dst, x[0], s) }, func(x []T, s T) T { return larger(x[0], s) }},
		{"GreaterScalar", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.GreaterScalar(dst, x[0], s) }, func(x []T, s T) T { return when[T](x[0] > s) }},
		{"GreaterEqualScalar", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.GreaterEqualScalar(dst, x[0], s) }, func(x []T, s T) T { return when[T](x[0] >= s) }},
		{"EqualScalar", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.EqualScalar(dst, x[0], s) }, func(x []T, s T) T { return when[T](x[0] == s) }},
		{"ScalarSub", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.ScalarSub(dst, s, x[0]) }, func(x []T, s T) T { return s - x[0] }},
		{"ScalarDiv", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.ScalarDiv(dst, s, x[0]) }, func(x []T, s T) T { return s / x[0] }},
		{"ScalarGreater", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.ScalarGreater(dst, s, x[0]) }, func(x []T, s T) T { return when[T](s > x[0]) }},
		{"ScalarGreaterEqual", 1, func(f *Functions[T], dst []T, x [][]T, s T) { f.ScalarGreaterEqual(dst, s, x[0]) }, func(x []T, s T) T { return when[T](s >= x[0]) }},
		{"Where", 3, func(f *Functions[T], dst []T, x [][]T, _ T) { f.Where(dst, x[0], x[1], x[2]) }, func(x []T, _ T) T {
			if x[0] != 0 {
				return x[1]
			}
			return x[2]
		}},
		{"MulAdd", 3, func(f *Functions[T], dst []T, x [][]T, _ T) { f.MulAdd(dst, x[0], x[1], x[2]) }, func(x []T, _ T) T { return once(x[0], x[1], x[2]) }},
		{"Copy", 1, func(f *Functions[T], dst []T, x [][]T, _ T) { f.Copy(dst, x[0]) }, func(x []T, _ T) T { return x[0] }},
		{"Fill", 0, func(f *Functions[T], dst []T, _ [][]T, s T) { f.Fill(dst, s) }, func(_ []T, s T) T { return s }},
	}
	unary := func(name string, truth func(x T) T) {
		o := operation[T]{name: name, operands: 1, run: func(f *Functions[T], dst []T, x [][]T, _ T) { unaryOf(f, name)(dst, x[0]) }}
		if truth != nil {
			o.truth = func(x []T, _ T) T { return truth(x[0]) }
		}
		list = append(list, o)
	}
	unary("Neg", func(x T) T { return -x })
	unary("Abs", func(x T) T { return T(math.Abs(float64(x))) })
	unary("Sign", func(x T) T {
		if x == 0 || x != x {
			return x
		}
		return T(math.Copysign(1, float64(x)))
	})
	unary("Square", func(x T) T { return x * x })
	unary("Reciprocal", func(x T) T { return 1 / x })
	unary("Sqrt", root)
	unary("Rsqrt", func(x T) T { return 1 / root(x) })
	for _, s := range smooths {
		unary(s.name, nil)
	}
	for _, p := range []T{0, 1, 2, 3, -1, -2, 0.5, 1.5, -0.5, -1.5, -2.5, 1.25} {
		list = append(list, operation[T]{name: "Pow", operands: 1, run: func(f *Functions[T], dst []T, x [][]T, _ T) { f.Pow(dst, x[0], p) }})
	}
	return list
}

func unaryOf[T Float](f *Functions[T], name string) func(dst, a []T) {
	return map[string]func(dst, a []T){
		"Neg": f.Neg, "Abs": f.Abs, "Sign": f.Sign, "Square": f.Square, "Reciprocal": f.Reciprocal, "Sqrt": f.Sqrt, "Rsqrt": f.Rsqrt,
		"Exp": f.Exp, "Log": f.Log, "Log1p": f.Log1p, "Tanh": f.Tanh, "Erf": f.Erf, "Sigmoid": f.Sigmoid, "Softplus": f.Softplus,
	}[name]
}

// same bits, where all NaN are one.
func identical[T Float](a, b T) bool {
	return a != a && b != b || a == b && math.Signbit(float64(a)) == math.Signbit(float64(b))
}
