package optim

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// every rule with and without the regularisations, for tests of scaled steps.
func scalableRules(t *testing.T) map[string]Optimizer {
	t.Helper()
	all := map[string]Optimizer{}
	for _, kind := range Kinds() {
		def, err := Default(kind)
		if err != nil {
			t.Fatal(err)
		}
		o, err := New(def, 0.01, Schedule{Kind: "polynomial", Power: 0.3})
		if err != nil {
			t.Fatal(err)
		}
		all[kind] = o
	}
	for name, def := range map[string]Definition{
		"no eps": Adam{Beta1: 0.9, Beta2: 0.99},
		"tensorflow": Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-3, EpsMode: OutsideUncorrected, BiasCorrection: true,
			Regularization: Regularization{WeightDecay: 0.1, L2: 0.01}},
		"outside": Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-3, EpsMode: Outside},
	} {
		o, err := New(def, 0.01, Schedule{})
		if err != nil {
			t.Fatal(err)
		}
		all[name] = o
	}
	return all
}

// Without underflow a gradient times 2^k, said to be so, makes the same step, to the
// last bit, as the gradient itself: powers of two round nothing.
func TestScaledStepsAreTheSame(t *testing.T) {
	for name, o := range scalableRules(t) {
		if !o.Rule.Scalable() {
			t.Errorf("%s is not scalable", name)
			continue
		}
		const dim = 40 // enough for the vector functions
		rng := rand.New(rand.NewPCG(1, 2))
		a, b := NewState(o, dim), NewState(o, dim)
		x, y, g, scaled := make([]float64, dim), make([]float64, dim), make([]float64, dim), make([]float64, dim)
		for j := range x {
			x[j] = rng.NormFloat64()
			y[j] = x[j]
		}
		for n := range 60 {
			exponent := 5*n - 30
			if n > 20 {
				exponent = 600 - 10*n // beyond the window, and back
			}
			for j := range g {
				g[j] = math.Ldexp(rng.NormFloat64(), -300-n)
				scaled[j] = math.Ldexp(g[j], exponent)
			}
			a.Step(x, g)
			b.StepScaled(nil, y, scaled, exponent)
			for j := range x {
				if x[j] != y[j] {
					t.Fatalf("%s, step %d: parameter %d is %v with scaled gradients, want %v", name, n, j, y[j], x[j])
				}
			}
		}
		if b.Exponent() == 0 && o.Rule.L2 == 0 { // L2 keeps the gradients large
			t.Errorf("%s: the scale has not changed", name)
		}
	}
}

// Adam on gradients 2^(-30 n) g_n, far below float64, against its definition in numbers
// of 200 bits and any exponent.
func TestAdamFarBelowFloat64(t *testing.T) {
	const beta1, beta2 = 0.5, 0.25
	for _, eps := range []float64{0, 0x1p-400} {
		o, err := New(Adam{Beta1: beta1, Beta2: beta2, Eps: eps, EpsMode: Outside}, 1, Schedule{})
		if err != nil {
			t.Fatal(err)
		}
		s := NewState(o, 1)
		theta, rng := []float64{0}, rand.New(rand.NewPCG(3, 4))
		wide := func(x float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(x) }
		m, v, want := wide(0), wide(0), 0.0
		mul := func(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(200).Mul(a, b) }
		add := func(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(200).Add(a, b) }
		for n := range 200 {
			g := rng.NormFloat64()
			s.StepScaled(nil, theta, []float64{g}, 30*n)
			small := wide(g)
			small.SetMantExp(small, -30*n)
			m = add(mul(wide(beta1), m), mul(wide(1-beta1), small))
			v = add(mul(wide(beta2), v), mul(wide(1-beta2), mul(small, small)))
			root := new(big.Float).SetPrec(200).Sqrt(v)
			f, _ := new(big.Float).SetPrec(200).Quo(m, add(root, wide(eps))).Float64()
			want -= f
			if math.Abs(theta[0]-want) > 1e-11*(1+math.Abs(want)) {
				t.Fatalf("eps %v, step %d: %v, want %v", eps, n, theta[0], want)
			}
		}
	}
}

// The state keeps what matters when gradients fall by more in one step than float64
// holds: the memory is of the size of the old ones.
func TestScaleFollowsTheMemory(t *testing.T) {
	o, err := New(HeavyBall{Beta: 0.5}, 1, Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	s, theta := NewState(o, 1), []float64{0}
	s.StepScaled(nil, theta, []float64{1}, 0)
	s.StepScaled(nil, theta, []float64{1}, 5000)
	if want := -0.5 - 0.25; theta[0] != want {
		t.Errorf("theta %v, want %v: the old gradient lives on", theta[0], want)
	}
	s.StepScaled(nil, theta, []float64{math.Inf(1)}, 5000)
	if !math.IsInf(theta[0], 0) && !math.IsNaN(theta[0]) {
		t.Errorf("theta %v after an infinite gradient, which must not be hidden", theta[0])
	}
}

// A checkpoint keeps the memories, the exponent and the number of steps.
func TestScaledStateResumes(t *testing.T) {
	o, err := New(Adam{Beta1: 0.9, Beta2: 0.99}, 0.1, Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	a, x := NewState(o, 1), []float64{1}
	for n := range 30 {
		a.StepScaled(nil, x, []float64{1 + float64(n)}, 400+n)
	}
	b, y := NewState(o, 1), []float64{x[0]}
	for i := range o.Rule.Averages {
		copy(b.Memory(i), a.Memory(i))
	}
	b.SetSteps(a.Steps())
	b.SetExponent(a.Exponent())
	a.StepScaled(nil, x, []float64{2}, 430)
	b.StepScaled(nil, y, []float64{2}, 430)
	if x[0] != y[0] || a.Exponent() == 0 {
		t.Errorf("%v after a checkpoint, want %v (exponent %d)", y[0], x[0], a.Exponent())
	}
}

// own is a function of a user's, whose degree nobody knows.
type own struct{ Function }

func TestNotScalable(t *testing.T) {
	rule := &Rule{Name: "own", Averages: []Average{EMA("m", own{Identity}, 0.5, false)}, Readout: linear{}}
	if rule.Scalable() {
		t.Error("a function without degree is scalable")
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NewState(Optimizer{Rule: rule, LR: 1}, 1).StepScaled(nil, []float64{0}, []float64{1}, 3)
}
