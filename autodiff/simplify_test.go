package autodiff_test

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"leeway/autodiff"
	"leeway/autodiff/internal/random"
)

// TestSimplifiedGraphsComputeTheSame: the truth is the same program in a graph
// that simplifies nothing; its outputs, gradients and Hessian-vector products
// are those of the simplified one up to rounding. The simplified one computes
// fewer elements: of all programs together clearly, of a single one at most a
// little more (where a form that is simpler by itself could be shared less).
func TestSimplifiedGraphsComputeTheSame(t *testing.T) {
	before, after := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		values := rapid.IntRange(1, 20).Draw(t, "values")
		src := rand.New(rand.NewPCG(seed, 0))
		p := random.New(src, random.Settings{DType: autodiff.Float64, Values: values, Graph: autodiff.NewPlain()})
		at := p.Data(src)
		if rapid.Bool().Draw(t, "tied") {
			at = p.Tied(src)
		}
		var directions []autodiff.Array
		for _, w := range p.Wrt {
			directions = append(directions, random.Like(src, w))
		}
		g := &autodiff.Graph{}
		copies := autodiff.Rebuild(g, append(p.Outputs, append(p.Inputs, p.Loss)...))

		all := func(stands func(*autodiff.Value) *autodiff.Value) (outputs []*autodiff.Value, results []autodiff.Array) {
			var wrt, along []*autodiff.Value
			for i, w := range p.Wrt {
				wrt = append(wrt, stands(w))
				along = append(along, wrt[i].Graph().Literal(directions[i]))
			}
			for _, v := range p.Outputs {
				outputs = append(outputs, stands(v))
			}
			gradient, product := autodiff.HVP(stands(p.Loss), wrt, along)
			outputs = append(append(outputs, gradient...), product...)
			given := data{}
			for v, a := range at {
				given[stands(v)] = a
			}
			return outputs, must(t, outputs, given)
		}
		plain, want := all(func(v *autodiff.Value) *autodiff.Value { return v })
		simple, got := all(func(v *autodiff.Value) *autodiff.Value { return copies[v] })
		for i := range want {
			if e := difference(got[i], want[i]); !(e < 1e-11) {
				t.Fatalf("output %d of %d is off by %g:\n%v\n%v", i, len(want), e, plain[i], simple[i])
			}
		}
		a, b := work(plain), work(simple)
		if b > a+a/10+20 {
			t.Fatalf("%d elements, %d without simplification", b, a)
		}
		before, after = before+a, after+b
	})
	t.Logf("%.3f of all elements are left", float64(after)/float64(before))
	if float64(after) > 0.96*float64(before) {
		t.Errorf("%d elements of %d are left", after, before)
	}
}

// work is the number of elements that a program computes: constants, and what
// only renames elements, are free.
func work(outputs []*autodiff.Value) (elements int) {
	for _, v := range autodiff.Order(outputs) {
		switch v.Op() {
		case autodiff.OpInput, autodiff.OpConstant, autodiff.OpLiteral, autodiff.OpBroadcast, autodiff.OpReshape, autodiff.OpStop:
		case autodiff.OpSum, autodiff.OpMax:
			elements += v.Operands()[0].Shape().Size()
		default:
			elements += v.Shape().Size()
		}
	}
	return elements
}
