package nn

import (
	"fmt"
	"math"

	"leeway/autodiff"
)

// Data are labelled examples. What a network can read as it is (Tokens, and X if it
// computes in float64) is not copied, so it must not change.
type Data struct {
	// X holds the examples one after the other, each row-major; images with
	// their channels last.
	X []float64
	// Tokens takes the place of X for language models.
	Tokens []int32
	// Shape of an example: [features], [height width channels], or [length] for
	// tokens.
	Shape []int
	// Y holds the class of every example, or, for language models, of every
	// token: the one that follows it.
	Y []int
	// Classes is the number of classes, or of distinct tokens. Zero: the
	// largest one in the data plus 1.
	Classes int
}

// Text cuts a text into examples for a language model: windows of the given
// length, side by side, each token labelled with the one behind it. What does not
// fill a window is left out. classes is the size of the vocabulary.
func Text(tokens []int32, length, classes int) Data {
	d := Data{Shape: []int{length}, Classes: classes}
	for at := 0; length > 0 && at+length < len(tokens); at += length {
		d.Tokens = append(d.Tokens, tokens[at:at+length]...)
		for _, next := range tokens[at+1 : at+length+1] {
			d.Y = append(d.Y, int(next))
		}
	}
	return d
}

// labelsEach is the number of labels of an example.
func (d Data) labelsEach() int {
	if d.Tokens == nil {
		return 1
	}
	return autodiff.Shape(d.Shape).Size()
}

// Len is the number of examples.
func (d Data) Len() int { return len(d.Y) / max(d.labelsEach(), 1) }

// check says what is wrong with the data, and completes Classes.
func (d *Data) check() error {
	size := 1
	for _, n := range d.Shape {
		if n < 1 || size > math.MaxInt32/n {
			return fmt.Errorf("nn: examples of shape %v. Try: [features], [height width channels], or [length] for tokens", d.Shape)
		}
		size *= n
	}
	values, what := len(d.X), "values"
	if d.Tokens != nil {
		values, what = len(d.Tokens), "tokens"
	}
	labels := values / size * d.labelsEach()
	switch {
	case len(d.Shape) != 1 && len(d.Shape) != 3 || d.Tokens != nil && len(d.Shape) != 1:
		return fmt.Errorf("nn: examples of shape %v. Try: [features], [height width channels], or [length] for tokens", d.Shape)
	case d.X != nil && d.Tokens != nil:
		return fmt.Errorf("nn: the data has both numbers and tokens. Try: one of them")
	case values == 0:
		return fmt.Errorf("nn: the data has no examples. Try: at least one of %d %s", size, what)
	case values%size != 0:
		return fmt.Errorf("nn: %d %s do not fill examples of shape %v. Try: a multiple of %d", values, what, d.Shape, size)
	case len(d.Y) != labels:
		return fmt.Errorf("nn: %d labels for %d examples. Try: %d labels", len(d.Y), values/size, labels)
	}
	for i, x := range d.X {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("nn: the data is %v at example %d, value %d. Try: removing or imputing the value", x, i/size, i%size)
		}
	}
	if d.Classes == 0 {
		for _, c := range d.Y {
			d.Classes = max(d.Classes, c+1)
		}
		for _, c := range d.Tokens {
			d.Classes = max(d.Classes, int(c)+1)
		}
	}
	for i, c := range d.Y {
		if c < 0 || c >= d.Classes {
			return fmt.Errorf("nn: label %d is %d. Try: classes 0 to %d", i, c, d.Classes-1)
		}
	}
	return checkTokens(d.Tokens, d.Classes)
}

// checkRange says what in the data is too large for a type.
func (d Data) checkRange(dtype autodiff.DType) error {
	if dtype != autodiff.Float32 {
		return nil
	}
	size := autodiff.Shape(d.Shape).Size()
	for i, x := range d.X {
		if math.Abs(x) > math.MaxFloat32 {
			return fmt.Errorf("nn: the data is %v at example %d, value %d, more than float32 holds. Try: float64, or standardized data", x, i/size, i%size)
		}
	}
	return nil
}

func checkTokens(tokens []int32, classes int) error {
	for i, c := range tokens {
		if c < 0 || int(c) >= classes {
			return fmt.Errorf("nn: token %d is %d. Try: tokens 0 to %d", i, c, classes-1)
		}
	}
	return nil
}

// toArray holds numbers in the given type: for Float64 the numbers themselves, not
// a copy.
func toArray(x []float64, dtype autodiff.DType, shape ...int) autodiff.Array {
	if dtype == autodiff.Float64 {
		return autodiff.Array64(x, shape...)
	}
	a := autodiff.NewArray(dtype, shape...)
	for i, v := range x {
		a.Set(i, v)
	}
	return a
}

// rowsOf are the rows [lo, hi) of an array, without a copy.
func rowsOf(a autodiff.Array, lo, hi int) autodiff.Array {
	shape := append([]int(nil), a.Shape()...)
	each := a.Shape().Size() / shape[0]
	shape[0] = hi - lo
	lo, hi = lo*each, hi*each
	switch a.DType() {
	case autodiff.Float32:
		return autodiff.Array32(a.Float32s()[lo:hi], shape...)
	case autodiff.Float64:
		return autodiff.Array64(a.Float64s()[lo:hi], shape...)
	}
	return autodiff.Indices(a.Int32s()[lo:hi], shape...)
}
