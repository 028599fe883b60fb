// Package robust holds the claims of "The Price of Implicit Bias in Adversarially Robust
// Generalization" (NeurIPS 2024, arXiv 2406.04981): in robust
// training the geometry of the optimizer and that of the attack have to agree.
//
// The loss is sum_i exp(-y_i <w, x_i> + eps |w|_1), the worst case over perturbations of
// each row by at most eps in every feature.
package robust
