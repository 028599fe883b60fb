// Package figure draws the figures of a run as SVG, PDF and PNG: line charts
// with linear or logarithmic axes and stacked shares ([Chart]), and the contours
// of a loss of two parameters with the paths of the processes over them
// ([Contour]). It draws values that it is given; it reads no files and computes
// nothing about optimizers.
//
// A figure is a value. Its zero value draws an empty frame that says "no data":
//
//	figure.Chart{
//		Title:  "Distance to the optimizer",
//		XLabel: "step",
//		YLabel: "largest coordinate difference",
//		LogY:   true,
//		Series: []figure.Series{{Name: "flow-1", X: steps, Y: distance}},
//	}.WriteSVG(w)
//
// What can be relied on:
//   - The same name has the same colour and dash in every figure ([StyleOf]).
//     The colours of the processes stay apart under the common forms of colour
//     blindness, and the dashes tell them apart without any colour.
//   - Diverging runs are normal data: NaN, infinite and, on a logarithmic axis,
//     non-positive values split a line into pieces, and never stop a figure.
//   - The legend stands above the data, never on it.
//   - A long series is thinned for display so that every spike stays visible
//     ([Thin]); the data itself is left alone.
//   - The same figure gives the same bytes.
package figure
