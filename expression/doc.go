// Package expression is a small language of elementwise formulas, such as
//
//	m / sqrt(v + eps)
//
// It is read with errors that point at the character ([Parse]), differentiated
// exactly and as often as one likes ([Expression.Derivative]), and compiled to
// passes over blocks of coordinates that allocate nothing ([Compile]).
//
//	sum      = product { ("+" | "-") product }
//	product  = factor { ("*" | "/") factor }
//	factor   = ("-" | "+") factor | power
//	power    = atom [ ("^" | "**") factor ]
//	atom     = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
//	function = sqrt | abs | sign | tanh | exp | log | min | max
//
// So -x^2 is -(x^2), 2^-3 is 1/8, and 2^3^2 is 2^9. min and max take two or more
// arguments. log is the natural logarithm.
//
// Every operation is rounded once, in the order in which it is written, except
// that parts made of numbers are computed beforehand, x^2, x^0.5 and small whole
// powers become products and roots, and nothing is done for the factor 1 and the
// summand 0. A product with the number 0 is 0, whatever the other factor is.
//
// What has a kink has the derivative of one of its sides: abs(x) has sign(x),
// which is 0 at 0, and max(a, b) and min(a, b) have that of a where a = b. sign
// has the derivative 0.
package expression
