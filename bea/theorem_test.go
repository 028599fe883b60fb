package bea_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// theorem lists the variants of the main theorem with the settings of package
// optim that mean the same.
func theorem(obj objective.TwiceDifferentiable, visits []int) map[string]struct {
	naive naive
	def   optim.Definition
} {
	const beta, rho, eps = 0.8, 0.9, 0.05
	all := map[string]struct {
		naive naive
		def   optim.Definition
	}{}
	for _, outside := range []bool{false, true} {
		mode := optim.Inside
		if outside {
			mode = optim.Outside
		}
		for _, corrected := range []bool{false, true} {
			name := fmt.Sprintf("%v/corrected=%v", mode, corrected)
			a := naive{beta, rho, eps, outside, corrected, obj, visits}
			b := a
			b.beta = 0
			all["adam/"+name] = struct {
				naive naive
				def   optim.Definition
			}{a, optim.Adam{Beta1: beta, Beta2: rho, Eps: eps, EpsMode: mode, BiasCorrection: corrected}}
			all["rmsprop/"+name] = struct {
				naive naive
				def   optim.Definition
			}{b, optim.RMSProp{Beta2: rho, Eps: eps, EpsMode: mode, BiasCorrection: corrected}}
		}
	}
	return all
}

// Truth: the paper's double sums, see naive.
func TestFlowIsTheTheorem(t *testing.T) {
	const h = 0.1
	for sequence, order := range visits {
		obj := sines(t, 3)
		for name, c := range theorem(obj, order) {
			t.Run(sequence+"/"+name, func(t *testing.T) {
				opt := constant(t, c.def, h)
				s := &bea.Settings{Order: order}
				flow := must[*bea.Flow](t)(bea.NewFlow(2, opt, obj, s))
				leading := must[*bea.Flow](t)(bea.NewFlow(1, opt, obj, s))
				got := make([]float64, 4)
				for _, n := range []int{11, 0, 1, 2, 7} { // in no order: nothing may depend on it
					flow.SetStep(n)
					if err := flow.Derivative(got, 0, start); err != nil {
						t.Fatal(err)
					}
					if e := relative(got, c.naive.velocity(n, h, start)); !(e <= 1e-12) {
						t.Errorf("step %d: corrected flow is off by %.2g", n, e)
					}
					leading.SetStep(n)
					if err := leading.Derivative(got, 0, start); err != nil {
						t.Fatal(err)
					}
					want := c.naive.quotient(n, start)
					for j := range want {
						want[j] = -want[j]
					}
					if e := relative(got, want); !(e <= 1e-12) {
						t.Errorf("step %d: leading flow is off by %.2g", n, e)
					}
				}
			})
		}
	}
}

// Truth: the paper's double sums, see naive, and the flow that they make up.
func TestAdamTerms(t *testing.T) {
	for sequence, order := range visits {
		obj := sines(t, 3)
		for name, c := range theorem(obj, order) {
			t.Run(sequence+"/"+name, func(t *testing.T) {
				e := must[*bea.Expansion](t)(bea.NewExpansion(constant(t, c.def, 0.1), obj, &bea.Settings{Order: order}))
				terms := bea.NewAdamTerms(4)
				for _, n := range []int{9, 0, 1, 4} {
					if err := e.AdamTerms(terms, n, start); err != nil {
						t.Fatal(err)
					}
					compareTerms(t, fmt.Sprintf("step %d", n), terms, c.naive, n)
				}
			})
		}
	}
}

func compareTerms(t *testing.T, where string, got *bea.AdamTerms, want naive, n int) {
	t.Helper()
	l, p := want.lp(n, start, false)
	lBar, pBar := want.lp(n, start, true)
	if want.beta == 0 {
		clear(l) // the sum from k = n to n-1 is empty
	}
	for name, pair := range map[string][2][]float64{
		"R": {got.R, want.r(n, start)}, "M": {got.M, want.m(n, start)},
		"L": {got.L, l}, "LBar": {got.LBar, lBar}, "P": {got.P, p}, "PBar": {got.PBar, pBar},
	} {
		if e := relative(pair[0], pair[1]); !(e <= 1e-12) {
			t.Errorf("%s: %s is %v, want %v", where, name, pair[0], pair[1])
		}
	}
}

// In full batch with bias correction the terms come from a single product; truth
// is again the double sum.
func TestAdamTermsFullBatch(t *testing.T) {
	counter := objective.Counting(objective.NewFullBatch(sines(t, 3)))
	for name, c := range theorem(counter, make([]int, 20)) {
		e := must[*bea.Expansion](t)(bea.NewExpansion(constant(t, c.def, 0.1), counter, nil))
		terms := bea.NewAdamTerms(4)
		for _, n := range []int{0, 3, 12} {
			counter.Reset()
			if err := e.AdamTerms(terms, n, start); err != nil {
				t.Fatal(err)
			}
			if got := counter.HVPs()[0]; c.naive.corrected && got != 1 || got > 3 {
				t.Errorf("%s step %d: %d Hessian-vector products", name, n, got)
			}
			compareTerms(t, fmt.Sprintf("%s step %d", name, n), terms, c.naive, n)
		}
	}
}

