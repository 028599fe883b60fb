package bea

// NoiseCoefficients are the weights of the six terms of Adam's expected correction
// under mini-batch noise (arXiv 2602.01642), for eps -> 0, independent batches and
// small noise. With batch gradients g + xi and batch Hessians H + Xi, Sigma the
// covariance of xi, and s = sign(g), the memory's part of the drift is
//
//	E[Corr_j] = 1/|g_j| { c0 (Hs)_j + c1 sum_i H_ji s_i Sigma_ii/g_i^2
//	          + c2 Sigma_jj/g_j^2 (Hs)_j + c3 sum_i H_ji s_i Sigma_ij/(g_i g_j)
//	          + c4 sum_i d_j Sigma_ii/(2 |g_i|) + c5 sum_i s_i d_i Sigma_jj/(2 g_j) }
//
// up to terms of fourth order in the noise. The first is the full batch's.
type NoiseCoefficients [6]float64

// NoiseCoefficientsOf returns the coefficients for hyperparameters in [0, 1).
func NoiseCoefficientsOf(beta1, beta2 float64) NoiseCoefficients {
	b, r := beta1, beta2
	// k is the mean product of two averages of white noise, t the same where one
	// is looked at through the memory of a third.
	k := func(x, y float64) float64 { return (1 - x) * (1 - y) / (1 - x*y) }
	t := func(c, x, y float64) float64 { return k(x, y) * x * c / (1 - x*c) }
	tau := func(x float64) float64 { return x / (1 - x) }
	x := (1 - r) * (1 - b) * b * r / ((1 - b*r) * (1 - b*r))
	y := 3 * r * r / ((1 + r) * (1 + r))
	c0 := tau(b) - tau(r)
	return NoiseCoefficients{
		c0,
		c0 * (-0.5 + 1.5*k(r, r) - k(b, r)),
		tau(b)*(-0.5+1.5*k(r, r)) - tau(r)*(-1.5+7.5*k(r, r)-3*k(b, r)) - (x - y),
		-(t(b, r, b) - t(b, r, r)) - (t(r, b, b) - t(r, b, r) - 3*t(r, r, b) + 3*t(r, r, r)) - r*((1-b)/(1-r*b)-1/(1+r)),
		b*(1/(1+b)-(1-r)/(1-b*r)) - r*((1-b)/(1-b*r)-1/(1+r)),
		-2*x + y - tau(r),
	}
}

// Total is the factor of the one-norm's gradient where every component has the
// same noise lambda = Sigma_ii/g_i^2: c0 + (c1 + c2) lambda. Negative means that
// Adam works against small gradients.
func (c NoiseCoefficients) Total(lambda float64) float64 { return c[0] + (c[1]+c[2])*lambda }

// Turn is the noise at which [NoiseCoefficients.Total] changes its sign; ok is
// false where it does not for any positive noise.
func (c NoiseCoefficients) Turn() (lambda float64, ok bool) {
	lambda = -c[0] / (c[1] + c[2])
	return lambda, lambda > 0
}
