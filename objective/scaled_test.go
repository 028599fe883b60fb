package objective_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"leeway/objective"
)

// Where nothing underflows 2^exponent times Gradient is the truth: other formulas for
// the same numbers.
func TestScaledGradientAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	x, y := table(rng, 23, 4, 2)
	for _, s := range []objective.LinearSettings{
		{}, {Loss: objective.Exponential}, {Intercept: true, Batches: 3}, {Attack: objective.LInf, Radius: 0.1},
		{Attack: objective.L2, Radius: 0.1, Intercept: true}, {Loss: objective.Exponential, Attack: objective.L1, Radius: 0.2, BatchSize: 5},
		{Loss: objective.LeastSquares},
	} {
		l := must(objective.NewLinear(x, y, 4, s))
		for _, size := range []float64{0, 0.1, 1, 30} {
			theta := normal(rng, l.Dim())
			for j := range theta {
				theta[j] *= size
			}
			for k := range l.Batches() {
				want, got := make([]float64, l.Dim()), make([]float64, l.Dim())
				loss := must(l.Gradient(want, theta, k))
				value, exponent, err := l.GradientScaled(got, theta, k)
				if err != nil {
					t.Fatal(err)
				}
				near(t, value, math.Ldexp(loss, exponent), "loss")
				for j := range want {
					near(t, got[j], math.Ldexp(want[j], exponent), "gradient")
				}
				// The cache of the last pass must not have been touched.
				if again := must(l.Gradient(got, theta, k)); again != loss {
					t.Errorf("the loss is %v after a scaled gradient, %v before", again, loss)
				}
			}
		}
	}
}

func near(t *testing.T, got, want float64, what string) {
	t.Helper()
	if math.Abs(got-want) > 1e-12*(math.Abs(want)+1e-3) {
		t.Errorf("%s %v, want %v", what, got, want)
	}
}

// At margins in the thousands the truth is the sum in numbers of any exponent, with
// exp(-m) = 2^-k exp(k ln 2 - m).
func TestScaledGradientFarOut(t *testing.T) {
	x, y := []float64{1, 0.5, -2, 0.25}, []int{1, 0}
	theta := []float64{4000, 64}
	wide := func(v float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(v) }
	for _, loss := range []string{objective.Logistic, objective.Exponential} {
		l := must(objective.NewLinear(x, y, 2, objective.LinearSettings{Loss: loss}))
		got := make([]float64, 2)
		value, exponent, err := l.GradientScaled(got, theta, 0)
		if err != nil {
			t.Fatal(err)
		}
		if plain := must(l.Gradient(make([]float64, 2), theta, 0)); plain != 0 || exponent < 5000 || !(value > 0) {
			t.Errorf("loss %v without scale, %v with the exponent %d", plain, value, exponent)
		}
		// Margins 4032 and 7984: what the second adds is far below rounding.
		const m, k = 4032.0, 5817
		e := wide(math.Exp(k*math.Ln2 - m))
		e.SetMantExp(e, exponent-k)
		want, _ := new(big.Float).Mul(e, wide(0.5)).Float64()
		for what, pair := range map[string][2]float64{"loss": {value, want}, "first": {got[0], -want}, "second": {got[1], -want / 2}} {
			if math.Abs(pair[0]-pair[1]) > 1e-11*math.Abs(pair[1]) {
				t.Errorf("%s, %s: %v, want %v", loss, what, pair[0], pair[1])
			}
		}
	}
}

func TestAsScaled(t *testing.T) {
	x, y := []float64{1, -1, 2, 3}, []int{1, 0}
	full := must(objective.NewLinear(x, y, 2, objective.LinearSettings{}))
	parts := must(objective.NewLinear(x, y, 2, objective.LinearSettings{Batches: 2}))
	for name, c := range map[string]struct {
		obj  objective.Differentiable
		want bool
	}{
		"itself": {full, true}, "counted": {objective.Counting(full), true}, "full": {objective.NewFullBatch(full), true},
		"full of parts": {objective.NewFullBatch(parts), false}, "with a ridge": {objective.Ridge(full, 1), false}, "bilinear": {objective.Bilinear{}, false},
	} {
		if _, ok := objective.AsScaled(c.obj); ok != c.want {
			t.Errorf("%s: %v, want %v", name, ok, c.want)
		}
	}
	if _, _, err := full.GradientScaled(make([]float64, 2), make([]float64, 2), 1); err == nil {
		t.Error("no error for a batch that does not exist")
	}
}
