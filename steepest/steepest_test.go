package steepest_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"leeway/steepest"
)

var norms = []steepest.Norm{1, 1.25, 2, 3, 7, steepest.Inf}

// The definition: norm 1, inner product the dual norm, and (Hoelder) no other vector
// of norm 1 has a larger one.
func TestSteepestIsSteepest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := rapid.SliceOfN(rapid.Float64Range(-3, 3), 1, 6).Draw(t, "g")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for _, p := range norms {
			size := p.Dual().Of(g)
			d := make([]float64, len(g))
			p.Steepest(d, g)
			if size == 0 {
				if p.Of(d) != 0 {
					t.Fatalf("p %v: %v is steepest for a zero gradient", p, d)
				}
				continue
			}
			if math.Abs(p.Of(d)-1) > 1e-12 || math.Abs(inner(d, g)-size) > 1e-12*size {
				t.Fatalf("p %v: %v has norm %v and product %v, want 1 and %v", p, d, p.Of(d), inner(d, g), size)
			}
			for range 20 {
				for j := range d {
					d[j] = rng.NormFloat64()
				}
				if inner(d, g)/p.Of(d) > size*(1+1e-12) {
					t.Fatalf("p %v: %v is steeper", p, d)
				}
			}
		}
	})
}

func inner(a, b []float64) float64 {
	sum := 0.0
	for j, v := range a {
		sum += v * b[j]
	}
	return sum
}

// quadratic is sum h_j x_j^2 / 2 - b x.
func quadratic(h, b, x []float64) (value float64, g []float64) {
	g = make([]float64, len(x))
	for j := range x {
		value += h[j]*x[j]*x[j]/2 - b[j]*x[j]
		g[j] = h[j]*x[j] - b[j]
	}
	return value, g
}

// Normalised descent with weight decay is Frank and Wolfe's method, and loses no more
// than 8 H / (lambda^2 (t+2)) at every step (convex, H-smooth in the norm, within the
// ball). The least value in the ball is that of a long run, to within its own gap.
func TestFrankWolfe(t *testing.T) {
	h, b := []float64{1, 0.5, 0.25, 2, 0.1}, []float64{3, -1, 0.1, 1, 0.4}
	const lambda = 0.8
	for _, p := range norms {
		// |d|_H^2 <= H |d|_p^2: for p <= 2 the largest h will do, else their sum.
		smooth := 0.0
		for _, v := range h {
			smooth += v
		}
		descent := steepest.Descent{P: p, WeightDecay: lambda}
		x, y := make([]float64, 5), make([]float64, 5)
		var values []float64
		least := math.Inf(1)
		for step := 1; step <= 3000; step++ {
			gamma := 2 / float64(step+1)
			_, g := quadratic(h, b, x)
			descent.Step(x, g, gamma/lambda)
			_, g = quadratic(h, b, y)
			steepest.FrankWolfe(y, g, p, 1/lambda, gamma)
			for j := range x {
				if math.Abs(x[j]-y[j]) > 1e-12 {
					t.Fatalf("p %v, step %d: %v, Frank-Wolfe has %v", p, step, x, y)
				}
			}
			value, g := quadratic(h, b, x)
			values = append(values, value)
			least = max(min(least, value), -1e300)
			if k := steepest.KKTOf(x, g, p, lambda); k.Size > 1+1e-12 || k.Gap < -1e-12 {
				t.Fatalf("p %v, step %d: %+v", p, step, k)
			}
		}
		_, g := quadratic(h, b, x)
		end := steepest.KKTOf(x, g, p, lambda)
		for i, v := range values {
			if bound := 8 * smooth / (lambda * lambda * float64(i+3)); v-(least-end.Gap) > bound+end.Gap {
				t.Fatalf("p %v, step %d: excess %v, bound %v", p, i+1, v-least, bound)
			}
		}
		if end.Ratio < 0.97 || end.Gap > 0.05 {
			t.Errorf("p %v: %+v at the end", p, end)
		}
	}
}

