package nn_test

import (
	"bytes"
	"fmt"
	"log"

	"leeway/autodiff"
	"leeway/data"
	"leeway/nn"
	"leeway/objective"
)

// A network with data is an objective: loss, gradient and Hessian-vector products
// of every batch.
func Example() {
	digits := data.Digits()
	network, err := nn.New(nn.Data{X: digits.Scaled(1. / 16).X, Y: digits.Y, Shape: []int{64}}, nn.Settings{
		Architecture: nn.MLP{Hidden: []int{32, 32}, Activation: nn.Tanh},
		DType:        autodiff.Float64,
		Batches:      3,
	})
	if err != nil {
		log.Fatal(err)
	}
	theta := network.Start()
	gradient, product := make([]float64, network.Dim()), make([]float64, network.Dim())
	loss, err := network.Gradient(gradient, theta, 0)
	if err != nil {
		log.Fatal(err)
	}
	if err := network.HVP(product, theta, gradient, 0); err != nil {
		log.Fatal(err)
	}
	report, err := objective.Check(network, theta, gradient, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d parameters, %d batches, loss %.2f\n", network.Dim(), network.Batches(), loss)
	fmt.Println("derivatives exact:", report.GradientError < 1e-7 && report.HVPError < 1e-7)
	// Output:
	// 3466 parameters, 3 batches, loss 2.30
	// derivatives exact: true
}

// The table of parameters has PyTorch's names and shapes.
func ExampleObjective_Parameters() {
	images := nn.Data{X: make([]float64, 2*8*8), Y: []int{0, 1}, Shape: []int{8, 8, 1}}
	network, err := nn.New(images, nn.Settings{Architecture: nn.CNN{Channels: []int{4}, Dense: 16}})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range network.Parameters() {
		fmt.Println(p.Name, p.Shape, "at", p.Offset)
	}
	// Output:
	// features.0.weight [4 1 3 3] at 0
	// features.0.bias [4] at 36
	// features.2.weight [4 4 3 3] at 40
	// features.2.bias [4] at 184
	// classifier.0.weight [16 64] at 188
	// classifier.0.bias [16] at 1212
	// classifier.2.weight [2 16] at 1228
	// classifier.2.bias [2] at 1260
}

// Many products at one place: what does not depend on the direction is computed
// once.
func ExampleObjective_Linearize() {
	text := nn.Text([]int32{0, 1, 2, 0, 1, 2, 0, 1, 2, 0}, 3, 3)
	network, err := nn.New(text, nn.Settings{Architecture: nn.Transformer{Dim: 8, Depth: 1, Heads: 2}, DType: autodiff.Float64})
	if err != nil {
		log.Fatal(err)
	}
	line, err := network.Linearize(network.Start(), 0)
	if err != nil {
		log.Fatal(err)
	}
	v, product := network.Start(), make([]float64, network.Dim())
	for range 3 { // a power iteration would normalise here
		if err := line.HVP(product, v); err != nil {
			log.Fatal(err)
		}
		v, product = product, v
	}
	fmt.Println(len(line.Gradient()) == network.Dim(), line.Loss() > 0)
	// Output: true true
}

// Parameters are saved in a format that PyTorch's safetensors reads as well.
func ExampleObjective_SaveSafetensors() {
	network, err := nn.New(nn.Data{X: []float64{0, 1}, Y: []int{0, 1}, Shape: []int{1}}, nn.Settings{Init: nn.Init{Kind: nn.Ones}})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := network.SaveSafetensors(&file, network.Start()); err != nil {
		log.Fatal(err)
	}
	theta, err := network.LoadSafetensors(&file)
	fmt.Println(theta[:2], err)
	// Output: [1 1] <nil>
}

// perceptron is an architecture of its own: layers by name, from the builder.
type perceptron struct{}

func (perceptron) Logits(b *nn.Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	h := b.Activation(nn.GELU, b.Linear("hidden", b.Flatten(x), 4))
	return b.Linear("out", b.LayerNorm("norm", h), outputs)
}

// An architecture is anything that turns examples into logits.
func ExampleArchitecture() {
	network, err := nn.New(nn.Data{X: []float64{0, 1}, Y: []int{0, 1}, Shape: []int{1}}, nn.Settings{Architecture: perceptron{}})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range network.Parameters() {
		fmt.Print(p.Name, " ")
	}
	fmt.Println()
	// Output: hidden.weight hidden.bias norm.weight norm.bias out.weight out.bias
}
