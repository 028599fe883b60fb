package objective_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/objective"
)

// Scores of +-1000 and more neither overflow nor turn into NaN. The truth is
// the limit: a row fitted with a margin m has loss and gradient exp(-m) to
// full relative accuracy, a row missed by m has loss m.
func TestSoftmaxTails(t *testing.T) {
	obj := must(objective.NewSoftmax([]float64{1}, []int{0}, 1, 3, objective.SoftmaxSettings{}))
	g, hv := make([]float64, 3), make([]float64, 3)
	for _, m := range []float64{40, 300, 700} {
		theta, e := []float64{1e3, 1e3 - m, -1e4}, math.Exp(-m)
		loss := must(obj.Gradient(g, theta, 0))
		if err := obj.HVP(hv, theta, []float64{1, 0, 0}, 0); err != nil {
			t.Fatal(err)
		}
		for name, v := range map[string][2]float64{"loss": {loss, e}, "gradient 0": {g[0], -e}, "gradient 1": {g[1], e}, "product 0": {hv[0], e}, "product 1": {hv[1], -e}} {
			if math.Abs(v[0]-v[1]) > 1e-13*e {
				t.Errorf("margin %g: %s %g, want %g", m, name, v[0], v[1])
			}
		}
	}
	if loss := must(obj.Gradient(g, []float64{-5000, 5000, 0}, 0)); loss != 10000 || g[0] != -1 || g[1] != 1 || g[2] != 0 {
		t.Errorf("missed: loss %v, gradient %v", loss, g)
	}
}

// Counted by hand: scores x and -x.
func TestSoftmaxAccuracyByHand(t *testing.T) {
	obj := must(objective.NewSoftmax([]float64{1, 2}, []int{0, 1}, 1, 2, objective.SoftmaxSettings{}))
	x := []float64{1, -1, 0, 3} // classes 0, 1, tie, 0
	for _, c := range []struct {
		y    []int
		want float64
	}{{[]int{0, 1, 0, 0}, 0.75}, {[]int{1, 1, 1, 1}, 0.25}} {
		if got := must(obj.Accuracy([]float64{1, -1}, x, c.y)); got != c.want {
			t.Errorf("%v: %v, want %v", c.y, got, c.want)
		}
	}
	if got := must(obj.Accuracy([]float64{math.NaN(), 1}, x, []int{0, 1, 0, 1})); got != 0 {
		t.Errorf("NaN classifies %v of the rows", got)
	}
}

// bench is as large as the digits: 1,000 rows of 64 features, 10 classes.
func bench() (obj *objective.Softmax, theta, dst []float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := table(rng, 1000, 64, 10)
	obj = must(objective.NewSoftmax(x, y, 64, 10, objective.SoftmaxSettings{Intercept: true}))
	return obj, normal(rng, obj.Dim()), make([]float64, obj.Dim())
}

func BenchmarkSoftmaxGradient(b *testing.B) {
	obj, theta, dst := bench()
	for b.Loop() {
		theta[0] += 1e-9 // a new forward pass every time
		_, _ = obj.Gradient(dst, theta, 0)
	}
}

func BenchmarkSoftmaxHVPAfterGradient(b *testing.B) {
	obj, theta, dst := bench()
	v := normal(rand.New(rand.NewPCG(3, 4)), len(theta))
	_, _ = obj.Gradient(dst, theta, 0)
	for b.Loop() {
		_ = obj.HVP(dst, theta, v, 0)
	}
}

func BenchmarkLogisticGradient(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := table(rng, 1000, 64, 2)
	obj := must(objective.NewLinear(x, y, 64, objective.LinearSettings{}))
	theta, dst := normal(rng, 64), make([]float64, 64)
	for b.Loop() {
		theta[0] += 1e-9
		_, _ = obj.Gradient(dst, theta, 0)
	}
}
