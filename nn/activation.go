package nn

import (
	"strings"

	"leeway/autodiff"
)

// The activations.
const (
	ReLU     = "relu"
	Tanh     = "tanh"
	GELU     = "gelu" // x Phi(x), by the error function
	Softplus = "softplus"
	Sigmoid  = "sigmoid"
	Identity = "identity"
)

// Activations are the names that [Builder.Activation] knows.
func Activations() []string { return []string{ReLU, Tanh, GELU, Softplus, Sigmoid, Identity} }

// Activation applies an activation by its name; the empty name is ReLU.
func (b *Builder) Activation(name string, x *autodiff.Value) *autodiff.Value {
	if !b.fits("activation", name, x, 0) {
		return b.invalid()
	}
	switch name {
	case ReLU, "":
		return autodiff.ReLU(x)
	case Tanh:
		return autodiff.Tanh(x)
	case GELU:
		return autodiff.GELU(x)
	case Softplus:
		return autodiff.Softplus(x)
	case Sigmoid:
		return autodiff.Sigmoid(x)
	case Identity:
		return x
	}
	return b.Fail("unknown activation %q. Try: %s", name, strings.Join(Activations(), ", "))
}
