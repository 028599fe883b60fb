// Package box measures what AdamW converges to: full-batch AdamW with weight decay
// lambda, without eps and bias correction, rests only at KKT points of the loss in the
// box |x|_inf <= 1/lambda, if beta1 <= beta2.
//
// Source: Xie and Li, "Implicit Bias of AdamW: l-infinity-Norm Constrained
// Optimization" (ICML 2024, arXiv 2404.04454).
package box
