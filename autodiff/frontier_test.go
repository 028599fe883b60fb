package autodiff_test

import (
	"slices"
	"testing"

	"leeway/autodiff"
)

// TestFrontier: the frontier's values do not depend on the directions; computed
// once and given, they yield the Hessian-vector products of any direction, to the
// bit. What is computed for every direction depends on it, or costs little. Which
// values depend on directions is found here by looking at all that they are made of.
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
			if free(v) && !v.Op().Cheap() {
				t.Errorf("%s: %v costs nothing and is kept", name, v)
			}
		}
		for _, v := range autodiff.Order(frontier) {
			if slices.Contains(d, v) {
				t.Errorf("%s: the frontier needs %v", name, v)
			}
		}
		for _, v := range autodiff.Order(product, frontier...) {
			dependent := slices.ContainsFunc(autodiff.Order(values{v}), func(o *autodiff.Value) bool { return slices.Contains(d, o) })
			if !dependent && !slices.Contains(frontier, v) && !free(v) {
				t.Errorf("%s: %v is computed for every direction", name, v)
			}
		}
		at := n.inputs(1)
		given := n.inputs(1)
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

// free reports whether a value costs the program that reads it nothing, or little.
func free(v *autodiff.Value) bool {
	switch v.Op() {
	case autodiff.OpBroadcast, autodiff.OpReshape, autodiff.OpStop:
		return true
	}
	return len(v.Operands()) == 0 || v.Op().Cheap()
}

// TestFrontierOfOutputs: an output that does not depend on the directions is of
// the frontier itself, a broadcast by what it is made from; an input is not.
func TestFrontierOfOutputs(t *testing.T) {
	g := &autodiff.Graph{}
	x, d := g.Input("x", autodiff.Float64, 3), g.Input("d", autodiff.Float64, 3)
	e := autodiff.Exp(x)
	wide := autodiff.Broadcast(autodiff.Reshape(e, 3, 1), 3, 2)
	got := autodiff.Frontier(values{wide, autodiff.Stop(x), autodiff.Mul(x, d), g.Constant(1, autodiff.Float64)}, values{d})
	if !slices.Equal(got, values{e}) {
		t.Errorf("frontier %v", got)
	}
}

// TestFrontierLeavesOutWhatIsCheap: a value is not kept if at most three cheap
// operations make it of one array at hand, which may be an input; the count goes
// through values that are left out themselves.
func TestFrontierLeavesOutWhatIsCheap(t *testing.T) {
	g := &autodiff.Graph{}
	x, y, d := g.Input("x", autodiff.Float64, 3), g.Input("y", autodiff.Float64, 3), g.Input("d", autodiff.Float64, 3)
	h := autodiff.Tanh(x)
	slope := autodiff.Sub(g.Constant(1, autodiff.Float64), autodiff.Mul(h, h)) // two operations
	third := autodiff.Mul(slope, slope)
	fourth := autodiff.Mul(third, h)
	fifth := autodiff.Shift(fourth, 2) // one from the fourth
	for _, c := range []struct {
		needed, want values
	}{
		{values{h, slope}, values{h}},
		{values{h, slope, third}, values{h}},
		{values{h, slope, third, fourth}, values{h, fourth}},
		{values{h, slope, third, fourth, fifth}, values{h, fourth}},
		{values{slope}, values{slope}}, // h is not at hand
		{values{autodiff.Abs(x)}, nil},
		{values{autodiff.Mul(x, y)}, values{autodiff.Mul(x, y)}}, // of two arrays
		{values{autodiff.Div(x, y)}, values{autodiff.Div(x, y)}},
	} {
		var outputs values
		for _, v := range c.needed {
			outputs = append(outputs, autodiff.Mul(v, d))
		}
		if got := autodiff.Frontier(outputs, values{d}); !slices.Equal(got, c.want) {
			t.Errorf("of %v the frontier keeps %v, want %v", c.needed, got, c.want)
		}
	}
}

// TestFrontierOfGivenValues: a value that is given is as good as an input. What
// only it needs is not computed, and it does not count as dependent although it is
// made from a direction.
func TestFrontierOfGivenValues(t *testing.T) {
	g := &autodiff.Graph{}
	x, d := g.Input("x", autodiff.Float64, 3), g.Input("d", autodiff.Float64, 3)
	e := autodiff.Exp(x)
	given := autodiff.Log(e)                      // alone needs e
	dependent := autodiff.Tanh(d)                 // would be active
	kept := autodiff.Exp(autodiff.Neg(dependent)) // and this with it
	outputs := values{autodiff.Mul(d, autodiff.Mul(autodiff.Sqrt(given), kept))}
	if got, want := autodiff.Frontier(outputs, values{d}, given, dependent), (values{autodiff.Mul(autodiff.Sqrt(given), kept)}); !slices.Equal(got, want) {
		t.Errorf("frontier %v, want %v", got, want)
	}
	if got, want := autodiff.Frontier(outputs, values{d}), (values{autodiff.Sqrt(given)}); !slices.Equal(got, want) {
		t.Errorf("frontier without given values %v, want %v", got, want)
	}
}
