package trace

import (
	"leeway/optim"
	"leeway/steepest"
)

// kktQuantity is the name of how far decoupled weight decay lambda is from binding: an
// optimizer of signs or normalised gradients with it solves the loss subject to
// |theta| <= 1/lambda, in the l-infinity norm for elementwise rules and in their own for
// steepest descent. kkt_size is lambda |theta|, at most 1 within that ball; kkt_ratio is
// <-lambda theta, g> over the dual norm of g, 1 at a KKT point on its surface.
//
// Source: Xie and Li, arXiv 2404.04454, Lemma 3.8.
const kktQuantity = "kkt"

// ballOf is how theta with the gradient g lies to the ball of a rule's weight decay.
func ballOf(rule *optim.Rule, theta, g []float64) steepest.KKT {
	norm := steepest.Inf
	if rule.Direction != nil {
		norm = rule.Direction.P
	}
	return steepest.KKTOf(theta, g, norm, rule.WeightDecay)
}
