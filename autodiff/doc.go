// Package autodiff is a static graph of array operations and its exact
// derivatives of every order.
//
// A [Graph] begins with inputs, literals and constants. Functions such as
// [MatMul], [Add] or [Softmax] make new values of old ones; a [Value] is one
// array that a program computes, whose type and shape are known when it is
// built. Nothing is computed here: package autodiff/cpu compiles values for this
// machine, and package autodiff/reference evaluates them by plain loops.
//
// # Derivatives
//
// Three transformations write the derivatives of values as new values of the
// same graph. With J the matrix of derivatives of some outputs by some inputs:
//
//	Tangent   J t    along a direction t (forward mode)
//	Pullback  J' c   of a weighting c of the outputs (reverse mode)
//	Gradient         the pullback of 1 through one number, the loss
//	HVP       H v    the tangent of the gradient along v
//
// A transformation costs a small multiple of what it differentiates, whatever the
// number of inputs: a gradient about two to three evaluations of the loss, a
// Hessian-vector product about as much as two gradients more. In terms of matrix
// products, a dense network of L layers needs L for its loss, 2L-1 more for its
// gradient and 6L-4 more for a product with the Hessian. No Hessian is stored.
// Since results are values like any other, transformations apply to them again:
// the third derivative along two directions is the tangent of a product.
//
// All derivatives are by the chain rule, exact up to rounding. Where a function
// has none, the conventions are PyTorch's:
//
//   - [ReLU], [MaxConstant] and [Abs] have derivative 0 at the kink; [Sign],
//     [Greater], [Equal], a mask of [Where] and [Stop] have derivative 0
//     everywhere.
//   - [MaxKeep] shares its derivative equally among elements that tie (as
//     PyTorch's amax does); [MaxPool] gives it to the first maximum of a window.
//   - Second derivatives of all these are derivatives of that choice: 0.
//   - A value taken as an input of a transformation (wrt) counts as independent:
//     what it is computed from does not matter.
//   - A direction that is the constant 0 yields the constant 0, also where the
//     derivative is infinite or not a number: the one rule for zeros, below.
//
// # Shapes and types
//
// Arrays are row-major with at most eight axes, each at least 1. Floats are
// Float32 or Float64, of one type within an operation; Int32 serves as index.
// Elementwise operations broadcast as in NumPy: shapes are aligned at their last
// axes, and axes of length 1 stretch. Images have channels last, [N H W C], and
// kernels are [KH KW C O].
//
// # Simplification
//
// Building a value simplifies it. Equal values are one value; constants that
// meet are merged; signs are absorbed; work is done before a broadcast and not
// after it; a product by a matrix that all of a batch share becomes one large
// product, a 1x1 convolution likewise. So values that were asked for may stand for
// simpler ones, and the value returned may be one that existed already.
//
// A result may differ from the formula as written by a few units in the last
// place, by the order in which a sum is added, and in the sign of a zero. What is
// finite and not 0 in every step of the formula stays so. An infinity or NaN of an
// operand is not lost, but for one rule: a product with the constant 0 is 0, though
// 0 times infinity has no value. (An array that happens to hold zeros is not the
// constant.)
//
// What no output needs is never computed; [Order] lists what is. [Frontier] splits
// a program in what depends on some directions and what does not.
//
// # Errors
//
// Errors are sticky: an operation on operands that do not fit yields an invalid
// value, which later operations pass on, and [Graph.Err] tells the first such
// operation with its shapes. So formulas read as formulas, and one check at the
// end suffices. Nil operands and values of another graph are errors of the same
// kind.
package autodiff
