package optim_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"leeway/optim"
	"leeway/steepest"
)

var geometries = map[optim.Geometry]steepest.Norm{optim.Euclidean: 2, optim.OneNorm: 1, optim.MaxNorm: steepest.Inf}

// Truth: the method of package steepest, another implementation of the same step; and
// gradient descent with the same regularisation for plain steps in the Euclidean norm.
// Many parameters are shared among goroutines.
func TestSteepest(t *testing.T) {
	for _, n := range []int{7, 1000, 140_000} {
		for g, p := range geometries {
			for _, normalized := range []bool{false, true} {
				const h, decay = 0.05, 0.3
				def := optim.Steepest{Norm: g, Normalized: normalized, Regularization: optim.Regularization{WeightDecay: decay}}
				opt, err := optim.New(def, h, optim.Schedule{Kind: "polynomial", Power: 0.5})
				if err != nil {
					t.Fatal(err)
				}
				random := rand.New(rand.NewPCG(uint64(n), 3))
				theta, want, gradient, copied := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
				for j := range theta {
					theta[j] = random.NormFloat64()
				}
				copy(want, theta)
				state, descent := optim.NewState(opt, n), steepest.Descent{P: p, Plain: !normalized, WeightDecay: decay}
				for step := range 5 {
					for j := range gradient {
						gradient[j] = random.NormFloat64()
					}
					copy(copied, gradient)
					state.Step(theta, gradient)
					descent.Step(want, copied, h/math.Sqrt(float64(step+1)))
					for j, x := range theta {
						if math.Abs(x-want[j]) > 1e-13*(1+math.Abs(want[j])) {
							t.Fatalf("%d parameters, norm %v, normalized %t, step %d: %v, want %v", n, p, normalized, step, x, want[j])
						}
					}
				}
				if n := testing.AllocsPerRun(5, func() { state.Step(theta, gradient) }); len(theta) < 2000 && n > 0 {
					t.Errorf("%v allocations a step", n)
				}
			}
		}
	}
	regular := optim.Regularization{L2: 0.2, WeightDecay: 0.1}
	a, b := []float64{1, -2, 3}, []float64{1, -2, 3}
	one, err := optim.New(optim.Steepest{Regularization: regular}, 0.1, optim.Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	two, err := optim.New(optim.GD{Regularization: regular}, 0.1, optim.Schedule{})
	if err != nil {
		t.Fatal(err)
	}
	g := []float64{0.3, 0.2, -5}
	optim.NewState(one, 3).Step(a, g)
	optim.NewState(two, 3).Step(b, g)
	for j := range a {
		if math.Abs(a[j]-b[j]) > 1e-15 {
			t.Errorf("coordinate %d: %v, gradient descent has %v", j, a[j], b[j])
		}
	}
}

// Normalised steps do not depend on the size of the gradient, so that they go on where
// gradients underflow; plain ones do.
func TestSteepestScaled(t *testing.T) {
	for g := range geometries {
		opt, err := optim.New(optim.Steepest{Norm: g, Normalized: true}, 0.1, optim.Schedule{})
		if err != nil {
			t.Fatal(err)
		}
		if !opt.Rule.Scalable() || opt.Rule.Linear() || opt.Rule.SecondMoment() {
			t.Errorf("norm %s: what the rule says of itself", g)
		}
		a, b := []float64{1, 2, 3}, []float64{1, 2, 3}
		gradient := []float64{0.25, -2, 1}
		optim.NewState(opt, 3).Step(a, gradient)
		optim.NewState(opt, 3).StepScaled(nil, b, gradient, 5000)
		for j := range a {
			if a[j] != b[j] {
				t.Errorf("norm %s: scaled %v, want %v", g, b, a)
			}
		}
	}
	for _, def := range []optim.Steepest{{}, {Normalized: true, Regularization: optim.Regularization{L2: 1}}} {
		if rule, err := def.Rule(); err != nil || rule.Scalable() {
			t.Errorf("%+v takes scaled gradients (%v)", def, err)
		}
	}
}

func TestSteepestErrors(t *testing.T) {
	if _, err := (optim.Steepest{Norm: 7}).Rule(); err == nil {
		t.Error("no error for a norm that there is not")
	}
	var bad *optim.RangeError
	if _, err := (optim.Steepest{Regularization: optim.Regularization{L2: -1}}).Rule(); !errors.As(err, &bad) || bad.Kind != "steepest" {
		t.Errorf("error %v", err)
	}
	var g optim.Geometry
	for _, name := range []string{"1", "2", "inf"} {
		if err := g.UnmarshalText([]byte(name)); err != nil || g.String() != name {
			t.Errorf("%s is read as %s (%v)", name, g, err)
		}
	}
	if g.UnmarshalText([]byte("3")) == nil || optim.Geometry(9).String() != "Geometry(9)" {
		t.Error("a norm that there is not")
	}
}
