package objective_test

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/objective"
)

// problem is one objective of the catalogue at a generic point.
type problem struct {
	name  string
	obj   objective.TwiceDifferentiable
	theta []float64
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func normal(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

// table draws n rows of d features with classes that all occur.
func table(rng *rand.Rand, n, d, classes int) (x []float64, y []int) {
	x = normal(rng, n*d)
	for i := range n {
		y = append(y, (i*7+i/3)%classes)
	}
	return x, y
}

func symmetric(rng *rand.Rand, n int) *mat.SymDense {
	a := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			a.SetSym(i, j, rng.NormFloat64())
		}
	}
	return a
}

// problems is every objective of the package, at a point without kinks.
func problems() []problem {
	rng := rand.New(rand.NewPCG(7, 7))
	x, y := table(rng, 23, 4, 2)
	xs, ys := table(rng, 71, 5, 3) // more than two tiles of rows
	linear := func(s objective.LinearSettings) *objective.Linear {
		return must(objective.NewLinear(x, y, 4, s))
	}
	softmax := must(objective.NewSoftmax(xs, ys, 5, 3, objective.SoftmaxSettings{Intercept: true, Batches: 4}))
	sines := must(objective.NewSines(4, 3, 5))
	ps := []problem{
		{"bilinear", objective.Bilinear{}, nil},
		{"cubic net", objective.CubicNet{}, []float64{0.7, -0.4}},
		{"rosenbrock 2", must(objective.NewRosenbrock(2)), nil},
		{"rosenbrock 5", must(objective.NewRosenbrock(5)), nil},
		{"dense quadratic", must(objective.NewQuadratic(symmetric(rng, 5), normal(rng, 5))), nil},
		{"diagonal quadratic", must(objective.NewDiagonal(objective.LogSpectrum(make([]float64, 6), 3, 100), nil)), nil},
		{"sines", sines, nil},
		{"least squares", must(objective.NewLeastSquares(x, normal(rng, 23), 4, objective.LinearSettings{Intercept: true, BatchSize: 5})), nil},
		{"logistic", linear(objective.LinearSettings{Batches: 3}), nil},
		{"exponential", linear(objective.LinearSettings{Loss: objective.Exponential, Intercept: true}), nil},
		{"logistic, attack linf", linear(objective.LinearSettings{Radius: 0.3, Intercept: true, Batches: 2}), nil},
		{"exponential, attack l2", linear(objective.LinearSettings{Loss: objective.Exponential, Attack: objective.L2, Radius: 0.3, Batches: 2}), nil},
		{"logistic, attack l1", linear(objective.LinearSettings{Attack: objective.L1, Radius: 0.3, Intercept: true}), nil},
		{"softmax", must(objective.NewSoftmax(xs, ys, 5, 3, objective.SoftmaxSettings{})), nil},
		{"softmax with bias, batches", softmax, nil},
		{"join", must(objective.Join(objective.Bilinear{}, objective.CubicNet{})), []float64{0.9, 0.3}},
		{"ridge", objective.Ridge(softmax, 0.7), nil},
		{"counting", objective.Counting(sines), nil},
		{"full batch", objective.NewFullBatch(softmax), nil},
		{"full batch of one", objective.NewFullBatch(objective.Bilinear{}), nil},
	}
	for i, p := range ps {
		if p.theta == nil {
			ps[i].theta = normal(rng, p.obj.Dim())
		}
	}
	return ps
}

// each runs f for every problem and every batch of it.
func each(t *testing.T, f func(t *testing.T, p problem, k int)) {
	for _, p := range problems() {
		t.Run(p.name, func(t *testing.T) {
			for k := range p.obj.Batches() {
				f(t, p, k)
			}
		})
	}
}
