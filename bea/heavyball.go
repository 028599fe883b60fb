package bea

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
