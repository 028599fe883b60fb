package autodiff_test

import (
	"slices"
	"testing"

	"leeway/autodiff"
)

// TestFrontier: the frontier's values do not depend on the directions; computed
// once and given, they yield the Hessian-vector products of any direction, to the
// bit, and what is computed again for each direction is less.
func TestFrontier(t *testing.T) {
	for name, n := range map[string]*network{
		"mlp":       mlp(&autodiff.Graph{}, 3, 4, 3, 2),
		"cnn":       cnn(&autodiff.Graph{}, 2, 4, autodiff.ReLU),
		"attention": attention(&autodiff.Graph{}, 2, 3, 4),
	} {
		d := n.directions("d")
		_, product := autodiff.HVP(n.loss, n.parameters, d)
		frontier := autodiff.Frontier(product, d)
		if err := n.graph.Err(); err != nil {
			t.Fatal(err)
		}
		for _, v := range frontier {
			switch v.Op() {
			case autodiff.OpConstant, autodiff.OpLiteral, autodiff.OpBroadcast, autodiff.OpReshape:
				t.Errorf("%s: %v costs nothing and is kept", name, v)
			}
		}
		for _, v := range autodiff.Order(frontier) {
			if slices.Contains(d, v) {
				t.Errorf("%s: the frontier needs %v", name, v)
			}
		}
		again := autodiff.Order(product, frontier...)
		if all := autodiff.Order(product); len(again)-len(frontier) >= len(all)*2/3 {
			t.Errorf("%s: %d of %d values are computed for every direction", name, len(again)-len(frontier), len(all))
		}
		at := n.inputs(1)
		given := data{}
		for i, a := range must(t, frontier, at) {
			given[frontier[i]] = a
		}
		for seed := range uint64(3) {
			src := n.inputs(seed + 10) // numbers for parameters serve as directions
			for i, p := range n.parameters {
				at[d[i]], given[d[i]] = src[p], src[p]
			}
			got, want := must(t, product, given), must(t, product, at)
			for i := range want {
				for j := range want[i].Shape().Size() {
					if got[i].At(j) != want[i].At(j) {
						t.Fatalf("%s: product %d differs", name, i)
					}
				}
			}
		}
	}
}

// TestFrontierOfOutputs: an output that does not depend on the directions is of
// the frontier itself, a broadcast by what it is made from.
func TestFrontierOfOutputs(t *testing.T) {
	g := &autodiff.Graph{}
	x, d := g.Input("x", autodiff.Float64, 3), g.Input("d", autodiff.Float64, 3)
	e := autodiff.Exp(x)
	wide := autodiff.Broadcast(autodiff.Reshape(e, 3, 1), 3, 2)
	got := autodiff.Frontier(values{wide, autodiff.Mul(x, d), g.Constant(1, autodiff.Float64)}, values{d})
	if !slices.Equal(got, values{x, e}) {
		t.Errorf("frontier %v", got)
	}
}
