// Package steepest holds steepest descent in any l_p norm: the direction that falls
// most steeply per unit of the norm, with and without normalisation and weight decay.
// p = 2 is gradient descent, infinity sign descent, 1 coordinate descent.
//
// Normalised steps with decoupled weight decay lambda stay within |x| <= 1/lambda and
// are the method of Frank and Wolfe there ([FrankWolfe]); where they rest is a KKT
// point of the loss in that ball, as are the limits of AdamW in the box (p infinite).
// [KKTOf] measures how far from one an iterate is.
//
// Source: Xie and Li, "Implicit Bias of AdamW: l-infinity-Norm Constrained
// Optimization" (ICML 2024, arXiv 2404.04454).
package steepest
