package expression_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"leeway/expression"
)

// Truth: Go's own arithmetic, written by hand beside each formula.
func TestValues(t *testing.T) {
	const x, y, z, n, h = 0.7, -1.3, 2.1, 4.0, 0.01
	for text, want := range map[string]float64{
		"x + y - z": x + y - z, "x - (y - z)": x - (y - z), "x*y/z": x * y / z, "x/(y*z)": x / (y * z),
		"-x^2": -x * x, "(-x)^2": x * x, "2^-3": 0.125, "2^3^2": 512, "(2^3)^2": 64, "--x": x, "-+x": -x, "x**2": x * x,
		"x^0.5": math.Sqrt(x), "x^-0.5": 1 / math.Sqrt(x), "x^1.5": x * math.Sqrt(x), "x^7": math.Pow(x, 7), "x^-3": math.Pow(x, -3),
		"x^2.25": math.Pow(x, 2.25), "x^-1.5": math.Pow(x, -1.5), "x^20": math.Pow(x, 20), "x^y": math.Pow(x, y), "2^x": math.Pow(2, x), "x^n": math.Pow(x, n), "x^h": math.Pow(x, h), "h^x": math.Pow(h, x),
		"sqrt(z)": math.Sqrt(z), "abs(y)": 1.3, "abs(-y)": 1.3, "sign(y)": -1, "tanh(x)": math.Tanh(x), "exp(y)": math.Exp(y), "log(z)": math.Log(z),
		"min(x, y)": y, "max(x, y, z)": z, "min(x, 0.5)": 0.5, "max(0.9, x)": 0.9, "max(n, x)": n,
		"x / sqrt(z + eps)": x / math.Sqrt(z+1e-8), "x*(1 - beta^(n+1))": x * (1 - math.Pow(0.9, 5)), "sqrt(n)*x": 2 * x,
		"1e-3*x": 1e-3 * x, ".5 + 5.": 5.5, "x - x": 0, "0*x": 0, "1*x": x, "x/1": x, "0 + x": x, "x^1": x, "x^0": 1, "x*x": x * x,
		"n - x": n - x, "x - n": x - n, "n/x": n / x, "x/n": x / n, "n*h": n * h, "-n": -n, "0 - x": -x, "x*-1": -x, "x/-1": -x, "-x/-y": x / y, "x - -y": x + y, "-x + y": y - x, "-x * -y": x * y,
		"min(n, h)": h, "abs(n - 5)": 1, "sign(h)": 1, "tanh(h)": math.Tanh(h), "exp(-h)": math.Exp(-h), "log(n)": math.Log(n), "0/x": 0, "max(x, x)": x,
		"sign(0)": 0, "tanh(1)": math.Tanh(1), "\tx\n+ y ": x + y,
	} {
		if got := value(parse(t, text), x, y, z, n, h); !near(got, want, 1e-15) {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}

// Every mistake is answered with the character that it is about, and a hint.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
		what   string
		try    string
	}{
		{"", 1, "the expression is empty", "a formula such as m / sqrt(v + eps)"},
		{"x +", 4, "want a number, a name or a ( instead of the end", "an operand there"},
		{"x + * y", 5, `want a number, a name or a ( instead of "*"`, "an operand there"},
		{"x y", 3, `want an operator before "y"`, "* for a product"},
		{"2x", 2, `want an operator before "x"`, "* for a product"},
		{"(x + y", 1, "a ( without its )", "a ) after what belongs to it"},
		{"x + y)", 6, "a ) without its (", "removing it, or a ( before"},
		{"sqrt(x", 5, "a ( without its )", "a ) after what belongs to it"},
		{"sqrt(x y)", 8, `want an operator before "y"`, "* for a product"},
		{"sqrt x", 1, "sqrt is a function", "sqrt(...)"},
		{"sqrt(x, y)", 7, "sqrt takes one argument", "sqrt(x)"},
		{"min(x)", 1, "min takes two or more arguments", "min(a, b)"},
		{"(x, y)", 3, "a comma outside min and max", "min(a, b) or max(a, b)"},
		{"x, y", 2, "a comma outside a function", "min(a, b) or max(a, b)"},
		{"x(y)", 2, "x is a value, not a function", "* for a product"},
		{"pow(x, 2)", 1, `unknown name "pow"`, "x^y for pow(x, y)"},
		{"x + clip(y, 0, 1)", 5, `unknown name "clip"`, "min(max(x, low), high) for clip(x, low, high)"},
		{"x + sqr(y)", 5, `unknown name "sqr"`, "sqrt (there are x, y, z, n, h, beta, eps)"},
		{"x / (y + epz)", 10, `unknown name "epz"`, "eps (there are x, y, z, n, h, beta, eps)"},
		{"x + theta", 5, "theta cannot stand here", "l2 for coupled decay"},
		{"x = y", 3, `unexpected character "="`, "the right-hand side alone"},
		{"x² + y", 2, `unexpected character "²"`, "^2"},
		{"√x", 1, `unexpected character "√"`, "sqrt(...)"},
		{"x ≈ y", 3, `unexpected character "≈"`, "numbers, names, + - * / ^ and parentheses"},
		{"x + \x00", 5, "unexpected character U+0000", "numbers, names, + - * / ^ and parentheses"},
		{"x + \xff", 5, "a byte that is not UTF-8", "plain text"},
		{"x + .", 5, "a point without digits", "a number such as 0.5"},
		{"x + 1e", 6, "an exponent without digits", "a number such as 1e-8"},
		{"x + 1e999", 5, "the number 1e999, which float64 does not hold", "a number up to 1.8e308"},
		{"x + 1/0", 6, "a division by zero", "a denominator that is not 0"},
		{"x + log(0)", 5, "this is -Inf, not a finite number", "other numbers"},
		{"(-1)^0.5", 5, "this is NaN, not a finite number", "other numbers"},
		{strings.Repeat("(", 60), 51, "nested more than 50 deep", "a simpler expression"},
		{strings.Repeat("-", 60) + "x", 51, "nested more than 50 deep", "a simpler expression"},
		{strings.Repeat("x^", 60) + "x", 102, "nested more than 50 deep", "a simpler expression"},
		{strings.Repeat("abs(", 60), 204, "nested more than 50 deep", "a simpler expression"},
		{strings.Repeat("x+", 600), 1, "an expression of 1200 bytes", "at most 1000"},
		{"wibble_wobble_wibble", 1, `unknown name "wibble_wobble_wibble"`, "one of x, y, z, n, h, beta, eps"},
	} {
		_, err := expression.Parse(c.text, scope)
		var e *expression.Error
		if !errors.As(err, &e) {
			t.Errorf("%q: error %v", c.text, err)
			continue
		}
		if e.Column != c.column || e.What != c.what || e.Hint() != c.try {
			t.Errorf("%q: character %d, %q, try %q; want %d, %q, %q", c.text, e.Column, e.What, e.Try, c.column, c.what, c.try)
		}
	}
}

