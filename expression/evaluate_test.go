package expression_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"

	"leeway/expression"
)

func random(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for j := range x {
		x[j] = rng.NormFloat64()
	}
	return x
}

// Truth: the operations one after another in Go, in the order of the formula. Adam's
// direction has the same bits at any length, on both sides of a block's end.
func TestBits(t *testing.T) {
	p := expression.Compile(parse(t, "x / sqrt(z + eps) + 0.01*y"))
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 7, 31, 32, 511, 512, 513, 2000} {
		x, y, z := random(rng, n), random(rng, n), random(rng, n)
		for j := range z {
			z[j] *= z[j]
		}
		dst := make([]float64, n)
		p.Evaluate([][]float64{dst}, [][]float64{x, y, z}, []float64{0, 0})
		for j := range dst {
			want := x[j]/math.Sqrt(z[j]+1e-8) + float64(0.01*y[j])
			if dst[j] != want {
				t.Fatalf("length %d, coordinate %d: %v, want %v", n, j, dst[j], want)
			}
		}
	}
}

// Several results share their parts; results that are variables, single values or
// the same as others are filled as well.
func TestSeveralResults(t *testing.T) {
	e := parse(t, "max(x*y, h)*tanh(x*y) + z*n + y")
	list := []*expression.Expression{e}
	for _, name := range []string{"x", "y", "z", "n"} {
		list = append(list, derive(t, e, name))
	}
	list = append(list, list[1], list[3]) // twice the same
	number, err := e.With("x", 1)
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, number, derive(t, list[3], "x"))
	all := expression.Compile(list...)
	rng := rand.New(rand.NewPCG(3, 4))
	const n = 700
	in := [][]float64{random(rng, n), random(rng, n), random(rng, n)}
	var dst [][]float64
	for range list {
		dst = append(dst, random(rng, n))
	}
	all.Evaluate(dst, in, []float64{3, 0.1})
	for k, e := range list {
		for j := 0; j < n; j += 13 {
			if want := value(e, in[0][j], in[1][j], in[2][j], 3, 0.1); !near(dst[k][j], want, 1e-15) {
				t.Errorf("result %d at %d is %v, alone it is %v", k, j, dst[k][j], want)
			}
		}
	}
}

// A program of one expression may write over what it reads.
func TestInPlace(t *testing.T) {
	e := parse(t, "(x + 1)*tanh(x)/(y + x^2)")
	p := expression.Compile(e)
	rng := rand.New(rand.NewPCG(5, 6))
	x, y := random(rng, 1000), random(rng, 1000)
	want := make([]float64, 1000)
	p.Evaluate([][]float64{want}, [][]float64{x, y, nil}, []float64{0, 0})
	p.Evaluate([][]float64{x}, [][]float64{x, y, nil}, []float64{0, 0})
	for j := range x {
		if x[j] != want[j] {
			t.Fatalf("coordinate %d is %v in place, want %v", j, x[j], want[j])
		}
	}
}

func TestNoAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector drops pooled memory at random")
	}
	e := parse(t, "x / sqrt(z + eps)*(1 - beta^(n + 1)) + min(y, 2)")
	p := expression.Compile(e, derive(t, e, "x"), derive(t, e, "z"))
	rng := rand.New(rand.NewPCG(1, 2))
	in, out := [][]float64{random(rng, 3000), random(rng, 3000), random(rng, 3000)}, [][]float64{random(rng, 3000), random(rng, 3000), random(rng, 3000)}
	if n := testing.AllocsPerRun(100, func() { p.Evaluate(out, in, []float64{3, 0.1}) }); n != 0 {
		t.Errorf("an evaluation allocates %v times", n)
	}
}

// Any number of goroutines may use a program at once.
func TestConcurrently(t *testing.T) {
	p := expression.Compile(parse(t, "exp(tanh(x)*y) + n"))
	rng := rand.New(rand.NewPCG(7, 8))
	x, y, want := random(rng, 5000), random(rng, 5000), make([]float64, 5000)
	p.Evaluate([][]float64{want}, [][]float64{x, y, nil}, []float64{1, 0})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			got := make([]float64, len(x))
			for range 20 {
				p.Evaluate([][]float64{got}, [][]float64{x, y, nil}, []float64{1, 0})
				for j := range got {
					if got[j] != want[j] {
						t.Errorf("coordinate %d is %v, want %v", j, got[j], want[j])
						return
					}
				}
			}
		})
	}
	all.Wait()
}

