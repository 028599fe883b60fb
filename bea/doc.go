// Package bea is backward error analysis of optimizers: it computes, exactly,
// the drift that a finite step size and the memory of past gradients add to the
// course an optimizer seems to steer.
//
// An optimizer theta <- theta - h F(present and past iterates) is compared with
// two things that have no memory, both derived from its definition in package
// optim (M. D. Cattaneo, J. M. Klusowski, B. Shigida, "On the Implicit Bias of
// Adam", arXiv 2309.00079, and "How Memory in Optimization Algorithms Implicitly
// Modifies the Loss", arXiv 2502.02132):
//
//	map  ([Map]):  theta <- theta - h F_n - h^2 Corr_n
//	flow ([Flow]): theta' = -F_n - h (Corr_n + DF_n[F_n]/2)   on [nh, (n+1)h]
//
// where F_n is the direction with every past iterate replaced by the present
// one. Without the terms in h and h^2 both follow the optimizer to first order
// in h, with them to second order. They ask that the gradient change little
// within the optimizer's memory; [Meter] tells how far that holds, and
// [Moments] is a flow that keeps the memory as a state and does not need it.
//
// What the drift means for a loss is in [CoefficientsOf], [ModifiedLossOf] and, at
// one theta, in a [Meter]'s reading; [Drift] holds the prediction against a real
// optimizer's step, and [Runaway] tells when a corrected flow is lost.
//
// [Expansion] evaluates the terms for any rule, any mini-batches and any
// learning-rate schedule at the cost of B gradients and at most 2B
// Hessian-vector products for B distinct batches, whatever the step.
package bea
