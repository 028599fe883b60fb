package curvature

// The stability lines: the curvature at which a method with learning rate h > 0
// begins to oscillate with growing amplitude along an eigenvector. Each follows
// from the recursion on E = lambda theta^2 / 2, whose characteristic polynomial
// then has the root -1. Momenta are 0 <= beta < 1; elsewhere the formulas mean
// nothing. Training at the edge of stability hovers about them.

// GradientDescentLine is the sharpness 2/h at which gradient descent becomes
// unstable; for RMSProp it is that of the preconditioned sharpness, the largest
// eigenvalue of P^-1 H.
//
// Source: J. Cohen et al., "Gradient Descent on Neural Networks Typically
// Occurs at the Edge of Stability", arXiv 2103.00065.
func GradientDescentLine(h float64) float64 { return 2 / h }

// HeavyBallLine is 2 (1+beta) / ((1-beta) h), the sharpness at which
// m <- beta m + (1-beta) g, theta <- theta - h m becomes unstable.
//
// Source: as [GradientDescentLine], in the form with an exponential average:
// z^2 - (1 + beta - h (1-beta) lambda) z + beta = 0 at z = -1.
func HeavyBallLine(h, beta float64) float64 { return PolyakLine(h, beta) / (1 - beta) }

// PolyakLine is 2 (1+beta) / h, the sharpness at which m <- beta m + g,
// theta <- theta - h m becomes unstable.
//
// Source: as [GradientDescentLine].
func PolyakLine(h, beta float64) float64 { return 2 * (1 + beta) / h }

// NesterovLine is 2 (1+beta) / ((1+2 beta) h), the sharpness at which
// m <- beta m + g, theta <- theta - h (g + beta m) becomes unstable.
//
// Source: as [GradientDescentLine]:
// z^2 - (1+beta)(1 - h lambda) z + beta (1 - h lambda) = 0 at z = -1.
func NesterovLine(h, beta float64) float64 { return PolyakLine(h, beta) / (1 + 2*beta) }

// AdamLine is (2 + 2 beta1) / ((1-beta1) h), the preconditioned sharpness
// (largest eigenvalue of P^-1 H) at which Adam with a frozen P becomes
// unstable: 38/h for beta1 = 0.9.
//
// Source: J. Cohen et al., "Adaptive Gradient Methods at the Edge of
// Stability", arXiv 2207.14484; for P see [SecondMoment].
func AdamLine(h, beta1 float64) float64 { return HeavyBallLine(h, beta1) }

// NAdamLine is 2 (1+beta1) / ((1 + 2 beta1)(1-beta1) h), the same for Adam with
// Nesterov's look-ahead, whose direction is (beta1 m + (1-beta1) g) / P.
//
// Source: [NesterovLine] with the exponential average.
func NAdamLine(h, beta1 float64) float64 { return NesterovLine(h, beta1) / (1 - beta1) }

// AdamWLine is (1+beta1)(2 - h decay) / ((1-beta1) h), the same for Adam with
// decoupled weight decay, theta <- theta - h (m / P + decay theta): the decay
// takes up a part of the room.
//
// Source: z^2 - (1 + beta1 - h (1-beta1) lambda - h decay) z
// + beta1 (1 - h decay) = 0 at z = -1.
func AdamWLine(h, beta1, decay float64) float64 {
	return (1 + beta1) * (2 - h*decay) / ((1 - beta1) * h)
}
