package autodiff_test

import (
	"math"
	"testing"

	"leeway/autodiff"
)

// TestScalar holds the definitions of the elementwise operations against decimals
// computed to 17 digits by the functions' series (mpmath), and their limits.
func TestScalar(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		op   autodiff.Op
		attr float64
		x    []float64
		want float64
	}{
		{autodiff.OpNeg, 0, []float64{0.5}, -0.5},
		{autodiff.OpExp, 0, []float64{0.5}, 1.6487212707001282},
		{autodiff.OpLog, 0, []float64{0.5}, -0.69314718055994531},
		{autodiff.OpTanh, 0, []float64{0.5}, 0.46211715726000976},
		{autodiff.OpErf, 0, []float64{0.5}, 0.52049987781304654},
		{autodiff.OpSqrt, 0, []float64{0.5}, 0.70710678118654752},
		{autodiff.OpRsqrt, 0, []float64{0.5}, 1.4142135623730950},
		{autodiff.OpSigmoid, 0, []float64{0.5}, 0.62245933120185457},
		{autodiff.OpSigmoid, 0, []float64{-800}, 0},
		{autodiff.OpSoftplus, 0, []float64{0.5}, 0.97407698418010669},
		{autodiff.OpSoftplus, 0, []float64{800}, 800},
		{autodiff.OpSoftplus, 0, []float64{-40}, 4.2483542552915889e-18},
		{autodiff.OpAbs, 0, []float64{-0.5}, 0.5},
		{autodiff.OpSign, 0, []float64{-0.5}, -1},
		{autodiff.OpSign, 0, []float64{0.5}, 1},
		{autodiff.OpSign, 0, []float64{0}, 0},
		{autodiff.OpPow, -1.3, []float64{0.5}, 2.4622888266898324},
		{autodiff.OpMaxConstant, 0.25, []float64{0.5}, 0.5},
		{autodiff.OpMaxConstant, 0.25, []float64{-inf}, 0.25},
		{autodiff.OpMaxConstant, 0.25, []float64{nan}, nan},
		{autodiff.OpAdd, 0, []float64{0.5, 2}, 2.5},
		{autodiff.OpSub, 0, []float64{0.5, 2}, -1.5},
		{autodiff.OpMul, 0, []float64{0.5, 3}, 1.5},
		{autodiff.OpDiv, 0, []float64{0.5, 2}, 0.25},
		{autodiff.OpGreater, 0, []float64{2, 1}, 1},
		{autodiff.OpGreater, 0, []float64{1, 1}, 0},
		{autodiff.OpGreater, 0, []float64{nan, 1}, 0},
		{autodiff.OpEqual, 0, []float64{1, 1}, 1},
		{autodiff.OpEqual, 0, []float64{1, 2}, 0},
		{autodiff.OpEqual, 0, []float64{nan, nan}, 0},
		{autodiff.OpWhere, 0, []float64{0.1, 3, 4}, 3},
		{autodiff.OpWhere, 0, []float64{0, 3, 4}, 4},
	} {
		got := autodiff.Scalar(c.op, autodiff.Attributes{Number: c.attr}, c.x...)
		if same := got == c.want || math.IsNaN(got) && math.IsNaN(c.want); !same && !(math.Abs(got-c.want) <= 4e-16*math.Abs(c.want)) {
			t.Errorf("%v of %v is %.17g, want %.17g", c.op, c.x, got, c.want)
		}
	}
}

// TestScalarOfOtherOperations panics: a programmer's error.
func TestScalarOfOtherOperations(t *testing.T) {
	for _, x := range [][]float64{{1}, {1, 2}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a matrix product of numbers")
				}
			}()
			autodiff.Scalar(autodiff.OpMatMul, autodiff.Attributes{}, x...)
		}()
	}
}

// TestConventions: the derivatives where a function has none.
func TestConventions(t *testing.T) {
	derivative := func(f func(x *autodiff.Value) *autodiff.Value, x ...float64) []float64 {
		g := &autodiff.Graph{}
		in := g.Input("x", autodiff.Float64, 1, len(x))
		d := autodiff.Gradient(autodiff.Sum(f(in)), in)
		return must(t, d, data{in: autodiff.Array64(x, 1, len(x))})[0].Float64s()
	}
	for _, c := range []struct {
		name    string
		f       func(x *autodiff.Value) *autodiff.Value
		x, want []float64
	}{
		{"relu", autodiff.ReLU, []float64{-1, 0, 1}, []float64{0, 0, 1}},
		{"abs", autodiff.Abs, []float64{-1, 0, 1}, []float64{-1, 0, 1}},
		{"sign", autodiff.Sign, []float64{-1, 0, 1}, []float64{0, 0, 0}},
		{"max with ties", func(x *autodiff.Value) *autodiff.Value { return autodiff.MaxKeep(x, 1) }, []float64{2, 1, 2, 0}, []float64{0.5, 0, 0.5, 0}},
		{"pool with ties", func(x *autodiff.Value) *autodiff.Value {
			return autodiff.MaxPool(autodiff.Reshape(x, 1, 2, 2, 1), window(2))
		}, []float64{1, 2, 2, 0}, []float64{0, 1, 0, 0}},
		{"stop", func(x *autodiff.Value) *autodiff.Value { return autodiff.Mul(x, autodiff.Stop(x)) }, []float64{2, 3}, []float64{2, 3}},
		{"equal", func(x *autodiff.Value) *autodiff.Value { return autodiff.Equal(x, autodiff.Scale(x, 2)) }, []float64{0, 1}, []float64{0, 0}},
		{"where by its mask", func(x *autodiff.Value) *autodiff.Value {
			return autodiff.Where(x, autodiff.Scale(x, 2), autodiff.Scale(x, 3))
		}, []float64{0, 1}, []float64{3, 2}},
	} {
		got := derivative(c.f, c.x...)
		for i := range c.want {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}
