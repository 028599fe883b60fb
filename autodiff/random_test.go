package autodiff_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"leeway/autodiff"
	"leeway/autodiff/internal/random"
)

// TestRandomGraphs: on random programs the directional derivatives are those that
// differences see, the two modes are adjoint, and products are symmetric and
// equal whichever modes make them.
func TestRandomGraphs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		src := rand.New(rand.NewPCG(seed, 0))
		p := random.New(src, random.Settings{DType: autodiff.Float64, Values: rapid.IntRange(1, 16).Draw(t, "values"), Differentiable: true})
		at := p.Data(src)
		s := &scene{g: p.Graph, x: p.Wrt, loss: p.Loss, data: at}
		direction := func(name string) (d values) {
			for i, x := range p.Wrt {
				v := p.Graph.Input(name+string(rune(' '+i)), autodiff.Float64, x.Shape()...)
				d, at[v] = append(d, v), random.Like(src, v)
			}
			return d
		}
		u, v := direction("u"), direction("v")
		gradient, hv := autodiff.HVP(p.Loss, p.Wrt, v)
		_, hu := autodiff.HVP(p.Loss, p.Wrt, u)
		slope := autodiff.Tangent(values{p.Loss}, p.Wrt, v)
		n := len(p.Wrt)
		outputs := append(append(append(append(append(values{}, gradient...), hv...), hu...),
			autodiff.Pullback(gradient, v, p.Wrt)...), autodiff.Gradient(slope[0], p.Wrt...)...)
		got := must(t, append(append(append(outputs, slope[0]), u...), v...), at)
		part := func(i int) []autodiff.Array { return got[i*n : (i+1)*n] }
		us, vs := got[5*n+1:6*n+1], got[6*n+1:]

		// Errors are relative to the vectors that are multiplied; the differences' own
		// rounding, of values of order one, is what the floor is for.
		near := func(what string, a, b, scale, tolerance float64) {
			if !(math.Abs(a-b) <= tolerance*max(1e-3, scale)) {
				t.Errorf("%s: %.17g and %.17g", what, a, b)
			}
		}
		slopeByDifferences := s.differences(t, values{p.Loss}, v, step)[0].At(0)
		near("slope and differences", got[5*n].At(0), slopeByDifferences, norm(part(0))*norm(vs), 1e-7)
		near("<gradient, v> and slope", dot(part(0), vs), got[5*n].At(0), norm(part(0))*norm(vs), 1e-12)
		near("u'Hv and v'Hu", dot(us, part(1)), dot(vs, part(2)), norm(us)*norm(part(1))+norm(vs)*norm(part(2)), 1e-12)
		near("v'Hv and differences", dot(vs, part(1)), dot(vs, s.differences(t, gradient, v, step)), norm(vs)*norm(part(1)), 1e-7)
		for i := range n {
			scale := norm(part(1))
			for what, other := range map[string][]autodiff.Array{"reverse over reverse": part(3), "reverse over forward": part(4)} {
				if e, _ := compare(other[i], part(1)[i]); !(e <= 1e-11*max(1e-3, scale)) {
					t.Errorf("%s: product %d is off by %g", what, i, e)
				}
			}
		}
	})
}
