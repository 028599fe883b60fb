package expression_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"leeway/expression"
)

// draw draws an expression that is smooth, and with its derivatives of moderate
// size, at all x, y, z between -1 and 1 and n, h between 0 and 1.
func draw(t *rapid.T, depth int) string {
	if depth == 0 {
		return rapid.SampledFrom([]string{"x", "y", "z", "n", "h", "beta", "0.3", "2", "1"}).Draw(t, "leaf")
	}
	a := func() string { return draw(t, depth-1) }
	small := func() string { return "tanh(" + a() + ")" } // within -1 and 1
	switch rapid.IntRange(0, 12).Draw(t, "operation") {
	case 0:
		return "(" + a() + " + " + a() + ")"
	case 1:
		return "(" + a() + " - " + a() + ")"
	case 2, 3:
		return "(" + small() + " * " + a() + ")"
	case 4:
		return "(" + a() + ") / (" + small() + " + 2)"
	case 5:
		return "-" + small()
	case 6:
		return "sqrt(" + small() + "^2 + 1)"
	case 7:
		return "exp(" + small() + ")"
	case 8:
		return "log(" + small() + " + 1.5)"
	case 9:
		return "(" + small() + " + 1.5)^" + rapid.SampledFrom([]string{"0.3", "-0.5", "3", "-2", "1.5", "n", "(x/2)"}).Draw(t, "power")
	case 10:
		return "abs(" + small() + " + 2)" // a kink far away
	case 11:
		return "max(" + small() + ", " + small() + " - 3)"
	}
	return "min(" + small() + ", " + small() + " + 3)"
}

var names = []string{"x", "y", "z", "n", "h"}

// Truth: differences of the function's own values. Central ones of step k have an
// error of k^2/6 f”' and rounding 2e-16/k, so 1e-5 relative to the size of what is
// differentiated is well above both. First, second and third derivatives by all
// pairs, each against differences of the one before.
func TestDerivativesAgainstDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := draw(t, rapid.IntRange(1, 3).Draw(t, "depth"))
		e, err := expression.Parse(text, scope)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		var at [5]float64
		for i := range at {
			low := -1.0
			if i > 2 {
				low = 0
			}
			at[i] = rapid.Float64Range(low, 1).Draw(t, names[i])
		}
		for order := range 3 {
			by := rapid.IntRange(0, 4).Draw(t, "by")
			d, err := e.Derivative(names[by])
			if err != nil {
				t.Fatal(err)
			}
			const step = 1e-5
			up, down := at, at
			up[by] += step
			down[by] -= step
			f := func(p [5]float64) float64 { return value(e, p[0], p[1], p[2], p[3], p[4]) }
			got := value(d, at[0], at[1], at[2], at[3], at[4])
			want := (f(up) - f(down)) / (2 * step)
			if math.Abs(got-want) > 1e-5*(1+math.Abs(f(at))+math.Abs(want)) {
				t.Fatalf("derivative %d of %q by %s at %v is %v, by differences %v\n%v", order+1, text, names[by], at, got, want, d)
			}
			e = d
		}
	})
}

// Closed forms: derivatives of what has kinks and jumps, on either side and there,
// and of roots at 0.
func TestDerivativesAtKinks(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		text string
		x, y float64
		want float64
	}{
		{"abs(x)", -2, 0, -1}, {"abs(x)", 0, 0, 0}, {"abs(x)", 2, 0, 1},
		{"sign(x)", -2, 0, 0}, {"sign(x)", 0, 0, 0}, {"sign(x)*x", -2, 0, -1},
		{"max(x, y)", 2, 1, 1}, {"max(x, y)", 1, 2, 0}, {"max(x, y)", 1, 1, 1}, {"max(y, x)", 1, 1, 0},
		{"min(x, y)", 2, 1, 0}, {"min(x, y)", 1, 2, 1}, {"min(x, y)", 1, 1, 1}, {"min(y, x)", 1, 1, 0},
		{"max(2*x, 3*x)", -1, 0, 2}, {"max(2*x, 3*x)", 1, 0, 3}, {"min(x, 0.5)", 1, 0, 0},
		{"max(sqrt(x), 1)", 0, 0, 0}, {"sqrt(x)", 0, 0, inf}, {"x^0.5", 0, 0, inf}, {"x^2", 0, 0, 0}, {"x^y", 2, 3, 12},
		{"min(max(x, -1), 1)^2", 0.5, 0, 1}, {"min(max(x, -1), 1)^2", 2, 0, 0},
	} {
		d := derive(t, parse(t, c.text), "x")
		if got := value(d, c.x, c.y, 0, 0, 0); !near(got, c.want, 1e-15) {
			t.Errorf("d/dx of %q at x=%v, y=%v is %v, want %v", c.text, c.x, c.y, got, c.want)
		}
	}
	second := derive(t, derive(t, parse(t, "max(x^2, y)"), "x"), "x")
	if a, b := value(second, 2, 1, 0, 0, 0), value(second, 1, 2, 0, 0, 0); a != 2 || b != 0 {
		t.Errorf("second derivative of max(x^2, y): %v and %v, want 2 and 0", a, b)
	}
}

// Derivatives are short where they can be: nothing is multiplied by 0 or 1.
func TestDerivativesAreSimple(t *testing.T) {
	for _, c := range [][3]string{
		{"x", "x", "1"}, {"y", "x", "0"}, {"x*y", "x", "y"}, {"x + 3*y", "y", "3"}, {"x^2", "x", "x * 2"},
		{"x / sqrt(z + eps)", "x", "1 / sqrt(z + 1e-08)"}, {"-x", "x", "-1"}, {"exp(x)", "x", "exp(x)"}, {"x - y", "y", "-1"},
		{"max(x, y)", "z", "0"}, {"tanh(y)", "x", "0"}, {"max(x, y)", "x", "pick(at_least(x, y), 1, 0)"}, {"x^2", "y", "0"}, {"h*x", "x", "h"},
	} {
		if got := derive(t, parse(t, c[0]), c[1]).String(); got != c[2] {
			t.Errorf("d/d%s of %s is written %s, want %s", c[1], c[0], got, c[2])
		}
	}
}

// What is derived again and again ends in an error, not in all memory.
func TestDerivativesAreBounded(t *testing.T) {
	e := parse(t, "exp(x*y)^y*tanh(x^y)/sqrt(log(x)+y)*exp(tanh(x*exp(y^x)))")
	for range 40 {
		d, err := e.Derivative("x")
		if err != nil {
			if _, err := e.With("x", 2); err == nil {
				t.Error("an overflow is forgotten")
			}
			return
		}
		e = d
	}
	t.Error("forty derivatives without an error")
}
