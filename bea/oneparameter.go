package bea

import "math"

// OneParameterIntegral is the bias of Adam in one parameter as a loss,
//
//	integral from 0 to x of (a - b + b eps/(y^2 + eps)) d sqrt(y^2 + eps),
//
// with a = (1+beta1)/(1-beta1), b = (1+beta2)/(1-beta2): on a loss E of one
// parameter Adam follows E + (h/2) OneParameterIntegral(E', a, b, eps) (arXiv
// 2309.00079, Figure 1). With r = sqrt(x^2 + eps) it is
//
//	(a - b)(r - sqrt(eps)) + b (sqrt(eps) - eps/r),
//
// evaluated without the cancellation that these differences have at small x.
func OneParameterIntegral(x, a, b, eps float64) float64 {
	root := math.Sqrt(eps)
	r := math.Hypot(x, root)
	if r == 0 {
		return 0
	}
	return x * (x / (r + root)) * (a - b + b*(root/r))
}
