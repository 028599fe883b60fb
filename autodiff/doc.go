// Package autodiff is a static graph of array operations and its
// transformations: [Pullback] and [Gradient] (reverse mode), [Tangent] (forward
// mode), [HVP] (the tangent of the gradient). A transformation writes new values
// into the same graph, so transformations are closed under each other and every
// order of derivative exists.
//
// A [Value] is one array that the program computes; its type and shape are known
// when it is built. Building a value simplifies it: equal values are one value
// (common subexpressions), constants are folded, zero tangents vanish, and a
// value that no output needs is never computed. What is computed, where and in
// which memory is a compiler's business (package autodiff/cpu); nothing in the
// graph knows of it.
//
// Errors are sticky: an operation on operands that do not fit yields an invalid
// value, and [Graph.Err] tells the first such operation with its shapes. So
// formulas read as formulas, and one check at the end suffices.
package autodiff
