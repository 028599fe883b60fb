package ode

// Dopri5 returns the Dormand-Prince 5(4) pair, seven stages of which the last
// is the first of the next step, so six evaluations a step. The fifth-order
// solution is carried on and the fourth-order one gives the error estimate.
// Dense output is of order 4 and continuously differentiable.
//
// Source: Dormand and Prince, A family of embedded Runge-Kutta formulae,
// J. Comput. Appl. Math. 6, 1980, pp. 19-26, table 2; dense output: Shampine,
// Some practical Runge-Kutta formulas, Math. Comp. 46, 1986, in the form of
// Hairer, Nørsett, Wanner I, section II.6.
func Dopri5() *Method {
	return &Method{
		Name:      "dopri5",
		Reference: "Dormand and Prince 1980; Shampine 1986",
		Order:     5,
		C:         []float64{0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1},
		A: [][]float64{
			{},
			{1. / 5},
			{3. / 40, 9. / 40},
			{44. / 45, -56. / 15, 32. / 9},
			{19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
			{9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
			{35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
		},
		B:             []float64{35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84, 0},
		E:             []float64{71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40},
		EmbeddedOrder: 4,
		D: []float64{
			-12715105075. / 11282082432,
			0,
			87487479700. / 32700410799,
			-10690763975. / 1880347072,
			701980252875. / 199316789632,
			-1453857185. / 822651844,
			69997945. / 29380423,
		},
		DenseOrder: 4,
	}
}
