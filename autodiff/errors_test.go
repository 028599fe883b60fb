package autodiff_test

import (
	"math"
	"strings"
	"testing"

	"leeway/autodiff"
)

// misuse holds what a builder is given in TestErrors.
type misuse struct {
	g                                      *autodiff.Graph
	s, v, m, n, image, kernel, i, p, f, lo *autodiff.Value
}

var misuses = []struct {
	build func(o misuse)
	want  string
}{
	{func(o misuse) { o.g.Input("m", autodiff.Float64, 2) }, `input "m": the graph has an input of this name already`},
	{func(o misuse) { o.g.Input("z", autodiff.Float64, 2, 0) }, `input "z": shape [2 0] of float64: every axis must be at least 1 and there are at most 8`},
	{func(o misuse) { o.g.Input("z", autodiff.Float64, 1, 1, 1, 1, 1, 1, 1, 1, 1) }, `input "z": shape [1 1 1 1 1 1 1 1 1] of float64: every axis must be at least 1 and there are at most 8`},
	{func(o misuse) { o.g.Input("z", autodiff.DType(7), 2) }, `input "z": shape [2] of DType(7): every axis must be at least 1 and there are at most 8`},
	{func(o misuse) { o.g.Constant(1, autodiff.Float32, -1) }, "constant: shape [-1] of float32: every axis must be at least 1 and there are at most 8"},
	{func(o misuse) { o.g.Constant(1.5, autodiff.Int32) }, "constant: 1.5 is no int32"},
	{func(o misuse) { o.g.Constant(math.NaN(), autodiff.Int32) }, "constant: NaN is no int32"},
	{func(o misuse) { o.g.Literal(autodiff.Array{}) }, "literal: the array has no elements"},

	{func(o misuse) { autodiff.Tanh(o.i) }, "tanh: elements of int32 [2] are not real numbers"},
	{func(o misuse) { autodiff.Exp(nil) }, ""}, // no graph to tell; see TestErrorsWithoutAGraph
	{func(o misuse) { autodiff.Add(nil, o.m) }, "add: operand 0 is nil"},
	{func(o misuse) { autodiff.Add(o.m, o.v) }, "add: float64 [2 3] and float64 [2] do not fit"},
	{func(o misuse) { autodiff.Mul(o.m, o.f) }, "mul: float64 [2 3] and float32 [2 3] do not fit"},
	{func(o misuse) { autodiff.Equal(o.i, o.i) }, "equal: int32 [2] and int32 [2] do not fit"},
	{func(o misuse) { autodiff.Scale(o.i, 2) }, "scale: elements of int32 [2] are not real numbers"},
	{func(o misuse) { autodiff.Shift(o.i, 2) }, "shift: elements of int32 [2] are not real numbers"},
	{func(o misuse) { autodiff.Scale(autodiff.Scale(o.i, 2), 3) }, "scale: elements of int32 [2] are not real numbers"},
	{func(o misuse) { autodiff.Shift(autodiff.Neg(o.i), 3) }, "neg: elements of int32 [2] are not real numbers"},
	{func(o misuse) { autodiff.Where(o.f, o.m, o.m) }, "where: float32 [2 3], float64 [2 3] and float64 [2 3] do not fit"},
	{func(o misuse) { autodiff.Where(o.m, nil, o.m) }, "where: operand 1 is nil"},
	{func(o misuse) { autodiff.Pow(autodiff.Add(o.m, o.v), 2) }, "add: float64 [2 3] and float64 [2] do not fit"}, // the first cause
	{func(o misuse) { autodiff.Sub(o.m, o.lo) }, "sub: operand 1 [2 3] belongs to another graph"},
	{func(o misuse) { autodiff.Sub(o.lo, o.m) }, "sub: operand 1 [2 3] belongs to another graph"},

	{func(o misuse) { autodiff.Broadcast(o.m, 2, 4) }, "broadcast: [2 3] does not stretch to [2 4]"},
	{func(o misuse) { autodiff.Broadcast(o.v, 2, 2) }, "broadcast: [2] does not stretch to [2 2]"},
	{func(o misuse) { autodiff.SumKeep(o.m, 2) }, "sum: axes [2] of shape [2 3]"},
	{func(o misuse) { autodiff.MeanKeep(o.m, 1, 1) }, "sum: axes [1 1] of shape [2 3]"},
	{func(o misuse) { autodiff.Mean(o.m, -1) }, "sum: axes [-1] of shape [2 3]"},
	{func(o misuse) { autodiff.Sum(o.i) }, "sum: elements of int32 [2] are not real numbers"},
	{func(o misuse) { autodiff.MaxKeep(o.m, 0, 5) }, "max: axes [0 5] of shape [2 3]"},
	{func(o misuse) { autodiff.Reshape(o.m, 4) }, "reshape: the 6 elements of [2 3] do not fill [4]"},
	{func(o misuse) { autodiff.Reshape(o.m, -2, -3) }, "reshape: the 6 elements of [2 3] do not fill [-2 -3]"},
	{func(o misuse) { autodiff.Transpose(o.m, 0) }, "transpose: permutation [0] of shape [2 3]"},
	{func(o misuse) { autodiff.Transpose(o.m, 1, 1) }, "transpose: permutation [1 1] of shape [2 3]"},
	{func(o misuse) { autodiff.Slice(o.m, []int{0, 2}, []int{2, 2}) }, "slice: [2 2] from [0 2] does not lie in [2 3]"},
	{func(o misuse) { autodiff.Slice(o.m, []int{0}, []int{2, 2}) }, "slice: [2 2] from [0] does not lie in [2 3]"},
	{func(o misuse) { autodiff.Pad(o.m, []int{1, 1}, []int{3, 3}) }, "pad: [2 3] at [1 1] does not lie in [3 3]"},
	{func(o misuse) { autodiff.Concat(2, o.m, o.m) }, "concat: axis 2 of shape [2 3]"},
	{func(o misuse) { autodiff.Concat(0, o.m, o.v) }, "concat: float64 [2 3] and float64 [2] do not fit along axis 0"},
	{func(o misuse) { autodiff.Concat(0, o.m, o.f) }, "concat: float64 [2 3] and float32 [2 3] do not fit along axis 0"},
	{func(o misuse) { autodiff.Concat(0, o.m, nil) }, "concat: operand 1 is nil"},
	{func(o misuse) {
		h := autodiff.Broadcast(o.s1(), 1<<42)
		autodiff.Concat(0, h, h, h)
	}, "concat: [13194139533312] is too large"},
	{func(o misuse) { autodiff.Stop(autodiff.Stop(autodiff.Exp(o.i))) }, "exp: elements of int32 [2] are not real numbers"},

	{func(o misuse) { autodiff.LogSumExp(o.s) }, "log-sum-exp: [] has no last axis"},
	{func(o misuse) { autodiff.Softmax(o.s) }, "softmax: [] has no last axis"},
	{func(o misuse) { autodiff.Softmax(o.i) }, "max: elements of int32 [2] are not real numbers"},
	{func(o misuse) { autodiff.Standardize(o.m, 1, 3) }, "sum: axes [3] of shape [2 3]"},

	{func(o misuse) { autodiff.Gather(o.m, o.v) }, "gather: table float64 [2 3] and index float64 [2] do not fit"},
	{func(o misuse) { autodiff.Gather(o.s, o.i) }, "gather: table float64 [] and index int32 [2] do not fit"},
	{func(o misuse) { autodiff.Gather(o.g.Input("w", autodiff.Float64, 1, 1, 1, 1, 1), o.p) }, "" /* 8 axes are allowed */},
	{func(o misuse) { autodiff.Gather(o.g.Input("w", autodiff.Float64, 1, 1, 1, 1, 1, 1), o.p) }, "gather: [1 2 1 1 1 1 1 1 1] is too large or has more than 8 axes"},
	{func(o misuse) { autodiff.ScatterAdd(o.m, o.p, 3) }, "scatter-add: rows float64 [2 3] and index int32 [1 2 1 1] do not fit"},
	{func(o misuse) { autodiff.ScatterAdd(o.m, o.i, 0) }, "scatter-add: into 0 rows: shape [0 3]: every axis must be at least 1 and there are at most 8"},
	{func(o misuse) { autodiff.MaxPool(o.m, window(2)) }, "arg-max pool: kernel 2x2 stride 1x1 padding 0 0 0 0 does not fit image float64 [2 3]"},
	{func(o misuse) { autodiff.MaxPool(o.image, window(9)) }, "arg-max pool: kernel 9x9 stride 1x1 padding 0 0 0 0 does not fit image float64 [1 4 3 2]"},
	{func(o misuse) { autodiff.MaxPool(o.image, autodiff.Window{}) }, "arg-max pool: stride 1x1 padding 0 0 0 0 does not fit image float64 [1 4 3 2]"},
	{func(o misuse) { autodiff.MaxPool(o.image, autodiff.Window{KernelH: 2, KernelW: 2, PadTop: 1}) }, "arg-max pool: kernel 2x2 stride 1x1 padding 1 0 0 0 does not fit image float64 [1 4 3 2]"},
	{func(o misuse) { autodiff.PoolGather(o.image, o.p, window(2)) }, "pool gather: image float64 [1 4 3 2], positions int32 [1 2 1 1] and kernel 2x2 stride 1x1 padding 0 0 0 0 do not fit"},
	{func(o misuse) { autodiff.PoolScatter(o.m, o.p, 4, 4, window(2)) }, "pool scatter: [2 3] is no image"},
	{func(o misuse) { autodiff.PoolScatter(o.image, o.p, 4, 4, window(2)) }, "pool scatter: float64 [1 4 3 2], positions int32 [1 2 1 1] and kernel 2x2 stride 1x1 padding 0 0 0 0 do not fit image [1 4 4 2]"},

	{func(o misuse) { autodiff.MatMul(o.m, o.m) }, "matmul: [2 3] and [2 3]: 3 columns meet 2 rows"},
	{func(o misuse) { autodiff.MatMul(o.m, autodiff.Transpose(o.n, 1, 0)) }, "matmul: [2 3] and [4 3]: 3 columns meet 4 rows"},
	{func(o misuse) { autodiff.MatMul(o.m, o.v) }, "matmul: float64 [2 3] and float64 [2] do not fit"},
	{func(o misuse) { autodiff.MatMul(o.m, o.f) }, "matmul: float64 [2 3] and float32 [2 3] do not fit"},
	{func(o misuse) {
		h := autodiff.Broadcast(o.s1(), 1<<30)
		autodiff.MatMul(autodiff.Reshape(h, 1<<30, 1), autodiff.Reshape(h, 1, 1<<30))
	}, "matmul: [1073741824 1073741824] is too large"},
	{func(o misuse) { autodiff.Conv(o.image, o.m, autodiff.Window{}) }, "conv: image float64 [1 4 3 2] and kernel float64 [2 3] do not fit"},
	{func(o misuse) { autodiff.Conv(o.image, o.image, autodiff.Window{}) }, "conv: image float64 [1 4 3 2] and kernel float64 [1 4 3 2] do not fit"},
	{func(o misuse) { autodiff.Conv(o.image, o.kernel, autodiff.Window{PadTop: -1}) }, "conv: kernel [3 3 2 5] with stride 1x1 padding -1 0 0 0 does not fit image [1 4 3 2]"},
	{func(o misuse) { autodiff.Conv(o.image, o.kernel, autodiff.Window{StrideH: -2}) }, "conv: kernel [3 3 2 5] with stride -2x1 padding 0 0 0 0 does not fit image [1 4 3 2]"},
	{func(o misuse) {
		autodiff.Conv(o.image, o.kernel, autodiff.Window{PadTop: math.MaxInt, PadBottom: math.MaxInt})
	}, "conv: kernel [3 3 2 5] with stride 1x1 padding 9223372036854775807 9223372036854775807 0 0 does not fit image [1 4 3 2]"},
	{func(o misuse) { autodiff.ConvInputGrad(o.image, o.m, 4, 4, autodiff.Window{}) }, "conv input gradient: result float64 [1 4 3 2] and kernel float64 [2 3] do not fit"},
	{func(o misuse) {
		autodiff.ConvInputGrad(o.g.Input("y", autodiff.Float64, 1, 2, 2, 5), o.kernel, 9, 4, autodiff.Window{})
	}, "conv input gradient: kernel [3 3 2 5] with stride 1x1 padding 0 0 0 0 does not take image [1 9 4 2] to [1 2 2 5]"},
	{func(o misuse) { autodiff.ConvWeightGrad(o.image, o.m, 4, 4, autodiff.Window{}) }, "conv weight gradient: image float64 [1 4 3 2] and result float64 [2 3] do not fit"},
	{func(o misuse) { autodiff.ConvWeightGrad(o.image, o.image, 0, 4, autodiff.Window{}) }, "conv weight gradient: kernel [0 4 2 2] with stride 1x1 padding 0 0 0 0 does not take image [1 4 3 2] to [1 4 3 2]"},

	{func(o misuse) { autodiff.Gradient(o.m, o.m) }, "gradient: the loss is float64 [2 3] and not one real number"},
	{func(o misuse) { autodiff.Gradient(o.s, o.i) }, "pullback: int32 [2] has no derivative"},
	{func(o misuse) { autodiff.Gradient(o.s, o.m, nil) }, "gradient: operand 2 is nil"},
	{func(o misuse) { autodiff.Gradient(nil, o.m) }, "gradient: operand 0 is nil"},
	{func(o misuse) { autodiff.Gradient(o.s, o.m, o.lo) }, "gradient: operand 2 [2 3] belongs to another graph"},
	{func(o misuse) { autodiff.Pullback(values{o.m}, nil, values{o.m}) }, "pullback: 0 cotangents for 1 outputs"},
	{func(o misuse) { autodiff.Pullback(values{o.m}, values{o.n}, values{o.m}) }, "pullback: cotangent float64 [3 4] does not fit output float64 [2 3]"},
	{func(o misuse) { autodiff.Pullback(values{o.i}, values{o.i}, values{o.m}) }, "pullback: cotangent int32 [2] does not fit output int32 [2]"},
	{func(o misuse) { autodiff.Pullback(values{nil}, values{o.i}, values{o.m}) }, "pullback: operand 0 is nil"},
	{func(o misuse) { autodiff.Tangent(values{o.m}, values{o.m}, nil) }, "tangent: 0 directions for 1 values"},
	{func(o misuse) { autodiff.Tangent(values{o.m}, values{o.m}, values{o.n}) }, "tangent: direction float64 [3 4] does not fit value float64 [2 3]"},
	{func(o misuse) { autodiff.Tangent(values{o.m}, values{o.m, o.m}, values{o.m, o.m}) }, "tangent: value float64 [2 3] stands twice among those to differentiate by"},
	{func(o misuse) { autodiff.Tangent(values{o.i}, values{o.m}, values{o.m}) }, "tangent: int32 [2] has no derivative"},
	{func(o misuse) { autodiff.Tangent(values{o.m}, values{o.i}, values{o.i}) }, "tangent: int32 [2] has no derivative"},
	{func(o misuse) { autodiff.Tangent(values{nil}, values{o.m}, values{o.m}) }, "tangent: operand 0 is nil"},
	{func(o misuse) { autodiff.HVP(o.s, values{o.m}, values{o.v}) }, "tangent: direction float64 [2] does not fit value float64 [2 3]"},
	{func(o misuse) { autodiff.HVP(o.m, values{o.m}, values{o.m}) }, "gradient: the loss is float64 [2 3] and not one real number"},
}