func TestQuestions(t *testing.T) {
	e := parse(t, "x / sqrt(z + eps) + 0.1*n")
	for name, want := range map[string]bool{"x": true, "y": false, "z": true, "n": true, "h": false, "nobody": false} {
		if e.Uses(name) != want {
			t.Errorf("uses %s: %v", name, !want)
		}
	}
	if _, ok := e.Number(); ok {
		t.Error("a formula is a number")
	}
	zero, err := e.With("x", 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := zero.String(); got != "n * 0.1" {
		t.Errorf("with x = 0 it is %q", got)
	}
	if !parse(t, "sign(x)*y").Jumps() || parse(t, "abs(x)").Jumps() || !parse(t, "min(x, y)").Bends() || parse(t, "x").Bends() {
		t.Error("jumps and kinks are not seen")
	}
	for a, same := range map[string]bool{"x*x": true, "x^2 + 0": true, "x**2": true, "y^2": false, "x^3": false, "x": false, "4": false} {
		if parse(t, a).Equal(parse(t, "x^2")) != same {
			t.Errorf("%s equals x^2: %v", a, !same)
		}
	}
	if !parse(t, "n*3 + h").Equal(parse(t, "3*n + h")) || parse(t, "n + 1").Equal(parse(t, "h + 1")) || parse(t, "x + 1").Equal(parse(t, "x + 2")) {
		t.Error("scalars and numbers are not compared")
	}
}

// The factor times the name is the expression, and what is no factor is none.
func TestFactor(t *testing.T) {
	for text, want := range map[string]string{
		"x": "1", "-x": "-1", "x*y": "y", "y*x": "y", "x^2": "x", "x/z": "1 / z", "2*x/sqrt(z)": "2 / sqrt(z)", "x/sqrt(x^2 + eps)": "1 / sqrt(x^2 + 1e-08)",
		"x + y": "", "y/x": "", "tanh(x)": "", "z": "", "-(y*x)/z": "-(y / z)",
	} {
		rest, ok, err := parse(t, text).Factor("x")
		if err != nil || ok != (want != "") || ok && rest.String() != want {
			t.Errorf("%s / x: %v, %v, %v; want %q", text, rest, ok, err, want)
		}
	}
}

// Parts that occur very often are looked at once: without that, these take longer
// than anybody lives.
func TestSharedParts(t *testing.T) {
	text := "(x + y)"
	for range 45 {
		text = "(" + text + "^15)"
	}
	e := parse(t, text)
	if _, ok, err := e.Factor("x"); ok || err != nil {
		t.Errorf("a factor x: %v, %v", ok, err)
	}
	with, err := e.With("y", 0)
	if err != nil || !with.Uses("x") || !e.Equal(parse(t, text)) {
		t.Errorf("without y: %v", err)
	}
	if _, err := e.Derivative("x"); err != nil {
		t.Error(err)
	}
	if s := with.String(); len(s) > 4100 {
		t.Errorf("a text of %d bytes", len(s))
	}
}

// Truth: the meaning of what is written, evaluated again from its text.
func TestStringReadsBack(t *testing.T) {
	for _, text := range []string{"x - (y - z)", "x/(y*z)", "-(x + y)", "(x*y)^2", "(-x)^2", "x^(y*z)", "(x^y)^z", "-x^2", "abs(x)*-2", "min(x, max(y, z))", "x*(y + 2)/(3 - z)", "2^x", "(x/y)/z", "(1 - beta)*x", "exp(-x)", "x - -3"} {
		e := parse(t, text)
		same, err := e.With("h", 1) // the same, without its text
		if err != nil {
			t.Fatal(err)
		}
		again := parse(t, same.String())
		if a, b := value(e, 1.3, 0.7, 2.2, 1, 1), value(again, 1.3, 0.7, 2.2, 1, 1); a != b {
			t.Errorf("%q is written %q, which is %v, not %v", text, same, b, a)
		}
	}
	long := parse(t, "x + y")
	if long.String() != "x + y" {
		t.Error("what was parsed is not its own text")
	}
	text := "x"
	for range 40 {
		text = "exp(" + text + ")"
	}
	e := derive(t, derive(t, derive(t, parse(t, text), "x"), "x"), "x")
	if s := e.String(); len(s) > 4100 || !strings.HasSuffix(s, "...") {
		t.Errorf("a text of %d bytes", len(s))
	}
}

// Mistakes of a program's author are panics.
func TestPanics(t *testing.T) {
	e := parse(t, "x")
	for name, f := range map[string]func(){
		"another origin":    func() { expression.Compile(e, parse(t, "y")) },
		"an unknown name":   func() { _, _ = e.Derivative("nobody") },
		"too few variables": func() { expression.Compile(e).Evaluate([][]float64{{1}}, nil, []float64{1, 1}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// Powers that are no small product, beyond those that become products on either
// side of zero. Truth: math.Pow.
func TestLargePowers(t *testing.T) {
	for _, exponent := range []string{"17", "-17", "-96", "1e300", "-1e300", "-0.25", "-16", "16"} {
		n, err := strconv.ParseFloat(exponent, 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []float64{0.5, 1, 2} {
			if got, want := value(parse(t, "x^"+exponent), x, 0, 0, 0, 0), math.Pow(x, n); !near(got, want, 1e-14) && got != want {
				t.Errorf("%v^%s = %v, want %v", x, exponent, got, want)
			}
		}
	}
}
