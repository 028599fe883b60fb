package expression_test

import (
	"math"
	"testing"

	"leeway/expression"
)

// scope is a scope with names of every kind.
var scope = expression.Scope{
	Variables: []string{"x", "y", "z"}, Scalars: []string{"n", "h"},
	Constants: map[string]float64{"eps": 1e-8, "beta": 0.9},
	Elsewhere: map[string]string{"theta": "l2 for coupled decay"},
}

func parse(t testing.TB, text string) *expression.Expression {
	t.Helper()
	e, err := expression.Parse(text, scope)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return e
}

func derive(t testing.TB, e *expression.Expression, name string) *expression.Expression {
	t.Helper()
	d, err := e.Derivative(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// value evaluates one expression in one coordinate.
func value(e *expression.Expression, x, y, z, n, h float64) float64 {
	dst := []float64{math.NaN()}
	expression.Compile(e).Evaluate([][]float64{dst}, [][]float64{{x}, {y}, {z}}, []float64{n, h})
	return dst[0]
}

// near reports whether a and b agree to a relative tolerance, or are the same
// infinity or both NaN.
func near(a, b, tolerance float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= tolerance*math.Max(math.Abs(a), math.Abs(b))
}
