package autodiff_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"leeway/autodiff"
)

// extremes are the float types with numbers at the ends of their ranges.
var extremes = []struct {
	dtype        autodiff.DType
	decades      int     // between 1 and the ends of the range
	least, unit  float64 // the smallest normal number; half the distance of 1 to the next one
	small, large float64 // small large^2 is normal, large^2 is not
	largest      float64
}{
	{autodiff.Float32, 37, 0x1p-126, 0x1p-24, 1e-30, 1e25, 3e38},
	{autodiff.Float64, 307, 0x1p-1022, 0x1p-53, 1e-200, 1e180, 1e308},
}

// TestExtremeMagnitudes: the truth is the formula as written, in a graph without
// rules, which is evaluated step by step. Where all of its steps are normal
// numbers, simplification computes the same up to rounding: nothing overflows or
// underflows that did not. Formulas are random chains of products, quotients,
// factors, signs and sums (of one sign, so that nothing cancels) of numbers from
// the whole range of the type.
func TestExtremeMagnitudes(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		src := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		e := extremes[src.IntN(2)]
		number := func() float64 { return (1 + src.Float64()) * math.Pow(10, float64(src.IntN(2*e.decades)-e.decades)) }
		g, given := autodiff.NewPlain(), data{}
		var list values
		for i := range 3 {
			x := g.Input(string(rune('x'+i)), e.dtype, 2, 2)
			a := autodiff.NewArray(e.dtype, 2, 2)
			for j, scale := 0, number(); j < 4; j++ {
				a.Set(j, scale*(1+src.Float64()))
			}
			list, given[x] = append(list, x), a
		}
		for range 12 {
			a, b := list[len(list)-1-src.IntN(3)], list[src.IntN(len(list))]
			list = append(list, []*autodiff.Value{
				autodiff.Mul(a, b), autodiff.Div(a, b), autodiff.Neg(a), autodiff.Scale(a, number()), autodiff.Div(a, g.Constant(number(), e.dtype)),
				autodiff.Mul(a, autodiff.Broadcast(autodiff.Slice(b, []int{0, 0}, []int{2, 1}), 2, 2)), autodiff.Div(g.Constant(number(), e.dtype), a),
				autodiff.Broadcast(autodiff.SumKeep(a, src.IntN(2)), 2, 2),
			}[src.IntN(8)])
		}
		order := autodiff.Order(list)
		copies := autodiff.Rebuild(&autodiff.Graph{}, order)
		simple := make(values, len(order))
		givenSimple := data{}
		for i, v := range order {
			simple[i] = copies[v]
			if a, ok := given[v]; ok {
				givenSimple[copies[v]] = a
			}
		}
		want, got := must(t, order, given), must(t, simple, givenSimple)
		normal := map[*autodiff.Value]bool{} // the value and all that it is made of
		for i, v := range order {
			normal[v] = true
			for _, o := range v.Operands() {
				normal[v] = normal[v] && normal[o]
			}
			for j := range v.Shape().Size() {
				x := math.Abs(want[i].At(j))
				normal[v] = normal[v] && x >= e.least && !math.IsInf(x, 1)
			}
			if !normal[v] {
				continue
			}
			compared++
			for j := range v.Shape().Size() {
				if d := math.Abs(got[i].At(j)/want[i].At(j) - 1); !(d <= 100*e.unit) {
					t.Fatalf("%s is %g, as written %s is %g", formula(simple[i]), got[i].At(j), formula(v), want[i].At(j))
				}
			}
		}
	})
	if compared < 300 {
		t.Errorf("only %d formulas stayed in range", compared)
	}
}

// TestFactorsAtTheEndsOfTheRange: cases in which a factor keeps a product, a
// quotient or a sum from an overflow. The results are known without the package.
func TestFactorsAtTheEndsOfTheRange(t *testing.T) {
	for _, e := range extremes {
		g := &autodiff.Graph{}
		x, top := g.Input("x", e.dtype, 2), g.Input("top", e.dtype, 2)
		given := data{x: autodiff.NewArray(e.dtype, 2), top: autodiff.NewArray(e.dtype, 2)}
		for i := range 2 {
			given[x].Set(i, e.large)
			given[top].Set(i, e.largest)
		}
		quarter := autodiff.Broadcast(autodiff.Reshape(autodiff.Div(x, autodiff.Scale(x, 4)), 2), 2)
		for i, c := range []struct {
			v    *autodiff.Value
			want float64
		}{
			{autodiff.Mul(autodiff.Scale(x, e.small), x), e.small * e.large * e.large},
			{autodiff.Div(autodiff.Scale(x, e.small), autodiff.Div(g.Constant(1, e.dtype), x)), e.small * e.large * e.large},
			{autodiff.Sum(autodiff.Scale(top, 0.25)), e.largest / 2},
			{autodiff.Sum(autodiff.Mul(top, autodiff.Broadcast(autodiff.Slice(quarter, []int{0}, []int{1}), 2))), e.largest / 2},
		} {
			if got := must(t, values{c.v}, given)[0].At(0); !(math.Abs(got/c.want-1) < 1e-6) {
				t.Errorf("%v, case %d: %g, want %g", e.dtype, i, got, c.want)
			}
		}
	}
}

// TestInfinitiesAreNotLost: an infinity or NaN of an operand reaches the result,
// but where the package documents otherwise: in a product with the constant 0.
func TestInfinitiesAreNotLost(t *testing.T) {
	g := &autodiff.Graph{}
	x := g.Input("x", autodiff.Float64, 3)
	zero := g.Constant(0, autodiff.Float64)
	given := data{x: autodiff.Array64([]float64{0, math.Inf(1), math.NaN()}, 3)}
	outputs := values{autodiff.Sub(x, x), autodiff.Div(zero, x), autodiff.Add(x, zero), autodiff.Mul(x, zero)}
	nan := math.NaN()
	want := [][]float64{{0, nan, nan}, {nan, 0, nan}, {0, math.Inf(1), nan}, {0, 0, 0}}
	for i, a := range must(t, outputs, given) {
		for j, w := range want[i] {
			if got := a.At(j); got != w && !(math.IsNaN(got) && math.IsNaN(w)) {
				t.Errorf("%s at %g is %g, want %g", formula(outputs[i]), given[x].At(j), got, w)
			}
		}
	}
}
