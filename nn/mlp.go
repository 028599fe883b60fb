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
	// NoBias leaves the biases out: with relu the network is homogeneous.
	NoBias bool
}

// Logits implements [Architecture].
func (m MLP) Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	layer := b.Linear
	if m.NoBias {
		layer = b.LinearNoBias
	}
	x = b.Flatten(x)
	for i, width := range m.Hidden {
		x = layer(strconv.Itoa(2*i), x, width)
		x = b.Activation(m.Activation, x)
	}
	return layer(strconv.Itoa(2*len(m.Hidden)), x, outputs)
}
