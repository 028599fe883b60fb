package nn

import (
	"strconv"

	"leeway/autodiff"
)

// CNN is the convolutional network without normalisation of Cattaneo, Klusowski
// and Shigida, "On the Implicit Bias of Adam" (ICML 2024), section 6: blocks of
// two 3x3 "same" convolutions, each with an activation, and a 2x2 max pool; then a
// dense layer and the output layer.
//
// It is PyTorch's Sequential features (convolution, activation, convolution,
// activation, pool, ...) and classifier (linear, activation, linear) around a
// flatten: features.0, features.2, features.5, features.7, features.10,
// features.12, classifier.0 and classifier.2, each with weight and bias.
type CNN struct {
	// Channels of each block, by default 32, 64 and 128.
	Channels []int
	// Dense is the width of the dense layer, by default 512.
	Dense int
	// Activation behind every convolution and the dense layer, by default relu.
	Activation string
}

// Logits implements [Architecture].
func (c CNN) Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	if len(c.Channels) == 0 {
		c.Channels = []int{32, 64, 128}
	}
	if c.Dense == 0 {
		c.Dense = 512
	}
	for block, channels := range c.Channels {
		for i := range 2 {
			x = b.Conv("features."+strconv.Itoa(5*block+2*i), x, channels, Convolution{Padding: 1})
			x = b.Activation(c.Activation, x)
		}
		x = b.MaxPool(x, 2)
	}
	x = b.Linear("classifier.0", b.Flatten(x), c.Dense)
	return b.Linear("classifier.2", b.Activation(c.Activation, x), outputs)
}
