package ode

// Heun returns Heun's method (the explicit trapezoidal rule), order 2, two
// stages. Dense output is the cubic Hermite interpolant.
//
// Source: Heun, Z. Math. Phys. 45, 1900, pp. 23-38; Hairer, Nørsett, Wanner I,
// section II.1.
func Heun() *Method {
	return &Method{
		Name:       "heun",
		Reference:  "Heun 1900",
		Order:      2,
		C:          []float64{0, 1},
		A:          [][]float64{{}, {1}},
		B:          []float64{1. / 2, 1. / 2},
		DenseOrder: 2,
	}
}