// With equal decays L and P need the same displacements and so the same product.
func TestAdamTermsShareProducts(t *testing.T) {
	obj := objective.Counting(sines(t, 3))
	opt := constant(t, optim.Adam{Beta1: 0.8, Beta2: 0.8, Eps: 0.05, BiasCorrection: true}, 0.1)
	e := must[*bea.Expansion](t)(bea.NewExpansion(opt, obj, nil))
	terms := bea.NewAdamTerms(4)
	if err := e.AdamTerms(terms, 7, start); err != nil {
		t.Fatal(err)
	}
	for b, count := range obj.HVPs() {
		if count != 2 {
			t.Errorf("batch %d: %d products, want 2", b, count)
		}
	}
	want := naive{0.8, 0.8, 0.05, false, true, obj, []int{0, 1, 2, 0, 1, 2, 0, 1, 2, 0}}
	compareTerms(t, "step 7", terms, want, 7)
}

func TestAdamTermsOfAnotherRule(t *testing.T) {
	for _, def := range []optim.Definition{optim.GD{}, optim.LionK{Beta1: 0.9, Beta2: 0.9, Eps: 1}} {
		e := must[*bea.Expansion](t)(bea.NewExpansion(constant(t, def, 0.1), sines(t, 1), nil))
		if err := e.AdamTerms(bea.NewAdamTerms(4), 0, start); !errors.Is(err, bea.ErrNotAdam) {
			t.Errorf("%T: error %v, want ErrNotAdam", def, err)
		}
	}
}

// TensorFlow's eps, eps/sqrt(1-rho^(n+1)) after correction, makes F change from
// step to step even in full batch with bias correction. Truth: the displacements
// summed one step at a time from the definition.
func TestAgeingEps(t *testing.T) {
	const h, beta, rho, eps, n = 0.1, 0.8, 0.9, 0.05, 7
	obj := objective.NewFullBatch(sines(t, 3))
	g, hf := make([]float64, 4), make([]float64, 4)
	if _, err := obj.Gradient(g, start, 0); err != nil {
		t.Fatal(err)
	}
	d := func(l, j int) float64 { return math.Abs(g[j]) + eps/math.Sqrt(1-math.Pow(rho, float64(l+1))) }
	direction := func(l int) []float64 {
		f := make([]float64, 4)
		for j := range f {
			f[j] = g[j] / d(l, j)
		}
		return f
	}
	want := make([]float64, 4)
	for k := 0; k <= n; k++ {
		way := direction(n)
		for j := range way {
			way[j] /= 2
		}
		for l := k; l < n; l++ {
			for j, f := range direction(l) {
				way[j] += f
			}
		}
		w := math.Pow(beta, float64(n-k)) * (1 - beta) / (1 - math.Pow(beta, n+1))
		u := math.Pow(rho, float64(n-k)) * (1 - rho) / (1 - math.Pow(rho, n+1))
		if err := obj.HVP(hf, start, way, 0); err != nil {
			t.Fatal(err)
		}
		for j, x := range hf {
			// dF/dm = 1/D, dF/dv = -m/(2 |g| D^2), dv = 2 g dg.
			want[j] -= h * x * (w/d(n, j) - u*math.Abs(g[j])/(d(n, j)*d(n, j)))
		}
	}
	for j, f := range direction(n) {
		want[j] -= f
	}
	opt := constant(t, optim.Adam{Beta1: beta, Beta2: rho, Eps: eps, EpsMode: optim.OutsideUncorrected, BiasCorrection: true}, h)
	flow := must[*bea.Flow](t)(bea.NewFlow(2, opt, obj, nil))
	flow.SetStep(n)
	got := make([]float64, 4)
	if err := flow.Derivative(got, 0, start); err != nil {
		t.Fatal(err)
	}
	if e := relative(got, want); !(e <= 1e-12) {
		t.Errorf("velocity %v, want %v", got, want)
	}
}

// Past steps are replayed block by block of coordinates; a problem larger than
// one block must not notice. Truth: the paper's double sums, see naive.
func TestManyParameters(t *testing.T) {
	const p, h, n = 300, 0.1, 4
	obj := must[*objective.Sines](t)(objective.NewSines(p, 2, 1))
	theta := make([]float64, p)
	for j := range theta {
		theta[j] = math.Sin(float64(j))
	}
	order := listed{1, 0, 0, 1, 1}
	flow := must[*bea.Flow](t)(bea.NewFlow(2, constant(t, optim.Adam{Beta1: 0.8, Beta2: 0.9, Eps: 0.05, BiasCorrection: true}, h), obj, &bea.Settings{Order: order}))
	flow.SetStep(n)
	got := make([]float64, p)
	if err := flow.Derivative(got, 0, theta); err != nil {
		t.Fatal(err)
	}
	want := naive{0.8, 0.9, 0.05, false, true, obj, order}.velocity(n, h, theta)
	if e := relative(got, want); !(e <= 1e-12) {
		t.Errorf("off by %.2g", e)
	}
}