// At a KKT point that can be written down: b = (3, 0.2), the box, lambda = 1: x = (1, 0.2).
func TestKKT(t *testing.T) {
	x := []float64{1, 0.2}
	_, g := quadratic([]float64{1, 1}, []float64{3, 0.2}, x)
	if k := steepest.KKTOf(x, g, steepest.Inf, 1); k != (steepest.KKT{Size: 1, Ratio: 1, Gap: 0}) {
		t.Errorf("%+v at the solution", k)
	}
	if k := steepest.KKTOf([]float64{0, 0}, []float64{-3, -0.2}, steepest.Inf, 1); k.Ratio != 0 || k.Gap != 3.2 {
		t.Errorf("%+v at zero", k)
	}
	if k := steepest.KKTOf([]float64{0.5, 0}, []float64{0, 0}, 2, 1); k.Ratio != 1 || k.Gap != 0 || k.Size != 0.5 {
		t.Errorf("%+v without a gradient", k)
	}
}

// Outside of the ball the distance shrinks by 1 - eta lambda a step at least.
func TestComesBack(t *testing.T) {
	for _, p := range norms {
		x := []float64{9, -4, 2}
		before := p.Of(x)
		for range 50 {
			_, g := quadratic([]float64{1, 2, 3}, []float64{50, -20, 5}, x)
			steepest.Descent{P: p, WeightDecay: 0.5}.Step(x, g, 0.1)
			after := p.Of(x)
			if after-2 > 0.95*(before-2)+1e-12 {
				t.Fatalf("p %v: norm %v after %v", p, after, before)
			}
			before = after
		}
	}
}

// Plain steepest descent for p = 2 is gradient descent; without decay.
func TestPlain(t *testing.T) {
	x := []float64{1, 2}
	steepest.Descent{P: 2, Plain: true}.Step(x, []float64{3, -4}, 0.5)
	if math.Abs(x[0]+0.5) > 1e-15 || math.Abs(x[1]-4) > 1e-15 {
		t.Errorf("%v, want (-0.5, 4)", x)
	}
}

func TestNorms(t *testing.T) {
	x := []float64{3, -4}
	for p, want := range map[steepest.Norm]float64{1: 7, 2: 5, steepest.Inf: 4, 3: math.Cbrt(27 + 64)} {
		if got := p.Of(x); math.Abs(got-want) > 1e-14 {
			t.Errorf("p %v: %v, want %v", p, got, want)
		}
	}
	if n := steepest.Norm(2).Of([]float64{3e200, 4e200}); math.Abs(n/5e200-1) > 1e-15 {
		t.Errorf("%v of large numbers", n)
	}
	if steepest.Norm(0.5).Check() == nil || steepest.Norm(1).Check() != nil || steepest.Norm(math.NaN()).Check() == nil {
		t.Error("the check of p")
	}
	g := []float64{1, 2}
	if n := testing.AllocsPerRun(5, func() { steepest.Descent{P: 3, WeightDecay: 1}.Step(x, g, 0.1) }); n > 0 {
		t.Errorf("%v allocations a step", n)
	}
	for name, f := range map[string]func(){
		"step": func() { steepest.Descent{P: 2}.Step(x, g[:1], 1) }, "wolfe": func() { steepest.FrankWolfe(x, g[:1], 2, 1, 1) },
		"kkt": func() { steepest.KKTOf(x, g[:1], 2, 1) }, "steepest": func() { steepest.Inf.Steepest(x, g[:1]) },
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

func Example() {
	x, gradient := []float64{0, 0}, []float64{3, -1}
	for _, p := range []steepest.Norm{1, 2, steepest.Inf} {
		d := make([]float64, 2)
		p.Steepest(d, gradient)
		fmt.Printf("p = %v: %.3f\n", p, d)
	}
	// A step with weight decay 1/2 stays within |x|_inf <= 2.
	steepest.Descent{P: steepest.Inf, WeightDecay: 0.5}.Step(x, gradient, 2)
	fmt.Println(x)
	// Output:
	// p = 1: [1.000 0.000]
	// p = 2: [0.949 -0.316]
	// p = +Inf: [1.000 -1.000]
	// [-2 2]
}
