package trace

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/objective"
)

// The memo gives the gradient that it remembers, to the bit, and asks for others.
func TestMemo(t *testing.T) {
	counted := objective.Counting(must[objective.TwiceDifferentiable](t)(objective.NewSines(3, 2, 4)))
	m, plain := newMemo(counted), objective.NewFullBatch(must[objective.TwiceDifferentiable](t)(objective.NewSines(3, 2, 4)))
	a, b, c := []float64{1, 2, 3}, []float64{1, 2, 4}, []float64{1, 2, 5}
	got, want := make([]float64, 3), make([]float64, 3)
	for i, theta := range [][]float64{a, a, b, a, b, c, b, c, a} {
		loss := must[float64](t)(m.Gradient(got, theta, 0))
		if truth := must[float64](t)(plain.Gradient(want, theta, 0)); loss != truth || !slices.Equal(got, want) {
			t.Errorf("question %d: %v and %v, want %v and %v", i, loss, got, truth, want)
		}
	}
	if n := counted.Gradients()[0]; n != 4 { // a, b, c, and a again
		t.Errorf("%d gradients of the first batch, want 4", n)
	}
	if m.Clone() != nil {
		t.Error("a memo was cloned")
	}
}

// The noise scale. With batches of one example the truth is the definition: the
// trace of the covariance of the examples' gradients over the squared norm of their
// mean, by plain loops. Larger batches estimate the same: the mean over many deals of
// the examples tends to it.
func TestNoiseScale(t *testing.T) {
	const n, d = 24, 3
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float64, n*d), make([]int, n)
	for i := range x {
		x[i] = 1 + rng.NormFloat64()
	}
	for i := range y {
		y[i] = rng.IntN(2)
	}
	theta := []float64{.3, -.2, .4, .1, .2, -.3}
	scale := func(x []float64, y []int, batches int) float64 {
		model := must[*objective.Softmax](t)(objective.NewSoftmax(x, y, d, 2, objective.SoftmaxSettings{Batches: batches}))
		m := newMemo(model)
		return must[float64](t)(m.noiseScale(make([]float64, 6), theta, n))
	}
	model := must[*objective.Softmax](t)(objective.NewSoftmax(x, y, d, 2, objective.SoftmaxSettings{Batches: n}))
	mean, each := make([]float64, 6), make([][]float64, n)
	for i := range each {
		each[i] = make([]float64, 6)
		if _, err := model.Gradient(each[i], theta, i); err != nil {
			t.Fatal(err)
		}
		for j, g := range each[i] {
			mean[j] += g / n
		}
	}
	trace, size := 0.0, 0.0
	for j, m := range mean {
		size += m * m
		for i := range each {
			trace += (each[i][j] - m) * (each[i][j] - m) / (n - 1)
		}
	}
	want := trace / size
	if got := scale(x, y, n); math.Abs(got-want) > 1e-12*want {
		t.Errorf("%v, want %v", got, want)
	}
	for _, batches := range []int{4, 5} { // of equal sizes, and of different ones
		sum := 0.0
		const deals = 4000
		for range deals {
			dealt, labels := make([]float64, 0, n*d), make([]int, 0, n)
			for _, i := range rng.Perm(n) {
				dealt, labels = append(dealt, x[i*d:(i+1)*d]...), append(labels, y[i])
			}
			sum += scale(dealt, labels, batches) / deals
		}
		if math.Abs(sum-want) > 0.04*want {
			t.Errorf("%d batches: %v in the mean, want %v", batches, sum, want)
		}
	}
}
