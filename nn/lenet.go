package nn

import (
	"fmt"

	"leeway/autodiff"
)

// LeNet is a convolutional network of few layers, after LeCun's: 5x5 "same"
// convolutions, each with an activation and a 2x2 maximum; then a dense layer with an
// activation and the output layer. With its defaults it is that of Tsilivis, Frank,
// Srebro and Kempe (arXiv 2406.04981).
//
// Its parameters are conv1, conv2, ..., fc1 and fc2, each with weight and bias.
type LeNet struct {
	// Channels of the convolutions, by default 32 and 64.
	Channels []int
	// Dense is the width of the dense layer, by default 1024.
	Dense int
	// Activation, by default relu.
	Activation string
}

// Logits implements [Architecture].
func (l LeNet) Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	if len(l.Channels) == 0 {
		l.Channels = []int{32, 64}
	}
	if l.Dense == 0 {
		l.Dense = 1024
	}
	for i, channels := range l.Channels {
		x = b.Conv(fmt.Sprintf("conv%d", i+1), x, channels, Convolution{Kernel: 5, Padding: 2})
		x = b.MaxPool(b.Activation(l.Activation, x), 2)
	}
	x = b.Activation(l.Activation, b.Linear("fc1", b.Flatten(x), l.Dense))
	return b.Linear("fc2", x, outputs)
}
