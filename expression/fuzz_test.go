package expression_test

import (
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"leeway/expression"
)

// FuzzParse: no text makes the parser panic or take memory out of proportion; what
// it refuses, it refuses with a place inside the text and a hint; what it accepts
// can be derived twice, evaluated, written and read again with the same values.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"m / sqrt(v + eps)", "x / (sqrt(z) + eps)", "-x^2", "2^3^2", "tanh(3*x) - min(x, y, -z)", "sqrt(x", "x²", "1e999", "x/0", "1/(x-x)",
		"max(x, 1e308)*1e308", "((((", "x^-16", "x^y^z", "sign(abs(-x))", "log(-1)", "0^x", "x*0 + 1/(0*x)", "beta^(n+1)", "\xff", "x\x00", "1.5e-3x", "**", "x**-2", "((((x+y)^15)^15)^15)^15",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		e, err := expression.Parse(text, scope)
		if err != nil {
			var wrong *expression.Error
			if !errors.As(err, &wrong) || wrong.What == "" || wrong.Try == "" {
				t.Fatalf("error %#v", err)
			}
			if wrong.Column < 1 || wrong.Column > utf8.RuneCountInString(text)+1 {
				t.Fatalf("character %d of %q", wrong.Column, text)
			}
			if strings.Count(wrong.Marked(), "\n") != 1 {
				t.Fatalf("marked in %q", wrong.Marked())
			}
			return
		}
		list := []*expression.Expression{e}
		for _, name := range []string{"x", "n"} {
			d, err := e.Derivative(name)
			if err != nil {
				return // too large, and said so
			}
			second, err := d.Derivative("x")
			if err != nil {
				return
			}
			list = append(list, d, second)
		}
		for _, d := range list {
			if _, _, err := d.Factor("x"); err != nil {
				return
			}
		}
		p := expression.Compile(list...)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
			t.Errorf("%d bytes allocated for %d bytes of text", used, len(text))
		}
		in := [][]float64{{0.5, 0, -2, math.Inf(1)}, {1, 0, 3, 1}, {2, 0, 0.1, math.NaN()}}
		dst := [][]float64{make([]float64, 4), make([]float64, 4), make([]float64, 4), make([]float64, 4), make([]float64, 4)}
		p.Evaluate(dst, in, []float64{3, 0.01})
		bare, err := e.With("h", 0.01) // the same, without its text
		if err != nil {
			t.Fatal(err)
		}
		written := bare.String()
		if strings.HasSuffix(written, "...") || len(written) > expression.MaxLength {
			return
		}
		again, err := expression.Parse(written, scope)
		if err != nil {
			// Brackets that were left out in the text may nest in what is written,
			// and numbers may meet that stood apart.
			return
		}
		for j := range 3 {
			a, b := dst[0][j], value(again, in[0][j], in[1][j], in[2][j], 3, 0.01)
			if a != b && a == a && b == b && !near(a, b, 1e-9) && !math.IsInf(a, 0) && !math.IsInf(b, 0) {
				t.Fatalf("%q is %v, but written as %q it is %v", text, a, written, b)
			}
		}
	})
}
