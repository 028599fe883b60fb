package objective_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"pgregory.net/rapid"

	"leeway/objective"
)

// With one row the robust gradient is slope (y x - r s), so s can be read off:
// it must lie in the subdifferential of ||w||_q, and no other member, drawn at
// random, may give a shorter gradient. The truth is the definition of the
// minimum-norm subgradient.
func TestRobustSubgradientIsTheShortest(t *testing.T) {
	for _, attack := range []string{objective.LInf, objective.L2, objective.L1} {
		t.Run(attack, func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { shortest(t, attack) }) })
	}
}

func shortest(t *rapid.T, attack string) {
	d := rapid.IntRange(1, 5).Draw(t, "d")
	x := rapid.SliceOfN(rapid.Float64Range(-1, 1), d, d).Draw(t, "x")
	// Few values, so that zeros and ties are common.
	w := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0, 1, -1, 0.5}), d, d).Draw(t, "w")
	r := rapid.Float64Range(0.1, 2).Draw(t, "r")
	obj := must(objective.NewLinear(x, []int{1}, d, objective.LinearSettings{Loss: objective.Exponential, Attack: attack, Radius: r}))
	g := make([]float64, d)
	slope := -must(obj.Gradient(g, w, 0)) // exp(-m) is its own slope, but for the sign
	again := make([]float64, d)
	must(obj.Gradient(again, w, 0)) // from what was kept
	if !slices.Equal(g, again) {
		t.Fatalf("first %v, then %v", g, again)
	}
	s := make([]float64, d)
	for j := range s {
		s[j] = (x[j] - g[j]/slope) / r
	}
	member, draw := subdifferential(attack, w)
	if !member(s) {
		t.Fatalf("w %v: s = %v is no subgradient", w, s)
	}
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	for range 50 {
		other := draw(rng)
		if !member(other) {
			t.Fatalf("the test itself draws %v for w %v", other, w)
		}
		for j := range other {
			other[j] = slope * (x[j] - r*other[j])
		}
		if floats.Norm(other, 2) < floats.Norm(g, 2)*(1-1e-12)-1e-12 {
			t.Fatalf("w %v: gradient %v has norm %g, another %v has %g", w, g, floats.Norm(g, 2), other, floats.Norm(other, 2))
		}
	}
}

// subdifferential describes the subdifferential at w of the norm dual to the
// attack's: whether s is in it, by the characterisation "dual norm at most 1
// and s . w = ||w||", and a random member.
func subdifferential(attack string, w []float64) (member func(s []float64) bool, draw func(*rand.Rand) []float64) {
	p, q := math.Inf(1), 1.0
	switch attack {
	case objective.L2:
		p, q = 2, 2
	case objective.L1:
		p, q = 1, math.Inf(1)
	}
	norm := floats.Norm(w, q)
	member = func(s []float64) bool {
		return floats.Norm(s, p) <= 1+1e-9 && math.Abs(floats.Dot(s, w)-norm) < 1e-9
	}
	draw = func(rng *rand.Rand) []float64 {
		s := make([]float64, len(w))
		for j, v := range w {
			switch {
			case attack == objective.LInf && v == 0:
				s[j] = 2*rng.Float64() - 1
			case attack == objective.LInf:
				s[j] = math.Copysign(1, v)
			case norm == 0:
				s[j] = rng.NormFloat64()
			case attack == objective.L2:
				s[j] = v / norm
			case math.Abs(v) == norm:
				s[j] = math.Copysign(rng.ExpFloat64(), v)
			}
		}
		if size := floats.Norm(s, p); attack != objective.LInf && (norm == 0 || attack == objective.L1) {
			shrink := 1 / size
			if norm == 0 {
				shrink *= rng.Float64()
			}
			floats.Scale(shrink, s)
		}
		return s
	}
	return member, draw
}

// A weight that the attack holds at zero has gradient exactly 0, not rounding
// noise. By the definition of the shortest subgradient this is every zero
// weight whose unattacked gradient is below the price.
func TestHeldWeightsHaveNoGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 4))
	const d = 6
	x, y := table(rng, 30, d, 2)
	for _, attack := range []string{objective.LInf, objective.L2, objective.L1} {
		obj := must(objective.NewLinear(x, y, d, objective.LinearSettings{Attack: attack, Radius: 5}))
		g := make([]float64, d)
		must(obj.Gradient(g, make([]float64, d), 0))
		if !slices.Equal(g, make([]float64, d)) {
			t.Errorf("%s: gradient %v at zero under an overwhelming attack", attack, g)
		}
	}
}

