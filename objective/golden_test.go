package objective_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/objective"
)

// adam takes steps of Adam (h = 0.1, beta 0.9 and 0.999, epsilon 1e5) in one
// of four conventions. It is written out here from Kingma and Ba's algorithm.
func adam(obj objective.Differentiable, theta []float64, steps int, correct, inside bool) {
	const h, beta, rho, eps = 0.1, 0.9, 0.999, 1e5
	n := len(theta)
	g, m, v := make([]float64, n), make([]float64, n), make([]float64, n)
	for t := 1; t <= steps; t++ {
		must(obj.Gradient(g, theta, 0))
		for j := range theta {
			m[j] = beta*m[j] + (1-beta)*g[j]
			v[j] = rho*v[j] + (1-rho)*g[j]*g[j]
			a, b := m[j], v[j]
			if correct {
				a, b = a/(1-math.Pow(beta, float64(t))), b/(1-math.Pow(rho, float64(t)))
			}
			if inside {
				theta[j] -= h * a / math.Sqrt(b+eps)
			} else {
				theta[j] -= h * a / (math.Sqrt(b) + eps)
			}
		}
	}
}

// The truth is the authors' golden test (bias correction on, epsilon inside)
// and its three companions, computed by an independent implementation.
func TestFiveAdamStepsOnTheCubicNet(t *testing.T) {
	for _, c := range []struct {
		correct, inside bool
		a, b            float64
	}{
		{true, true, 6.306753009890437, 6.23673961805188},
		{false, true, 4.688387786860363, 4.617912717959523},
		{true, false, 6.306962022779511, 6.237372180661935},
		{false, false, 4.704328938605058, 4.674871853139518},
	} {
		theta := objective.CubicNet{}.Start()
		adam(objective.CubicNet{}, theta, 5, c.correct, c.inside)
		if math.Abs(theta[0]-c.a) > 2e-14 || math.Abs(theta[1]-c.b) > 2e-14 {
			t.Errorf("correction %v, inside %v: (%.16g, %.16g), want (%.16g, %.16g)", c.correct, c.inside, theta[0], theta[1], c.a, c.b)
		}
	}
}

// The steps above hide a factor in the loss (epsilon is small against v), so
// the gradient is held on its own against numbers worked out by hand: at
// (a, b) = (1, 2) f = 2 (2)^3 = 16, f - y = 29/2, and the gradient is
// 29 (3 * 2 * 4 * 2, 8) = (1392, 232).
func TestCubicNetByHand(t *testing.T) {
	g := make([]float64, 2)
	loss := must(objective.CubicNet{}.Gradient(g, []float64{1, 2}, 0))
	if loss != 14.5*14.5 || g[0] != 1392 || g[1] != 232 {
		t.Errorf("loss %v, gradient %v", loss, g)
	}
}

// By hand at the start: t1 t2 = 9.8, r = 18.1, loss 163.805, gradient
// 36.2 (3.5, 2.8).
func TestBilinearByHand(t *testing.T) {
	b, g := objective.Bilinear{}, make([]float64, 2)
	loss := must(b.Gradient(g, b.Start(), 0))
	if math.Abs(loss-163.805) > 1e-12 || math.Abs(g[0]-126.7) > 1e-12 || math.Abs(g[1]-101.36) > 1e-12 {
		t.Errorf("loss %v, gradient %v", loss, g)
	}
	top, least := b.Minimum()
	if got := must(b.Gradient(g, top, 0)); math.Abs(got-least) > 1e-30 || math.Hypot(g[0], g[1]) > 1e-14 || math.Abs(top[0]*top[1]-0.75) > 1e-15 {
		t.Errorf("minimum %v: loss %v, gradient %v", top, got, g)
	}
}

// The truth is the normal equations: the gradient vanishes at the minimum and
// nearby losses are larger.
func TestQuadraticMinimum(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	root := mat.NewDense(4, 4, normal(rng, 16))
	var square mat.SymDense
	square.SymOuterK(1, root)
	for i := range 4 {
		square.SetSym(i, i, square.At(i, i)+1) // eigenvalues of at least 1
	}
	for _, q := range []*objective.Quadratic{
		must(objective.NewQuadratic(&square, normal(rng, 4))),
		must(objective.NewDiagonal([]float64{1, 2, 3, 0.1}, normal(rng, 4))),
	} {
		top, least, err := q.Minimum()
		if err != nil {
			t.Fatal(err)
		}
		g := make([]float64, 4)
		if loss := must(q.Gradient(g, top, 0)); math.Abs(loss-least) > 1e-12 {
			t.Errorf("loss %v at the minimum, said to be %v", loss, least)
		}
		for j := range g {
			if math.Abs(g[j]) > 1e-12 {
				t.Errorf("gradient %v at the minimum", g)
			}
			top[j] += 0.1
			if loss := must(q.Gradient(make([]float64, 4), top, 0)); loss <= least {
				t.Errorf("loss %v beside the minimum %v", loss, least)
			}
			top[j] -= 0.1
		}
	}
	for _, q := range []*objective.Quadratic{
		must(objective.NewDiagonal([]float64{1, 0}, nil)),
		must(objective.NewQuadratic(mat.NewSymDense(2, []float64{0, 1, 1, 0}), nil)),
	} {
		if _, _, err := q.Minimum(); err == nil {
			t.Error("a saddle has a minimum")
		}
	}
}

func TestLogSpectrum(t *testing.T) {
	s := objective.LogSpectrum(make([]float64, 5), 20, 1e4)
	for i, want := range []float64{0.002, 0.02, 0.2, 2, 20} {
		if math.Abs(s[i]/want-1) > 1e-14 {
			t.Errorf("spectrum %v", s)
		}
	}
	if one := objective.LogSpectrum(make([]float64, 1), 3, 10); one[0] != 3 {
		t.Errorf("a single eigenvalue is %v", one)
	}
}

// No two batches and no two seeds are alike, and one seed is.
func TestSinesAreSeeded(t *testing.T) {
	loss := func(seed uint64, k int) float64 {
		return must(must(objective.NewSines(3, 2, seed)).Gradient(make([]float64, 3), []float64{1, 2, 3}, k))
	}
	if loss(1, 0) != loss(1, 0) || loss(1, 0) == loss(1, 1) || loss(1, 0) == loss(2, 0) {
		t.Error("losses do not follow seed and batch")
	}
}
