package autodiff_test

import (
	"math"

	"leeway/autodiff"
	"leeway/autodiff/reference"
)

// fataler is what *testing.T and *rapid.T share.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

type data = map[*autodiff.Value]autodiff.Array

// must evaluates by the reference.
func must(t fataler, outputs []*autodiff.Value, inputs data) []autodiff.Array {
	t.Helper()
	out, err := reference.Evaluate(outputs, inputs)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// difference is the largest difference of two arrays, relative to the largest
// element of the second, the truth, or to 1 if all are smaller. What is not a number
// agrees with itself.
func difference(a, b autodiff.Array) float64 {
	worst, scale := compare(a, b)
	return worst / max(scale, 1)
}

// relative is the same, relative to the truth also if that is small; where the truth
// is 0, only 0 agrees.
func relative(a, b autodiff.Array) float64 {
	worst, scale := compare(a, b)
	if worst == 0 {
		return 0
	}
	return worst / scale
}

// compare returns the largest difference and the largest finite element of b.
func compare(a, b autodiff.Array) (worst, scale float64) {
	if !a.Shape().Equal(b.Shape()) || a.DType() != b.DType() {
		return math.Inf(1), 0
	}
	for i := range a.Shape().Size() {
		x, y := a.At(i), b.At(i)
		if !math.IsInf(y, 0) && !math.IsNaN(y) {
			scale = max(scale, math.Abs(y))
		}
		if x == y || math.IsNaN(x) && math.IsNaN(y) {
			continue
		}
		worst = max(worst, math.Abs(x-y))
	}
	return worst, scale
}

// dot is the inner product of lists of arrays.
func dot(a, b []autodiff.Array) float64 {
	sum := 0.0
	for i := range a {
		for j := range a[i].Shape().Size() {
			sum += a[i].At(j) * b[i].At(j)
		}
	}
	return sum
}

// norm is the Euclidean norm of a list of arrays.
func norm(a []autodiff.Array) float64 { return math.Sqrt(dot(a, a)) }
