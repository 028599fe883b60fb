package nn

import (
	"math/rand/v2"
	"testing"

	"leeway/autodiff"
)

// problem is a tiny network on random data.
type problem struct {
	name     string
	data     Data
	settings Settings
	// forward is how testdata/torch_models.py calls it.
	forward string
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// randomData are normal examples with random labels.
func randomData(n, classes int, shape ...int) Data {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(classes)))
	d := Data{Shape: shape, Classes: classes, X: make([]float64, n*autodiff.Shape(shape).Size()), Y: make([]int, n)}
	for i := range d.X {
		d.X[i] = rng.NormFloat64()
	}
	for i := range d.Y {
		d.Y[i] = rng.IntN(classes)
	}
	return d
}

// randomText are random tokens with random labels.
func randomText(n, length, vocabulary int) Data {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(length)))
	d := Data{Shape: []int{length}, Classes: vocabulary}
	for range n * length {
		d.Tokens = append(d.Tokens, int32(rng.IntN(vocabulary)))
		d.Y = append(d.Y, rng.IntN(vocabulary))
	}
	return d
}

// problems holds every architecture at a tiny size, in float64, with smooth
// activations, and every loss and activation at least once.
func problems() []problem {
	f64 := func(a Architecture, loss string) Settings {
		return Settings{Architecture: a, Loss: loss, DType: autodiff.Float64, Seed: 1}
	}
	return []problem{
		{"linear", randomData(7, 3, 4), f64(MLP{}, ""), "mlp(p, x)"},
		{"mlp tanh", randomData(6, 3, 5), f64(MLP{Hidden: []int{4, 3}, Activation: Tanh}, ""), "mlp(p, x, 'tanh')"},
		{"mlp gelu mse", randomData(6, 3, 5), f64(MLP{Hidden: []int{4}, Activation: GELU}, MSE), "mlp(p, x, 'gelu')"},
		{"mlp softplus logistic", randomData(6, 2, 5), f64(MLP{Hidden: []int{4}, Activation: Softplus}, Logistic), "mlp(p, x, 'softplus')"},
		{"mlp sigmoid exponential", randomData(6, 2, 5), f64(MLP{Hidden: []int{4}, Activation: Sigmoid}, Exponential), "mlp(p, x, 'sigmoid')"},
		{"mlp identity on images", randomData(5, 3, 3, 2, 2), f64(MLP{Hidden: []int{4}, Activation: Identity}, ""), "mlp(p, x, 'identity')"},
		{"cnn", randomData(3, 3, 8, 8, 2), f64(CNN{Channels: []int{2, 3, 4}, Dense: 5, Activation: Tanh}, ""), "cnn(p, x, 'tanh')"},
		{"cnn relu", randomData(3, 3, 9, 8, 1), f64(CNN{Channels: []int{2, 3}, Dense: 5}, ""), "cnn(p, x, 'relu')"},
		{"lenet", randomData(3, 3, 8, 8, 2), f64(LeNet{Channels: []int{2, 3}, Dense: 5, Activation: Tanh}, ""), "lenet(p, x, 'tanh')"},
		{"resnet18", randomData(4, 3, 6, 6, 2), f64(ResNet{Width: 2, Blocks: []int{1, 2}, Activation: Softplus}, ""), "resnet(p, x, 'softplus')"},
		{"resnet50", randomData(4, 3, 6, 6, 2), f64(ResNet{Depth: 50, Width: 2, Blocks: []int{2, 1}, Activation: Tanh}, ""), "resnet(p, x, 'tanh')"},
		{"vit", randomData(3, 3, 4, 6, 2), f64(SimpleViT{Patch: 2, Dim: 8, Depth: 2, Heads: 2, HeadDim: 3, MLPDim: 5}, ""), "simple_vit(p, x, heads=2)"},
		{"transformer", randomText(3, 5, 6), f64(Transformer{Dim: 6, Depth: 2, Heads: 2, MLPDim: 7}, ""), "transformer(p, x, heads=2)"},
		{"transformer tied", randomText(3, 5, 6), f64(Transformer{Dim: 4, Depth: 1, Heads: 1, Tied: true}, ""), "transformer(p, x, heads=1)"},
	}
}

func (p problem) objective(t testing.TB) *Objective {
	t.Helper()
	o, err := New(p.data, p.settings)
	if err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	return o
}

func normal(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

// start is a point at which no parameter is at a special value such as 0 or 1.
func start(o *Objective) []float64 {
	theta := o.Start()
	rng := rand.New(rand.NewPCG(8, 8))
	for i := range theta {
		theta[i] += 0.1 * rng.NormFloat64()
	}
	return theta
}
