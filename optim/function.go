package optim

import "leeway/autodiff/cpu/vec"

// Function is the elementwise function q of the gradient that an accumulator
// averages.
type Function interface {
	// Apply writes q(g) to dst; dst may be g.
	Apply(dst, g []float64)
	// Derivative writes q'(g) to dst; dst may be g.
	Derivative(dst, g []float64)
}

// The two functions that the built-in rules average.
var (
	// Identity averages the gradient itself, q(g) = g.
	Identity Function = identity{}
	// Square averages the squared gradient, q(g) = g^2.
	Square Function = square{}
)

type identity struct{}

func (identity) Apply(dst, g []float64) { copy(dst, g) }

func (identity) Derivative(dst, g []float64) {
	for j := range dst {
		dst[j] = 1
	}
}

type square struct{}

func (square) Apply(dst, g []float64) {
	if !short(g) {
		vec.Float64.Square(dst, g)
		return
	}
	for j, x := range g {
		dst[j] = x * x
	}
}

func (square) Derivative(dst, g []float64) {
	for j, x := range g {
		dst[j] = 2 * x
	}
}
