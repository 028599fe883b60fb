// Package implicitbias holds the claims of M. D. Cattaneo, J. M. Klusowski,
// B. Shigida, "On the Implicit Bias of Adam" (ICML 2024, arXiv 2309.00079).
//
// beta and rho are the paper's names of Adam's beta1 and beta2.
package implicitbias

import "leeway/papers"

// Paper is the paper with its claims.
func Paper() *papers.Paper {
	return &papers.Paper{
		ID:        "2309.00079",
		Title:     "On the Implicit Bias of Adam",
		Authors:   "Matias D. Cattaneo, Jason M. Klusowski, Boris Shigida",
		Venue:     "ICML 2024",
		Citations: []string{"cattaneo2024adam"},
		About: "Adam with a finite step follows, to second order in the step size, a flow with a term beside the gradient that the loss does not have: " +
			"with small eps and rho above beta it works against small gradients, where gradient descent works for them. " +
			"Here the theorem’s orders are fitted, its figures drawn, and its consequences measured on networks with several seeds.",
		Claims: claims,
		Plans:  plans,
	}
}

// claims are all claims, in the paper's order.
func claims(scale papers.Scale) []papers.Claim {
	var all []papers.Claim
	for _, part := range []func(papers.Scale) []papers.Claim{orders, integral, signs, bilinear, stages, norms, spikes, validity} {
		all = append(all, part(scale)...)
	}
	return all
}