// s1 is the scalar as one element along an axis.
func (o misuse) s1() *autodiff.Value { return autodiff.Reshape(o.s, 1) }

// TestErrors: the first misuse is told by operation and shapes; sound uses after
// it change nothing.
func TestErrors(t *testing.T) {
	for _, m := range misuses {
		g := &autodiff.Graph{}
		other := &autodiff.Graph{}
		in := func(name string, shape ...int) *autodiff.Value { return g.Input(name, autodiff.Float64, shape...) }
		m.build(misuse{
			g: g, s: in("s"), v: in("v", 2), m: in("m", 2, 3), n: in("n", 3, 4), image: in("image", 1, 4, 3, 2), kernel: in("kernel", 3, 3, 2, 5),
			i: g.Input("i", autodiff.Int32, 2), p: g.Input("p", autodiff.Int32, 1, 2, 1, 1), f: g.Input("f", autodiff.Float32, 2, 3),
			lo: other.Input("lo", autodiff.Float64, 2, 3),
		})
		autodiff.Tanh(g.Input("later", autodiff.Float64, 2))
		g.Constant(1, autodiff.Int32, 0)
		want := "autodiff: " + m.want
		if m.want == "" {
			want = "autodiff: constant: shape [0] of int32: every axis must be at least 1 and there are at most 8" // nothing before it
		}
		if got := g.Err().Error(); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		if strings.Contains(m.want, "another graph") && (other.Err() == nil || other.Err().Error() != want) {
			t.Errorf("the other graph says %v", other.Err())
		}
	}
}

