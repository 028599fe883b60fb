package autodiff_test

import (
	"fmt"
	"math"
	"testing"

	"leeway/autodiff"
)

// count is how often each operation stands among what outputs need.
func count(outputs values) map[autodiff.Op]int {
	n := map[autodiff.Op]int{}
	for _, v := range autodiff.Order(outputs) {
		n[v.Op()]++
	}
	return n
}

// TestMatmulsOfAnMLP: with L layers a gradient needs L products forward, L for
// the weights and L-1 for what goes back (nothing goes back to the data): 3L-1.
// A Hessian-vector product differentiates each: forward and back a product has
// two sides that move, but of the first layer's, x W, only W moves and of its
// weight gradient, x'c, only c: (2L-1) + (2L-1) + 2(L-1) = 6L-4 more. These are
// the numbers of products that the chain rule has; no simplification can be
// better and anything above is waste.
func TestMatmulsOfAnMLP(t *testing.T) {
	for layers := 1; layers <= 5; layers++ {
		n := mlp(&autodiff.Graph{}, 6, 5, []int{4, 4, 3, 4, 3}[:layers]...)
		gradient, product := autodiff.HVP(n.loss, n.parameters, n.directions("d"))
		if got, want := count(gradient)[autodiff.OpMatMul], 3*layers-1; got != want {
			t.Errorf("%d layers: %d products for a gradient, want %d", layers, got, want)
		}
		if got, want := count(append(gradient, product...))[autodiff.OpMatMul], 9*layers-5; got != want {
			t.Errorf("%d layers: %d products for gradient and HVP, want %d", layers, got, want)
		}
		if c := count(append(gradient, product...)); c[autodiff.OpTranspose] != 0 || c[autodiff.OpTanh] != layers-1 || c[autodiff.OpExp] != 1 {
			t.Errorf("%d layers: %v", layers, c)
		}
	}
}

// TestDirectionOfZeros: along directions that are zero for all but the last of
// three layers nothing moves before that layer. It costs seven products: forward
// x dW; back dc W' + c dW', then dc W' once; and one for each of three weights.
func TestDirectionOfZeros(t *testing.T) {
	n := mlp(&autodiff.Graph{}, 6, 5, 4, 4, 3)
	d := n.directions("d")
	for i, p := range n.parameters[:4] {
		d[i] = n.graph.Constant(0, p.DType(), p.Shape()...)
	}
	gradient, product := autodiff.HVP(n.loss, n.parameters, d)
	if got := count(append(gradient, product...))[autodiff.OpMatMul] - count(gradient)[autodiff.OpMatMul]; got != 7 {
		t.Errorf("%d more products, want 7", got)
	}
	for i, p := range n.parameters {
		d[i] = n.graph.Constant(0, p.DType(), p.Shape()...)
	}
	_, product = autodiff.HVP(n.loss, n.parameters, d)
	for i, v := range product {
		if v.Op() != autodiff.OpConstant || v.Attributes().Number != 0 {
			t.Errorf("product %d along zero is %v", i, v)
		}
	}
}

// TestEqualValuesAreOne, however they are written, and different ones are not.
func TestEqualValuesAreOne(t *testing.T) {
	g := &autodiff.Graph{}
	x, y := g.Input("x", autodiff.Float64, 2, 3), g.Input("y", autodiff.Float64, 2, 3)
	elements := []float64{1, 2, 3, 4, 5, 6}
	lit := autodiff.Array64(elements, 2, 3)
	same := [][2]*autodiff.Value{
		{autodiff.Mul(x, y), autodiff.Mul(y, x)},
		{autodiff.Add(x, y), autodiff.Add(y, x)},
		{autodiff.Exp(autodiff.Sub(x, y)), autodiff.Exp(autodiff.Add(x, autodiff.Neg(y)))},
		{autodiff.SumKeep(x, 1, 0), autodiff.SumKeep(x, 0, 1)},
		{g.Literal(lit), g.Literal(lit)},
		{g.Constant(0, autodiff.Float64), g.Constant(math.Copysign(0, -1), autodiff.Float64)},
		{g.Constant(0.1, autodiff.Float32), g.Constant(float64(float32(0.1)), autodiff.Float32)},
	}
	for i, p := range same {
		if p[0] != p[1] {
			t.Errorf("%d: %v and %v", i, p[0], p[1])
		}
	}
	other := [][2]*autodiff.Value{
		{autodiff.Sub(x, y), autodiff.Sub(y, x)},
		{autodiff.SumKeep(x, 0), autodiff.SumKeep(x, 1)},
		{autodiff.MaxConstant(x, 1), autodiff.MaxConstant(x, 2)},
		{g.Literal(lit), g.Literal(autodiff.Array64(elements, 3, 2))},
		{g.Literal(lit), g.Literal(autodiff.Array64([]float64{1, 2, 3, 4, 5, 6}, 2, 3))},
		{g.Constant(1, autodiff.Float64), g.Constant(1, autodiff.Float32)},
	}
	for i, p := range other {
		if p[0] == p[1] {
			t.Errorf("%d: %v twice", i, p[0])
		}
	}
}

// TestOrder: operands first, nothing twice, nothing unneeded, nothing beyond a
// cut.
func TestOrder(t *testing.T) {
	g := &autodiff.Graph{}
	x := g.Input("x", autodiff.Float64, 2)
	h := autodiff.Tanh(autodiff.Exp(x))
	y := autodiff.Mul(h, h)
	autodiff.Log(x) // dead
	if got := fmt.Sprint(autodiff.Order(values{y, h, nil})); got != fmt.Sprint(values{x, h.Operands()[0], h, y}) {
		t.Errorf("order %v", got)
	}
	if got := fmt.Sprint(autodiff.Order(values{y}, h)); got != fmt.Sprint(values{h, y}) {
		t.Errorf("order with a cut %v", got)
	}
	if got, want := y.String(), "%3 = mul(%2, %2) float64 [2]"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := x.String(), `%0 = input "x" float64 [2]`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (*autodiff.Value)(nil).String(); got != "nil value" {
		t.Errorf("%q", got)
	}
}

// TestSmallerNetworks: what simplification saves on networks, in elements
// computed for gradient and Hessian-vector product. The numbers are those of the
// rules of today; a rule that is lost shows here.
func TestSmallerNetworks(t *testing.T) {
	for _, n := range []struct {
		name  string
		build func(g *autodiff.Graph) *network
		saves float64 // at least this share
	}{
		{"mlp", func(g *autodiff.Graph) *network { return mlp(g, 200, 50, 32, 32, 10) }, 0.05},
		{"cnn", func(g *autodiff.Graph) *network { return cnn(g, 4, 12, autodiff.Tanh) }, 0.05},
		{"attention", func(g *autodiff.Graph) *network { return attention(g, 4, 16, 32) }, 0.24},
	} {
		size := func(g *autodiff.Graph) float64 {
			net := n.build(g)
			gradient, product := autodiff.HVP(net.loss, net.parameters, net.directions("d"))
			if g.Err() != nil {
				t.Fatal(g.Err())
			}
			return float64(work(append(gradient, product...)))
		}
		if saved := 1 - size(&autodiff.Graph{})/size(autodiff.NewPlain()); saved < n.saves {
			t.Errorf("%s: %.3f of the elements saved, want %g", n.name, saved, n.saves)
		} else {
			t.Logf("%s: %.3f", n.name, saved)
		}
	}
}
