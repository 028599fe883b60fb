package autodiff_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"leeway/autodiff"
)

// formula writes a value as an expression of its inputs' names.
func formula(v *autodiff.Value) string {
	a := v.Attributes()
	switch v.Op() {
	case autodiff.OpInput:
		return a.Name
	case autodiff.OpConstant:
		return fmt.Sprint(a.Number)
	}
	var args []string
	for _, o := range v.Operands() {
		args = append(args, formula(o))
	}
	switch v.Op() {
	case autodiff.OpBroadcast, autodiff.OpReshape:
		args = append(args, v.Shape().String())
	case autodiff.OpSum, autodiff.OpMax, autodiff.OpTranspose, autodiff.OpConcat:
		args = append(args, fmt.Sprint(a.Axes))
	case autodiff.OpSlice, autodiff.OpPad:
		args = append(args, fmt.Sprint(a.Start), v.Shape().String())
	case autodiff.OpMatMul:
		args = append(args, map[bool]string{false: "a", true: "a'"}[a.TransA]+map[bool]string{false: "b", true: "b'"}[a.TransB])
	}
	return v.Op().String() + "(" + strings.Join(args, ", ") + ")"
}

// operands of the rules: x, y [3 4], row [4], column [3 1], s a scalar, c [2 3 4],
// q [4 2], mask [3 4], image [2 3 3 4].
type operands struct {
	g                                       *autodiff.Graph
	x, y, row, column, s, c, q, mask, image *autodiff.Value
}

func newOperands(g *autodiff.Graph) operands {
	in := func(name string, shape ...int) *autodiff.Value { return g.Input(name, autodiff.Float64, shape...) }
	return operands{g, in("x", 3, 4), in("y", 3, 4), in("row", 4), in("column", 3, 1), in("s"), in("c", 2, 3, 4),
		in("q", 4, 2), in("mask", 3, 4), in("image", 2, 3, 3, 4)}
}

func (o operands) number(x float64, shape ...int) *autodiff.Value {
	return o.g.Constant(x, autodiff.Float64, shape...)
}

func (o operands) wide(x *autodiff.Value) *autodiff.Value { return autodiff.Broadcast(x, 3, 4) }

// rule: what is built and what stands in the graph for it.
type rule struct {
	build func(o operands) *autodiff.Value
	want  string
}

