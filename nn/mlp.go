package nn

import (
	"strconv"

	"leeway/autodiff"
)

// MLP is a multi-layer perceptron. Images are flattened.
//
// It is PyTorch's Sequential(Linear, activation, Linear, ..., Linear), with
// parameters 0.weight, 0.bias, 2.weight, 2.bias, ... Without hidden layers it is
// softmax regression (with the cross-entropy loss), of 0.weight and 0.bias.
type MLP struct {
	// Hidden are the widths of the hidden layers.
	Hidden []int
	// Activation behind every hidden layer, by default relu.
	Activation string
}

// Logits implements [Architecture].
func (m MLP) Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	x = b.Flatten(x)
	for i, width := range m.Hidden {
		x = b.Linear(strconv.Itoa(2*i), x, width)
		x = b.Activation(m.Activation, x)
	}
	return b.Linear(strconv.Itoa(2*len(m.Hidden)), x, outputs)
}
