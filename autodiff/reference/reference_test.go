package reference_test

import (
	"math"
	"testing"

	"leeway/autodiff"
	"leeway/autodiff/reference"
)

type value = autodiff.Value

func literal(g *autodiff.Graph, shape []int, x ...float64) *value {
	return g.Literal(autodiff.Array64(x, shape...))
}

func index(g *autodiff.Graph, shape []int, x ...int32) *value {
	return g.Literal(autodiff.Indices(x, shape...))
}

func evaluate(t *testing.T, v *value) []float64 {
	t.Helper()
	out, err := reference.Evaluate([]*value{v}, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, v.Shape().Size())
	for i := range x {
		x[i] = out[0].At(i)
	}
	return x
}

// TestOperations: every operation on numbers small enough to do by hand.
// (Package autodiff's tests hold the same evaluator against PyTorch.)
func TestOperations(t *testing.T) {
	g := &autodiff.Graph{}
	m := literal(g, []int{2, 3}, 1, 2, 3, 4, 5, 6)
	n := literal(g, []int{3, 2}, 1, 0, -1, 2, 0, 1)
	image := literal(g, []int{1, 3, 3, 1}, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	kernel := literal(g, []int{2, 2, 1, 1}, 1, 10, 100, 1000)
	y := literal(g, []int{1, 2, 2, 1}, 1, 2, 3, 4)
	two := autodiff.Window{KernelH: 2, KernelW: 2}
	for _, c := range []struct {
		name string
		v    *value
		want []float64
	}{
		{"constant", g.Constant(2.5, autodiff.Float64, 2), []float64{2.5, 2.5}},
		{"int32 constant", g.Constant(7, autodiff.Int32, 2), []float64{7, 7}},
		{"sub", autodiff.Sub(m, autodiff.Mul(m, m)), []float64{0, -2, -6, -12, -20, -30}},
		{"broadcast", autodiff.Broadcast(literal(g, []int{2, 1}, 1, 2), 2, 3), []float64{1, 1, 1, 2, 2, 2}},
		{"sum rows", autodiff.SumKeep(m, 0), []float64{5, 7, 9}},
		{"sum columns", autodiff.SumKeep(m, 1), []float64{6, 15}},
		{"sum", autodiff.Sum(m), []float64{21}},
		{"max", autodiff.MaxKeep(autodiff.Sub(m, literal(g, []int{3}, 0, 9, 0)), 1), []float64{3, 6}},
		{"reshape", autodiff.Reshape(m, 3, 2), []float64{1, 2, 3, 4, 5, 6}},
		{"transpose", autodiff.Transpose(m, 1, 0), []float64{1, 4, 2, 5, 3, 6}},
		{"transpose 3", autodiff.Transpose(literal(g, []int{1, 2, 3}, 1, 2, 3, 4, 5, 6), 2, 0, 1), []float64{1, 4, 2, 5, 3, 6}},
		{"slice", autodiff.Slice(m, []int{0, 1}, []int{2, 2}), []float64{2, 3, 5, 6}},
		{"pad", autodiff.Pad(literal(g, []int{1, 2}, 1, 2), []int{1, 0}, []int{2, 3}), []float64{0, 0, 0, 1, 2, 0}},
		{"concat", autodiff.Concat(1, m, literal(g, []int{2, 1}, 8, 9)), []float64{1, 2, 3, 8, 4, 5, 6, 9}},
		{"stop", autodiff.Stop(m), []float64{1, 2, 3, 4, 5, 6}},
		{"gather", autodiff.Gather(n, index(g, []int{3}, 2, 0, 2)), []float64{0, 1, 1, 0, 0, 1}},
		{"scatter-add", autodiff.ScatterAdd(n, index(g, []int{3}, 3, 0, 3), 4), []float64{-1, 2, 0, 0, 0, 0, 1, 1}},
		{"matmul", autodiff.MatMul(m, n), []float64{-1, 7, -1, 16}},
		{"matmul a'b", autodiff.MatMul(autodiff.Transpose(m, 1, 0), literal(g, []int{2, 1}, 1, 10)), []float64{41, 52, 63}},
		{"matmul ab'", autodiff.MatMul(literal(g, []int{1, 2}, 1, 10), autodiff.Transpose(n, 1, 0)), []float64{1, 19, 10}},
		{"matmul batch", autodiff.MatMul(literal(g, []int{2, 1, 1}, 2, 3), literal(g, []int{2, 1, 2}, 1, 2, 3, 4)), []float64{2, 4, 9, 12}},
		{"conv", autodiff.Conv(image, kernel, autodiff.Window{}), []float64{5421, 6532, 8754, 9865}},
		{"conv, padded above", autodiff.Conv(image, kernel, autodiff.Window{PadTop: 1, PadLeft: 1, StrideH: 2, StrideW: 2}), []float64{1000, 3200, 7040, 9865}},
		{"conv input gradient", autodiff.ConvInputGrad(y, kernel, 3, 3, autodiff.Window{}), []float64{1, 12, 20, 103, 1234, 2040, 300, 3400, 4000}},
		{"conv weight gradient", autodiff.ConvWeightGrad(image, y, 2, 2, autodiff.Window{}), []float64{37, 47, 67, 77}},
		{"arg-max pool", autodiff.ArgMaxPool(literal(g, []int{1, 2, 3, 1}, 1, 5, 2, 3, 5, 5), two), []float64{1, 0}},
		{"max pool", autodiff.MaxPool(image, two), []float64{5, 6, 8, 9}},
		{"pool gather", autodiff.PoolGather(image, index(g, []int{1, 2, 2, 1}, 0, 1, 2, 3), two), []float64{1, 3, 7, 9}},
		{"pool scatter", autodiff.PoolScatter(y, index(g, []int{1, 2, 2, 1}, 3, 2, 1, 0), 3, 3, two), []float64{0, 0, 0, 0, 10, 0, 0, 0, 0}},
	} {
		if g.Err() != nil {
			t.Fatalf("%s: %v", c.name, g.Err())
		}
		got := evaluate(t, c.v)
		for i := range c.want {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}

// TestNaN: what is not a number wins maxima, and of several the last one does, as in
// PyTorch.
func TestNaN(t *testing.T) {
	g := &autodiff.Graph{}
	x := literal(g, []int{1, 2, 2, 1}, 1, math.NaN(), 3, math.NaN())
	if got := evaluate(t, autodiff.MaxKeep(x, 0, 1, 2)); !math.IsNaN(got[0]) {
		t.Errorf("maximum %v", got)
	}
	if got := evaluate(t, autodiff.ArgMaxPool(x, autodiff.Window{KernelH: 2, KernelW: 2})); got[0] != 3 {
		t.Errorf("position of the maximum %v", got)
	}
}

// TestFloat32: sums are taken in float64 and rounded once, so the small terms are
// not lost one by one; every value is a float32.
func TestFloat32(t *testing.T) {
	g := &autodiff.Graph{}
	x := make([]float32, 1+1<<12)
	x[0] = 1 << 24 // where float32 steps by 2
	for i := range x[1:] {
		x[1+i] = 1
	}
	in := g.Input("x", autodiff.Float32, len(x))
	third := autodiff.Div(g.Constant(1, autodiff.Float32), autodiff.Add(in, g.Constant(2, autodiff.Float32)))
	out, err := reference.Evaluate([]*value{autodiff.Sum(in), third}, map[*value]autodiff.Array{in: autodiff.Array32(x, len(x))})
	if err != nil {
		t.Fatal(err)
	}
	if got := out[0].At(0); got != 1<<24+1<<12 {
		t.Errorf("sum %v", got)
	}
	if got := out[1].Float32s()[1]; got != float32(1)/3 {
		t.Errorf("a third is %v", got)
	}
}

// TestGivenValues: any value may be given, and what it is made of is then not
// asked for.
func TestGivenValues(t *testing.T) {
	g := &autodiff.Graph{}
	h := autodiff.Exp(g.Input("x", autodiff.Float64, 2))
	out, err := reference.Evaluate([]*value{autodiff.Add(h, h), h}, map[*value]autodiff.Array{h: autodiff.Array64([]float64{1, 2}, 2)})
	if err != nil {
		t.Fatal(err)
	}
	if out[0].At(1) != 4 || out[1].At(1) != 2 {
		t.Errorf("%v and %v", out[0].Float64s(), out[1].Float64s())
	}
}

func TestErrors(t *testing.T) {
	window := autodiff.Window{KernelH: 2, KernelW: 2}
	for _, c := range []struct {
		build func(g *autodiff.Graph, x *value) (v *value, given map[*value]autodiff.Array)
		want  string
	}{
		{func(_ *autodiff.Graph, x *value) (*value, map[*value]autodiff.Array) { return autodiff.Exp(x), nil },
			`reference: %0 = input "x" float64 [2 3]: no elements given for this input`},
		{func(_ *autodiff.Graph, x *value) (*value, map[*value]autodiff.Array) {
			return x, map[*value]autodiff.Array{x: autodiff.NewArray(autodiff.Float32, 2, 3)}
		}, `reference: %0 = input "x" float64 [2 3]: given as float32 [2 3]`},
		{func(_ *autodiff.Graph, x *value) (*value, map[*value]autodiff.Array) { return nil, nil }, "reference: output 0 is nil"},
		{func(_ *autodiff.Graph, x *value) (*value, map[*value]autodiff.Array) {
			return autodiff.Reshape(x, 5), nil
		},
			"reference: output 0: autodiff: reshape: the 6 elements of [2 3] do not fill [5]"},
		{func(g *autodiff.Graph, _ *value) (*value, map[*value]autodiff.Array) {
			return autodiff.Gather(literal(g, []int{2}, 1, 2), index(g, []int{2}, 0, 2)), nil
		}, "reference: %3 = gather(%1, %2) float64 [2]: index 2 at place 1 of a table of 2 rows"},
		{func(g *autodiff.Graph, _ *value) (*value, map[*value]autodiff.Array) {
			return autodiff.ScatterAdd(literal(g, []int{2}, 1, 2), index(g, []int{2}, 0, -1), 2), nil
		}, "reference: %3 = scatter-add(%1, %2) float64 [2]: index -1 at place 1 of a table of 2 rows"},
		{func(g *autodiff.Graph, _ *value) (*value, map[*value]autodiff.Array) {
			return autodiff.PoolGather(literal(g, []int{1, 2, 2, 1}, 1, 2, 3, 4), index(g, []int{1, 1, 1, 1}, 4), window), nil
		}, "reference: %3 = pool gather(%1, %2) float64 [1 1 1 1]: position 4 in a window of 2 by 2 at [0 0 0 0]"},
		{func(g *autodiff.Graph, _ *value) (*value, map[*value]autodiff.Array) {
			return autodiff.PoolScatter(literal(g, []int{1, 1, 1, 1}, 1), index(g, []int{1, 1, 1, 1}, -1), 2, 2, window), nil
		}, "reference: %3 = pool scatter(%1, %2) float64 [1 2 2 1]: position -1 in a window of 2 by 2 at [0 0 0 0]"},
	} {
		g := &autodiff.Graph{}
		v, given := c.build(g, g.Input("x", autodiff.Float64, 2, 3))
		if _, err := reference.Evaluate([]*value{v}, given); err == nil || err.Error() != c.want {
			t.Errorf("%v\nwant %s", err, c.want)
		}
	}
}