// arithmeticRules are those of the elementwise operations.
var arithmeticRules = []rule{
	// Constants.
	{func(o operands) *autodiff.Value { return autodiff.Exp(autodiff.Add(o.number(1, 2), o.number(2))) }, fmt.Sprint(math.Exp(3))},
	{func(o operands) *autodiff.Value { return autodiff.Where(o.number(2), o.x, o.y) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Where(o.number(0), o.x, o.y) }, "y"},
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(o.number(0.5, 3, 4), 0) }, "1.5"},
	{func(o operands) *autodiff.Value { return autodiff.MaxKeep(o.number(0.5, 3, 4), 0) }, "0.5"},
	{func(o operands) *autodiff.Value { return autodiff.Reshape(o.number(0.5, 3, 4), 12) }, "0.5"},
	{func(o operands) *autodiff.Value { return autodiff.Transpose(o.number(0.5, 3, 4), 1, 0) }, "0.5"},
	{func(o operands) *autodiff.Value { return autodiff.Slice(o.number(3, 3, 4), []int{1, 0}, []int{1, 4}) }, "3"},
	{func(o operands) *autodiff.Value { return autodiff.Concat(0, o.number(3, 3, 4), o.number(3, 1, 4)) }, "3"},
	{func(o operands) *autodiff.Value { return autodiff.Pad(o.number(0, 3, 4), []int{1, 0}, []int{4, 4}) }, "0"},
	{func(o operands) *autodiff.Value { return autodiff.Stop(o.number(2)) }, "2"},
	{func(o operands) *autodiff.Value {
		return autodiff.Gather(o.number(2, 3, 4), o.g.Input("i", autodiff.Int32, 7))
	}, "2"},
	{func(o operands) *autodiff.Value { return autodiff.MaxPool(o.number(2, 1, 2, 2, 1), window(2)) }, "2"},
	{func(o operands) *autodiff.Value { return autodiff.Pow(o.x, 0) }, "1"},

	// Zeros: a direction of zero costs nothing.
	{func(o operands) *autodiff.Value { return autodiff.Mul(o.x, o.number(0)) }, "0"},
	{func(o operands) *autodiff.Value { return autodiff.Mul(o.number(0), o.x) }, "0"},
	{func(o operands) *autodiff.Value { return autodiff.Add(o.x, o.number(0, 3, 4)) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Add(o.number(0, 3, 4), o.x) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Sub(o.x, o.number(0)) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Sub(o.number(0), o.x) }, "neg(x)"},
	{func(o operands) *autodiff.Value { return autodiff.MatMul(o.x, o.number(0, 4, 5)) }, "0"},
	{func(o operands) *autodiff.Value {
		return autodiff.Conv(o.number(0, 2, 3, 3, 4), o.g.Input("w", autodiff.Float64, 2, 2, 4, 1), window(0))
	}, "0"},
	{func(o operands) *autodiff.Value {
		return autodiff.ScatterAdd(o.number(0, 3, 4), o.g.Input("i", autodiff.Int32, 3), 9)
	}, "0"},
	{func(o operands) *autodiff.Value { return autodiff.Greater(o.x, o.x) }, "0"},

	// Ones, signs, factors.
	{func(o operands) *autodiff.Value { return autodiff.Mul(o.x, o.number(1)) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Mul(o.number(1), o.x) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Div(o.x, o.number(1)) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Scale(o.x, -1) }, "neg(x)"},
	{func(o operands) *autodiff.Value { return autodiff.Neg(autodiff.Neg(o.x)) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Neg(autodiff.Sub(o.x, o.y)) }, "sub(y, x)"},
	{func(o operands) *autodiff.Value { return autodiff.Neg(autodiff.Scale(o.x, 3)) }, "mul(x, -3)"},
	{func(o operands) *autodiff.Value { return autodiff.Add(o.x, autodiff.Neg(o.y)) }, "sub(x, y)"},
	{func(o operands) *autodiff.Value { return autodiff.Add(autodiff.Neg(o.x), o.y) }, "sub(y, x)"},
	{func(o operands) *autodiff.Value { return autodiff.Sub(o.x, autodiff.Neg(o.y)) }, "add(x, y)"},
	{func(o operands) *autodiff.Value { return autodiff.Mul(autodiff.Neg(o.x), autodiff.Neg(o.y)) }, "mul(x, y)"},
	{func(o operands) *autodiff.Value { return autodiff.Div(autodiff.Neg(o.x), autodiff.Neg(o.y)) }, "div(x, y)"},
	{func(o operands) *autodiff.Value { return autodiff.Abs(autodiff.Neg(autodiff.Abs(o.x))) }, "abs(x)"},
	{func(o operands) *autodiff.Value { return autodiff.MatMul(autodiff.Neg(o.x), autodiff.Neg(o.q)) }, "matmul(x, q, ab)"},
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(autodiff.Neg(o.x), 0) }, "neg(sum(x, [0]))"},
	{func(o operands) *autodiff.Value { return autodiff.Reshape(autodiff.Neg(o.x), 12) }, "neg(reshape(x, [12]))"},
	{func(o operands) *autodiff.Value { return autodiff.Scale(autodiff.Scale(o.x, 2), 3) }, "mul(x, 6)"},
	{func(o operands) *autodiff.Value { return autodiff.Scale(autodiff.Div(o.number(3), o.x), 2) }, "div(6, x)"},
	{func(o operands) *autodiff.Value { return autodiff.Div(o.x, o.number(4)) }, "mul(x, 0.25)"},
	{func(o operands) *autodiff.Value { return autodiff.Add(o.x, o.x) }, "mul(x, 2)"},
	{func(o operands) *autodiff.Value { return autodiff.Pow(o.x, -1) }, "div(1, x)"},
	{func(o operands) *autodiff.Value { return autodiff.Pow(o.x, -0.5) }, "rsqrt(x)"},
	{func(o operands) *autodiff.Value { return autodiff.Pow(o.x, 0.5) }, "sqrt(x)"},
	{func(o operands) *autodiff.Value { return autodiff.Pow(o.x, 1) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Pow(o.x, 2) }, "mul(x, x)"},
	// A factor does not pass a product, a quotient or a sum: it may be what keeps
	// them from an overflow.
	{func(o operands) *autodiff.Value { return autodiff.Mul(autodiff.Scale(o.x, 2), o.y) }, "mul(y, mul(x, 2))"},
	{func(o operands) *autodiff.Value { return autodiff.Div(autodiff.Scale(o.x, 2), o.y) }, "div(mul(x, 2), y)"},
	{func(o operands) *autodiff.Value { return autodiff.SumKeep(autodiff.Scale(o.x, 3), 0) }, "sum(mul(x, 3), [0])"},
	// What may be infinite or no number is not taken for 0.
	{func(o operands) *autodiff.Value { return autodiff.Sub(o.x, o.x) }, "sub(x, x)"},
	{func(o operands) *autodiff.Value { return autodiff.Div(o.number(0), o.s) }, "div(0, s)"},
	// Two factors whose product would overflow or lose digits stay two, and a
	// divisor without a reciprocal stays one.
	{func(o operands) *autodiff.Value { return autodiff.Scale(autodiff.Scale(o.x, 1e-200), 1e-200) }, "mul(1e-200, mul(x, 1e-200))"},
	{func(o operands) *autodiff.Value { return autodiff.Scale(autodiff.Scale(o.x, 1e200), 1e200) }, "mul(1e+200, mul(x, 1e+200))"},
	{func(o operands) *autodiff.Value { return autodiff.Div(o.x, o.number(1e-309)) }, "div(x, 1e-309)"},
	{func(o operands) *autodiff.Value { // in the value's type
		f := o.g.Input("f", autodiff.Float32, 2)
		return autodiff.Scale(autodiff.Scale(f, 0x1p-70), 0x1p-70)
	}, "mul(8.470329472543003e-22, mul(f, 8.470329472543003e-22))"},
	{func(o operands) *autodiff.Value {
		f := o.g.Input("f", autodiff.Float32, 2)
		return autodiff.Scale(autodiff.Scale(f, 0x1p-60), 0x1p-60)
	}, "mul(f, 7.52316384526264e-37)"},

	// Masks.
	{func(o operands) *autodiff.Value { return autodiff.Where(o.mask, o.x, o.x) }, "x"},
	{func(o operands) *autodiff.Value { return autodiff.Where(o.mask, autodiff.Where(o.mask, o.x, o.y), o.y) }, "where(mask, x, y)"},
	{func(o operands) *autodiff.Value { return autodiff.Where(o.mask, o.x, autodiff.Where(o.mask, o.x, o.y)) }, "where(mask, x, y)"},
	{func(o operands) *autodiff.Value { return autodiff.Where(o.mask, autodiff.Neg(o.x), o.number(0)) }, "neg(where(mask, x, 0))"},
	{func(o operands) *autodiff.Value { return autodiff.Where(o.mask, o.number(0), autodiff.Neg(o.x)) }, "neg(where(mask, 0, x))"},
	{func(o operands) *autodiff.Value {
		m := autodiff.Greater(o.x, o.y)
		return autodiff.Mul(m, m)
	}, "greater(x, y)"},
}

