package ode

// RK4 returns the classical Runge-Kutta method, order 4, four stages. Dense
// output is the cubic Hermite interpolant, of order 3.
//
// Source: Kutta, Z. Math. Phys. 46, 1901, pp. 435-453; Hairer, Nørsett, Wanner
// I, section II.1, table 1.2.
func RK4() *Method {
	return &Method{
		Name:      "rk4",
		Reference: "Kutta 1901",
		Order:     4,
		C:         []float64{0, 1. / 2, 1. / 2, 1},
		A: [][]float64{
			{},
			{1. / 2},
			{0, 1. / 2},
			{0, 0, 1},
		},
		B:          []float64{1. / 6, 1. / 3, 1. / 3, 1. / 6},
		DenseOrder: 3,
	}
}