// TestErrorsWithoutAGraph: where every operand is nil there is no graph to hold
// the error, but the value tells it, and any graph that meets the value.
func TestErrorsWithoutAGraph(t *testing.T) {
	lost := autodiff.Exp(nil)
	const want = "autodiff: exp: operand 0 is nil"
	if err := lost.Graph().Err(); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	if got := lost.String(); got != "%-1 = invalid float32 []" {
		t.Errorf("%q", got)
	}
	g := &autodiff.Graph{}
	sum := autodiff.Add(lost, g.Input("x", autodiff.Float64))
	if err := g.Err(); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	if sum.Op() != autodiff.OpInvalid {
		t.Errorf("%v is valid", sum)
	}
	if err := autodiff.Concat(0).Graph().Err(); err == nil || err.Error() != "autodiff: concat: no operands" {
		t.Errorf("%v", err)
	}
	if got := autodiff.Gradient(nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if got := autodiff.Tangent(nil, nil, nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// TestInvalidValuesStayInvalid through every transformation, in the right number.
func TestInvalidValuesStayInvalid(t *testing.T) {
	g := &autodiff.Graph{}
	x := g.Input("x", autodiff.Float64, 2)
	bad := autodiff.Reshape(x, 3)
	gradient, product := autodiff.HVP(bad, values{x, x}, values{x, x})
	for _, v := range append(append(gradient, product...), autodiff.Softmax(bad), autodiff.Sum(bad), autodiff.MeanKeep(bad, 0)) {
		if v.Op() != autodiff.OpInvalid {
			t.Errorf("%v is valid", v)
		}
	}
	if len(gradient) != 2 || len(product) != 2 {
		t.Errorf("%d and %d values", len(gradient), len(product))
	}
	if got := g.Err().Error(); got != "autodiff: reshape: the 2 elements of [2] do not fill [3]" {
		t.Error(got)
	}
}