func window(k int) autodiff.Window { return autodiff.Window{KernelH: k, KernelW: k} }

// TestRules: each rule gives the form that stands beside it, and the numbers that
// the same formula has in a graph without rules.
func TestRules(t *testing.T) {
	for _, r := range slices.Concat(arithmeticRules, layoutRules) {
		o := newOperands(&autodiff.Graph{})
		v := r.build(o)
		if got := formula(v); got != r.want {
			t.Errorf("%s, want %s", got, r.want)
		}
		p := newOperands(autodiff.NewPlain())
		plain := r.build(p)
		if o.g.Err() != nil || p.g.Err() != nil {
			t.Fatalf("%s: %v, %v", r.want, o.g.Err(), p.g.Err())
		}
		got, want := must(t, values{v}, fill(v, plain)), must(t, values{plain}, fill(plain, v))
		if e := relative(got[0], want[0]); !(e < 1e-15) {
			t.Errorf("%s: off by %g", r.want, e)
		}
	}
}

// fill gives the inputs of two graphs the same numbers by name; 0 and 1 to masks.
func fill(v *autodiff.Value, also *autodiff.Value) data {
	d := data{}
	for _, in := range append(autodiff.Order(values{v}), autodiff.Order(values{also})...) {
		if in.Op() != autodiff.OpInput {
			continue
		}
		a := autodiff.NewArray(in.DType(), in.Shape()...)
		for i := range in.Shape().Size() {
			switch {
			case in.DType() == autodiff.Int32:
				a.Set(i, float64(i%3))
			case in.Attributes().Name == "mask":
				a.Set(i, float64(i*i%2))
			default:
				a.Set(i, math.Sin(float64(i+7*len(in.Attributes().Name)+in.Shape().Size())))
			}
		}
		d[in] = a
	}
	return d
}