func TestErrorText(t *testing.T) {
	_, err := expression.Parse("y / sqrt(w + eps)", scope)
	if got, want := err.Error(), `unknown name "w" at character 10 of "y / sqrt(w + eps)"`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	var e *expression.Error
	errors.As(err, &e)
	if got, want := e.Marked(), "y / sqrt(w + eps)\n         ^"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	_, err = expression.Parse(strings.Repeat("x +\n", 20)+"w"+strings.Repeat(" + y", 20), scope)
	if got, want := err.Error(), `at character 81 of "...`; !strings.Contains(got, want) || len(got) > 150 {
		t.Errorf("%q, want %q in it, and no more than a neighbourhood", got, want)
	}
	if errors.As(err, &e); strings.Count(e.Marked(), "\n") != 1 {
		t.Errorf("%q has more than two lines", e.Marked())
	}
	if _, err := expression.Parse("c", expression.Scope{Constants: map[string]float64{"c": math.NaN()}}); err == nil {
		t.Error("a constant that is NaN is taken")
	}
	_, err = expression.Parse("c", expression.Scope{Try: "g"})
	if errors.As(err, &e); e.Try != "g" {
		t.Errorf("hint %q, want the scope's", e.Try)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{"m": true, "beta_2": true, "_": true, "": false, "2m": false, "sqrt": false, "a b": false, "é": false, "a-b": false} {
		if expression.IsName(name) != want {
			t.Errorf("IsName(%q) is %v", name, !want)
		}
	}
}
