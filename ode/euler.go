package ode

// Euler returns the explicit Euler method, order 1, one stage. On a gradient
// flow it is gradient descent with learning rate h. Dense output is the cubic
// Hermite interpolant, whose accuracy is that of the end points.
//
// Source: Euler, Institutionum calculi integralis I, 1768, section 650; Hairer,
// Nørsett, Wanner I, section I.7.
func Euler() *Method {
	return &Method{
		Name:       "euler",
		Reference:  "Euler 1768",
		Order:      1,
		C:          []float64{0},
		A:          [][]float64{{}},
		B:          []float64{1},
		DenseOrder: 1,
	}
}
