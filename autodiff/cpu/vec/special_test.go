package vec

import (
	"math"
	"math/big"
	"testing"
)

// The truth is the limit of each function, from IEEE 754 and package math's
// documentation.
func TestSpecialValues(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	table := map[string][][2]float64{
		"Exp":      {{0, 1}, {zero, 1}, {inf, inf}, {-inf, 0}, {nan, nan}, {1e4, inf}, {-1e4, 0}, {1e-300, 1}},
		"Log":      {{0, -inf}, {zero, -inf}, {1, 0}, {inf, inf}, {-inf, nan}, {-1, nan}, {-1e-300, nan}, {nan, nan}},
		"Log1p":    {{0, 0}, {zero, zero}, {-1, -inf}, {-1.5, nan}, {-inf, nan}, {inf, inf}, {nan, nan}},
		"Tanh":     {{0, 0}, {zero, zero}, {inf, 1}, {-inf, -1}, {50, 1}, {-50, -1}, {nan, nan}},
		"Erf":      {{0, 0}, {zero, zero}, {inf, 1}, {-inf, -1}, {7, 1}, {-7, -1}, {nan, nan}},
		"Sigmoid":  {{0, 0.5}, {zero, 0.5}, {inf, 1}, {-inf, 0}, {1e3, 1}, {-1e3, 0}, {nan, nan}},
		"Softplus": {{inf, inf}, {-inf, 0}, {1e3, 1e3}, {-1e3, 0}, {nan, nan}},
	}
	bothTypes(t, func(t *testing.T, f *Functions[float32]) { specialValues(t, f, table) },
		func(t *testing.T, f *Functions[float64]) { specialValues(t, f, table) })
}

func specialValues[T Float](t *testing.T, f *Functions[T], table map[string][][2]float64) {
	for name, cases := range table {
		for _, c := range cases {
			x, want := T(c[0]), T(c[1])
			if name == "Log" && c[0] == -1e-300 && x == 0 {
				continue // no such number in float32
			}
			dst := []T{0}
			unaryOf(f, name)(dst, []T{x})
			if !identical(dst[0], want) {
				t.Errorf("%s(%v) = %v, want %v", name, x, dst[0], want)
			}
		}
	}
}

// Near the ends of the range results are subnormal or just finite, and for
// arguments near 0 the functions are x to first order: exactly x once x^2 is
// below the last place.
func TestEnds(t *testing.T) {
	bothTypes(t, func(t *testing.T, f *Functions[float32]) {
		ends(t, f, []float32{-103.9, -103.2, -100, -88, -87.3, 88.7, 88.72})
	}, func(t *testing.T, f *Functions[float64]) {
		ends(t, f, []float64{-745.1, -744, -720, -709, -708.3, 709, 709.78})
	})
}

func ends[T Float](t *testing.T, f *Functions[T], x []T) {
	dst := make([]T, len(x))
	f.Exp(dst, x)
	for i := range x {
		if e := errorIn(dst[i], referenceExp(number(float64(x[i])))); e > 2 {
			t.Errorf("Exp(%v) = %v: %.3g ulp", x[i], dst[i], e)
		}
	}
	tiny := []T{1e-30, -1e-20, 1e-35, T(unitLeast[T]()), -3 * T(unitLeast[T]())}
	for _, name := range []string{"Tanh", "Log1p"} {
		dst := make([]T, len(tiny))
		unaryOf(f, name)(dst, tiny)
		for i := range dst {
			if dst[i] != tiny[i] {
				t.Errorf("%s(%v) = %v", name, tiny[i], dst[i])
			}
		}
	}
	dst = make([]T, 1)
	f.Log(dst, []T{T(unitLeast[T]())})
	if e := errorIn(dst[0], referenceLog(number(unitLeast[T]()))); e > 1 {
		t.Errorf("Log of the smallest number = %v: %.3g ulp", dst[0], e)
	}
}

// unitLeast is the smallest number above 0.
func unitLeast[T Float]() float64 {
	if _, single := any(T(0)).(float32); single {
		return math.SmallestNonzeroFloat32
	}
	return math.SmallestNonzeroFloat64
}

// The truth is a power by products and a root in 400 bits; other exponents are
// math.Pow by definition, so that one value of them is checked.
func TestPow(t *testing.T) { bothTypes(t, pow[float32], pow[float64]) }

func pow[T Float](t *testing.T, f *Functions[T]) {
	x := randoms[T](500, 1e-3, 50)
	dst := make([]T, len(x))
	for _, p := range []T{0, 1, 2, 3, -1, -2, 0.5, 1.5, -0.5, -1.5, -2.5} {
		f.Pow(dst, x, p)
		worst := 0.0
		for i := range x {
			worst = max(worst, errorIn(dst[i], referencePow(number(float64(x[i])), float64(p))))
		}
		t.Logf("exponent %v: largest error %.3f ulp", p, worst)
		if worst > 3 {
			t.Errorf("exponent %v: error %.3g ulp", p, worst)
		}
	}
	f.Pow(dst[:1], []T{2}, 10)
	if dst[0] != 1024 {
		t.Errorf("2^10 = %v", dst[0])
	}
}

func referencePow(x *big.Float, p float64) *big.Float {
	y, half := number(1), newFloat().Sqrt(x)
	for range int(2 * math.Abs(p)) {
		y = bigMul(y, half)
	}
	if p < 0 {
		return bigQuo(number(1), y)
	}
	return y
}
