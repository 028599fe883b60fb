package reference

import (
	"fmt"

	"leeway/autodiff"
)

// array is a value's elements, row-major, in float64 whatever the value's type:
// both float types and int32 are exact in it.
type array struct {
	shape autodiff.Shape
	x     []float64
}

func zeros(shape autodiff.Shape) array {
	return array{shape, make([]float64, shape.Size())}
}

// Evaluate computes the outputs. The map gives the elements of inputs, or of
// any other value: what such a value is computed from is then not evaluated.
// Errors tell a missing or unfitting input, an invalid output with the reason
// that its graph recorded, and an index outside its table.
func Evaluate(outputs []*autodiff.Value, inputs map[*autodiff.Value]autodiff.Array) ([]autodiff.Array, error) {
	var given []*autodiff.Value
	for v := range inputs {
		given = append(given, v)
	}
	for i, v := range outputs {
		if v == nil {
			return nil, fmt.Errorf("reference: output %d is nil", i)
		}
		if err := v.Graph().Err(); err != nil {
			return nil, fmt.Errorf("reference: output %d: %w", i, err)
		}
	}
	known := map[*autodiff.Value]array{}
	for _, v := range autodiff.Order(outputs, given...) {
		var y array
		var err error
		if a, ok := inputs[v]; ok {
			y, err = read(v, a)
		} else {
			operands := make([]array, len(v.Operands()))
			for i, o := range v.Operands() {
				operands[i] = known[o]
			}
			y, err = apply(v, operands)
		}
		if err != nil {
			return nil, fmt.Errorf("reference: %v: %w", v, err)
		}
		round(v.DType(), y.x)
		known[v] = y
	}
	results := make([]autodiff.Array, len(outputs))
	for i, v := range outputs {
		results[i] = autodiff.NewArray(v.DType(), v.Shape()...)
		for j, x := range known[v].x {
			results[i].Set(j, x)
		}
	}
	return results, nil
}

// read takes an array that is given for the value v.
func read(v *autodiff.Value, a autodiff.Array) (array, error) {
	if a.DType() != v.DType() || !a.Shape().Equal(v.Shape()) {
		return array{}, fmt.Errorf("given as %v %v", a.DType(), a.Shape())
	}
	y := zeros(v.Shape())
	for i := range y.x {
		y.x[i] = a.At(i)
	}
	return y, nil
}

// round rounds to the type's precision.
func round(d autodiff.DType, x []float64) {
	if d == autodiff.Float32 {
		for i := range x {
			x[i] = float64(float32(x[i]))
		}
	}
}

// apply computes one value from its operands.
func apply(v *autodiff.Value, in []array) (array, error) {
	a, shape := v.Attributes(), v.Shape()
	switch v.Op() {
	case autodiff.OpInput:
		return array{}, fmt.Errorf("no elements given for this input")
	case autodiff.OpConstant:
		return constant(a.Number, shape), nil
	case autodiff.OpLiteral:
		return read(v, *a.Literal)
	case autodiff.OpBroadcast:
		return broadcast(in[0], shape), nil
	case autodiff.OpSum:
		return sum(in[0], shape), nil
	case autodiff.OpMax:
		return largest(in[0], shape), nil
	case autodiff.OpReshape:
		return array{shape, in[0].x}, nil
	case autodiff.OpTranspose:
		return transpose(in[0], a.Axes, shape), nil
	case autodiff.OpSlice:
		return slice(in[0], a.Start, shape), nil
	case autodiff.OpPad:
		return pad(in[0], a.Start, shape), nil
	case autodiff.OpConcat:
		return concat(in, a.Axes[0], shape), nil
	case autodiff.OpStop:
		return in[0], nil
	case autodiff.OpGather:
		return gather(in[0], in[1], shape)
	case autodiff.OpScatterAdd:
		return scatterAdd(in[0], in[1], shape)
	case autodiff.OpArgMaxPool:
		return argMaxPool(in[0], a.Window, shape), nil
	case autodiff.OpPoolGather:
		return poolGather(in[0], in[1], a.Window, shape)
	case autodiff.OpPoolScatter:
		return poolScatter(in[0], in[1], a.Window, shape)
	case autodiff.OpMatMul:
		return matMul(in[0], in[1], a.TransA, a.TransB, shape), nil
	case autodiff.OpConv:
		return conv(in[0], in[1], a.Window, shape), nil
	case autodiff.OpConvInputGrad:
		return convInputGrad(in[0], in[1], a.Window, shape), nil
	case autodiff.OpConvWeightGrad:
		return convWeightGrad(in[0], in[1], a.Window, shape), nil
	}
	if v.Op().Elementwise() {
		return elementwise(v.Op(), a, in), nil
	}
	return array{}, fmt.Errorf("operation %v is not known here", v.Op())
}
