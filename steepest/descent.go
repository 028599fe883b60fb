package steepest

import "fmt"

// Descent is steepest descent. The zero value is no norm: P has to be set.
type Descent struct {
	// P is the norm.
	P Norm
	// Plain multiplies the direction by the dual norm of the gradient, so that steps
	// shrink with it: p = 2 is then gradient descent. Otherwise all steps have the same
	// length.
	Plain bool
	// WeightDecay is lambda, decoupled: x shrinks by the factor 1 - eta lambda.
	WeightDecay float64
}

// Step sets x to (1 - eta lambda) x - eta d, d the steepest direction, given the
// gradient at x, which it overwrites with d. It panics if lengths differ.
func (s Descent) Step(x, gradient []float64, eta float64) {
	if len(x) != len(gradient) {
		panic(fmt.Sprintf("steepest: step of %d parameters and %d gradients", len(x), len(gradient)))
	}
	factor := 1.0
	if s.Plain {
		factor = s.P.Dual().Of(gradient)
	}
	s.P.Steepest(gradient, gradient)
	for j, d := range gradient {
		x[j] = (1-eta*s.WeightDecay)*x[j] - eta*factor*d
	}
}

// FrankWolfe sets x to (1 - gamma) x + gamma s, where s has the least inner product
// with the gradient among all |s| <= radius, and overwrites the gradient with s. It is
// the step of a normalised [Descent] with weight decay 1/radius and eta = gamma radius.
// It panics if lengths differ.
func FrankWolfe(x, gradient []float64, p Norm, radius, gamma float64) {
	if len(x) != len(gradient) {
		panic(fmt.Sprintf("steepest: step of %d parameters and %d gradients", len(x), len(gradient)))
	}
	p.Steepest(gradient, gradient)
	for j, d := range gradient {
		s := -radius * d
		gradient[j] = s
		x[j] = (1-gamma)*x[j] + gamma*s
	}
}

// KKT is how far x is from a KKT point of min L(x) subject to |x| <= 1/lambda.
type KKT struct {
	// Size is lambda |x|: at most 1 within the ball.
	Size float64
	// Ratio is <-lambda x, g> / |g|_*, 1 at a KKT point where g is not zero. Where it is
	// there is nothing to be gained and the ratio is 1.
	Ratio float64
	// Gap is <x, g> + |g|_*/lambda, which within the ball and for convex L bounds
	// L(x) - min L from above: zero at a KKT point, whatever L is.
	Gap float64
}

// KKTOf measures x with the gradient g there. Source: arXiv 2404.04454, Lemma 3.8 (for
// any norm with the dual one on the right); the gap is Frank and Wolfe's. It panics if
// lengths differ.
func KKTOf(x, g []float64, p Norm, lambda float64) KKT {
	if len(x) != len(g) {
		panic(fmt.Sprintf("steepest: %d parameters and %d gradients", len(x), len(g)))
	}
	inner := 0.0
	for j, v := range x {
		inner += v * g[j]
	}
	size := p.Dual().Of(g)
	k := KKT{Size: lambda * p.Of(x), Ratio: 1, Gap: inner + size/lambda}
	if size != 0 {
		k.Ratio = -lambda * inner / size
	}
	return k
}
