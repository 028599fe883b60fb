package cpu

import (
	"math"
	"testing"

	"leeway/autodiff"
)

// A linearized computation is the whole one cut in two: the bits are the same.
func TestLinearize(t *testing.T) {
	for _, net := range tinyNetworks {
		for _, d := range floats {
			n := net.build(d)
			whole := run(t, n.outputs(true), n.data, Settings{})
			l, err := Linearize(n.product, n.outputs(false), n.v, Settings{})
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range []*Linearized{l, l.Clone()} {
				for v, a := range n.data {
					if err := l.Bind(v, a); err != nil {
						t.Fatal(err)
					}
				}
				if err := l.Base.Run(); err != nil {
					t.Fatal(err)
				}
				if err := l.Product.Run(); err != nil {
					t.Fatal(err)
				}
				for i, w := range whole {
					var got autodiff.Array
					if k := 1 + len(n.gradient); i < k {
						got = l.Base.Output(i)
					} else {
						got = l.Product.Output(i - k)
					}
					if !sameBits(got, w) {
						t.Errorf("%s %v: output %d differs: %v and %v", net.name, d, i, head(got), head(w))
					}
				}
			}
		}
	}
}

// A sum of two products of which Base computes one is not rounded as one program
// rounds it, which adds the second one to the first in blocks of its depth; so the
// truth here is a tolerance: some units in the last place of the sums of absolute
// values.
func TestLinearizeBetweenTwoProducts(t *testing.T) {
	const depth = 1500
	for _, d := range floats {
		b := newBuild(d)
		x, w, v := b.normal(30, depth), b.normal(depth, 40), b.normal(30, depth)
		outputs := []*autodiff.Value{autodiff.Add(autodiff.MatMul(x, w), autodiff.MatMul(v, w))}
		whole := run(t, outputs, b.data, Settings{})[0]
		l, err := Linearize(outputs, nil, []*autodiff.Value{v}, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		for in, a := range b.data {
			if err := l.Bind(in, a); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Base.Run(); err != nil {
			t.Fatal(err)
		}
		if len(l.Product.links) != 1 {
			t.Fatalf("%d products are kept", len(l.Product.links))
		}
		if err := l.Product.Run(); err != nil {
			t.Fatal(err)
		}
		unit := map[autodiff.DType]float64{autodiff.Float32: 0x1p-24, autodiff.Float64: 0x1p-53}[d]
		if e := difference(l.Product.Output(0), whole); !(e <= 8*unit) {
			t.Errorf("%v: in two programs off by %.2g", d, e)
		}
	}
}

// A given value is a leaf of both programs, also if it is made from a direction:
// nothing that only it needs is computed, and what is computed from it is kept.
func TestLinearizeWithGivenValues(t *testing.T) {
	b := newBuild(autodiff.Float64)
	x, v := b.normal(3), b.normal(3)
	h := autodiff.Mul(autodiff.Exp(x), v)
	l, err := Linearize([]*autodiff.Value{autodiff.Mul(autodiff.Tanh(h), v)}, nil, []*autodiff.Value{v}, Settings{Given: []*autodiff.Value{h}})
	if err != nil {
		t.Fatal(err)
	}
	if l.Base.Uses(x) || !l.Base.Uses(h) || l.Product.Uses(h) {
		t.Error("what a given value is computed from is read, or the value is not")
	}
	for in, a := range map[*autodiff.Value]autodiff.Array{h: b.data[x], v: b.data[v]} {
		if err := l.Bind(in, a); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Base.Run(); err != nil {
		t.Fatal(err)
	}
	if err := l.Product.Run(); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if got, want := l.Product.Output(0).At(i), math.Tanh(b.data[x].At(i))*b.data[v].At(i); math.Abs(got-want) > 1e-15 {
			t.Errorf("element %d is %g, not %g", i, got, want)
		}
	}
}

// Base keeps what Product needs and no more: of a perceptron with two hidden
// layers of tanh their activations (2), the softmax's exponentials, sums and
// scaled inverse sums (3), the cotangents of logits, of both activations and of
// the second layer before its activation (4), but no derivative 1 - h^2.
func TestLinearizeKeepsLittle(t *testing.T) {
	n := mlp(autodiff.Float64, 7, 5, 4, 6, 3)
	l, err := Linearize(n.product, nil, n.v, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range l.Product.links {
		if v := l.Base.plan.outputs[k.output].value; v.Op() == autodiff.OpSub {
			t.Errorf("%v is kept", v)
		}
	}
	if len(l.Product.links) != 9 {
		t.Errorf("%d arrays are kept, not 9", len(l.Product.links))
	}
}

// Errors of linearizing, binding and running; and a linearization of which nothing
// is kept.
func TestLinearizeErrors(t *testing.T) {
	var g autodiff.Graph
	x, v := g.Input("x", autodiff.Float64, 2), g.Input("v", autodiff.Float64, 2)
	if _, err := Linearize([]*autodiff.Value{nil}, nil, nil, Settings{}); err == nil {
		t.Error("a nil output is accepted")
	}
	l, err := Linearize([]*autodiff.Value{autodiff.Mul(v, autodiff.Exp(x))}, nil, []*autodiff.Value{v}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []*autodiff.Value{x, v} {
		if err := l.Bind(i, autodiff.NewArray(autodiff.Float64, 2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Product.Run(); err == nil || err.Error() != "cpu: run: the base program has not run. Try: Base.Run before Product.Run" {
		t.Errorf("the product before its base: %v", err)
	}
	l, err = Linearize([]*autodiff.Value{autodiff.Mul(v, v)}, nil, []*autodiff.Value{v}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Bind(x, autodiff.NewArray(autodiff.Float64, 2)); err == nil || err.Error() != `cpu: bind: %0 = input "x" float64 [2] is no input of either program` {
		t.Errorf("binding what neither program reads: %v", err)
	}
	if err := l.Bind(v, autodiff.Array64([]float64{1, 3}, 2)); err != nil {
		t.Fatal(err)
	}
	if err := l.Base.Run(); err != nil {
		t.Fatal(err)
	}
	if err := l.Product.Run(); err != nil {
		t.Fatal(err)
	}
	if got := l.Product.Output(0).At(1); got != 9 {
		t.Errorf("3 squared is %g", got)
	}
}
