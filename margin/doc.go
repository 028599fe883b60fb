// Package margin computes by how much two classes can be separated, exactly: the
// largest margin of a linear classifier whose weights have norm 1,
//
//	gamma = max over |w| <= 1 of min over the rows i of y_i <w, x_i>,
//
// y = -1 or +1, for the norms [LInf], [L1] (linear programs, by the simplex method)
// and [L2] (the hard-margin support vector machine, by an active-set method). Weights
// on the rows that attain the dual problem,
//
//	gamma = min over p >= 0, sum p = 1 of |sum_i p_i y_i x_i|_*,
//
// come with each solution, so that it proves itself: whoever doubts a margin checks
// two sums. Data that no hyperplane through the origin separates is a [NotSeparable]
// error with weights for which that norm is zero (Gordan's theorem), and which of the
// two it is, is decided in exact arithmetic.
//
// A [Meter] holds the iterates of an optimizer against the solutions: normalised
// margins and cosines. Full-batch Adam without eps goes to the direction of [LInf],
// gradient descent to that of [L2].
//
// Source: Zhang, Zou and Cao, "The Implicit Bias of Adam on Separable Data" (NeurIPS
// 2024, arXiv 2406.10650).
package margin