// The price of an attack is exact: the loss is that of rows moved by the worst
// perturbation, here the vertex of the cube against y sign(w), the multiple of
// w, and the single largest weight. The truth is the unattacked loss there.
func TestRobustLossIsTheLossOfAttackedRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	const n, d, r = 9, 4, 0.25
	x, y := table(rng, n, d, 2)
	w := normal(rng, d)
	big := 0
	for j := range w {
		if math.Abs(w[j]) > math.Abs(w[big]) {
			big = j
		}
	}
	for attack, move := range map[string]func(j int) float64{
		objective.LInf: func(j int) float64 { return math.Copysign(r, w[j]) },
		objective.L2:   func(j int) float64 { return r * w[j] / floats.Norm(w, 2) },
		objective.L1: func(j int) float64 {
			if j != big {
				return 0
			}
			return math.Copysign(r, w[j])
		},
	} {
		moved := slices.Clone(x)
		for i := range moved {
			moved[i] -= float64(2*y[i/d]-1) * move(i%d)
		}
		robust := must(objective.NewLinear(x, y, d, objective.LinearSettings{Attack: attack, Radius: r}))
		plain := must(objective.NewLinear(moved, y, d, objective.LinearSettings{}))
		g := make([]float64, d)
		if a, b := must(robust.Gradient(g, w, 0)), must(plain.Gradient(g, w, 0)); math.Abs(a-b) > 1e-14*b {
			t.Errorf("%s: robust loss %v, loss of the attacked rows %v", attack, a, b)
		}
		margins, clean := make([]float64, n), make([]float64, n)
		a, b := must(robust.Margins(margins, w)), must(plain.Margins(clean, w))
		if math.Abs(a-b) > 1e-14 || floats.Distance(margins, clean, 2) > 1e-13 {
			t.Errorf("%s: smallest margin %v, of the attacked rows %v", attack, a, b)
		}
		if a, b := must(robust.RobustAccuracy(w, x, y, r)), must(plain.Accuracy(w, moved, y)); a != b {
			t.Errorf("%s: robust accuracy %v, accuracy on the attacked rows %v", attack, a, b)
		}
	}
}

// At margins of +-800 the naive formula overflows or rounds to zero; the truth
// is the asymptote exp(-m) or -m.
func TestLogisticTails(t *testing.T) {
	obj := must(objective.NewLinear([]float64{1}, []int{1}, 1, objective.LinearSettings{}))
	for _, c := range []struct{ w, loss, slope float64 }{
		{700, math.Exp(-700), -math.Exp(-700)},
		{40, math.Exp(-40), -math.Exp(-40)},
		{800, 0, 0},
		{-800, 800, -1},
		{0, math.Ln2, -0.5},
	} {
		g := make([]float64, 1)
		loss := must(obj.Gradient(g, []float64{c.w}, 0))
		if math.Abs(loss-c.loss) > 1e-13*c.loss || math.Abs(g[0]-c.slope) > 1e-13*math.Abs(c.slope) {
			t.Errorf("margin %g: loss %g and slope %g, want %g and %g", c.w, loss, g[0], c.loss, c.slope)
		}
	}
}

// Counted by hand: predictions 1, -1, 0 and NaN; a tie and a NaN are wrong.
func TestLinearAccuracyByHand(t *testing.T) {
	obj := must(objective.NewLinear([]float64{1, -1}, []int{1, 0}, 1, objective.LinearSettings{Intercept: true}))
	x, theta := []float64{1, -1, 0, 2}, []float64{1, 0}
	for _, c := range []struct {
		y      []int
		radius float64
		want   float64
	}{{[]int{1, 0, 1, 1}, 0, 0.75}, {[]int{0, 0, 0, 1}, 0, 0.5}, {[]int{1, 0, 1, 1}, 1.5, 0.25}} {
		if got := must(obj.RobustAccuracy(theta, x, c.y, c.radius)); got != c.want {
			t.Errorf("%v, radius %v: %v, want %v", c.y, c.radius, got, c.want)
		}
	}
	if got := must(obj.Accuracy([]float64{math.NaN(), 0}, x, []int{1, 1, 1, 1})); got != 0 {
		t.Errorf("NaN classifies %v of the rows", got)
	}
}
