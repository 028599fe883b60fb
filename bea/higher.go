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

// HeavyBallLoss is the modified loss of heavy ball m <- beta m + g, theta <-
// theta - h m to second order in h: after its start-up heavy ball is plain
// gradient descent with learning rate h/(1-beta) on
//
//	E + h beta/(2 (1-beta)^2) |g|_2^2 + h^2 beta (1+beta)/(2 (1-beta)^4) g.Hg + O(h^3)
//
// (arXiv 2509.08483). It is the memory's part alone; the step size of that
// gradient descent adds the (h/4)|g|_2^2 of [ModifiedLossOf]. hg is the product
// of the Hessian with g.
func HeavyBallLoss(loss float64, g, hg []float64, beta, h float64) float64 {
	square, bent := 0.0, 0.0
	for j, x := range g {
		square += x * x
		bent += x * hg[j]
	}
	keep := 1 - beta
	return loss + h*beta/(2*keep*keep)*square + h*h*beta*(1+beta)/(2*keep*keep*keep*keep)*bent
}
