package autodiff_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"leeway/autodiff"
	"leeway/autodiff/internal/random"
)

// TestDenseHessian: the Hessian of small networks, column by column from
// products, against differences of the loss alone (second differences, which use
// no derivative), and its symmetry.
func TestDenseHessian(t *testing.T) {
	for name, n := range map[string]*network{
		"mlp": mlp(&autodiff.Graph{}, 3, 2, 2, 2),
		"cnn": cnn(&autodiff.Graph{}, 1, 2, autodiff.Softplus),
	} {
		d := n.directions("d")
		_, product := autodiff.HVP(n.loss, n.parameters, d)
		at := n.inputs(3)
		type place struct{ parameter, element int }
		var places []place
		for i, p := range n.parameters {
			at[d[i]] = autodiff.NewArray(autodiff.Float64, p.Shape()...)
			for j := range p.Shape().Size() {
				places = append(places, place{i, j})
			}
		}
		loss := func(a, b place, ha, hb float64) float64 {
			xa, xb := at[n.parameters[a.parameter]].Float64s(), at[n.parameters[b.parameter]].Float64s()
			keepA, keepB := xa[a.element], xb[b.element]
			xa[a.element] += ha
			xb[b.element] += hb
			l := must(t, values{n.loss}, at)[0].At(0)
			xb[b.element] = keepB
			xa[a.element] = keepA
			return l
		}
		const h = 1e-4 // error h^2 and 1e-16/h^2
		size := len(places)
		hessian := make([][]float64, size)
		for i, p := range places {
			at[d[p.parameter]].Set(p.element, 1)
			for _, part := range must(t, product, at) {
				hessian[i] = append(hessian[i], part.Float64s()...)
			}
			at[d[p.parameter]].Set(p.element, 0)
		}
		for i := range size {
			for j := 0; j <= i; j += 1 + size/12 { // every column, some rows
				a, b := places[i], places[j]
				want := (loss(a, b, h, h) - loss(a, b, h, -h) - loss(a, b, -h, h) + loss(a, b, -h, -h)) / (4 * h * h)
				if math.Abs(hessian[i][j]-want) > 1e-6 {
					t.Errorf("%s: element %d %d is %g, differences say %g", name, i, j, hessian[i][j], want)
				}
				if math.Abs(hessian[i][j]-hessian[j][i]) > 1e-13 {
					t.Errorf("%s: element %d %d is %.17g, %.17g below the diagonal", name, i, j, hessian[i][j], hessian[j][i])
				}
			}
		}
	}
}

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

		near := func(what string, a, b, scale, tolerance float64) {
			if !(math.Abs(a-b) <= tolerance*max(1, scale)) {
				t.Errorf("%s: %.17g and %.17g", what, a, b)
			}
		}
		slopeByDifferences := s.differences(t, values{p.Loss}, v, step)[0].At(0)
		near("slope and differences", got[5*n].At(0), slopeByDifferences, norm(part(0)), 1e-7)
		near("<gradient, v> and slope", dot(part(0), vs), got[5*n].At(0), norm(part(0)), 1e-12)
		near("u'Hv and v'Hu", dot(us, part(1)), dot(vs, part(2)), norm(part(1))+norm(part(2)), 1e-12)
		near("v'Hv and differences", dot(vs, part(1)), dot(vs, s.differences(t, gradient, v, step)), norm(part(1)), 1e-6)
		for i := range n {
			scale := norm(part(1))
			for what, other := range map[string][]autodiff.Array{"reverse over reverse": part(3), "reverse over forward": part(4)} {
				if e := difference(other[i], part(1)[i]); !(e <= 1e-11*max(1, scale)) {
					t.Errorf("%s: product %d is off by %g", what, i, e)
				}
			}
		}
	})
}
