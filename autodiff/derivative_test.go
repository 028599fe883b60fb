package autodiff_test

import (
	"math"
	"testing"

	"leeway/autodiff"
)

// step of the differences: their error is about step^4, and rounding 1e-16/step.
// Twice the step crosses no kink, of which random data stay 4.9e-4 away.
const step = 5e-5

// close checks lists of arrays: each within a tolerance relative to its largest
// element, however small that is.
func close(t *testing.T, what string, got, want []autodiff.Array, tolerance float64) {
	t.Helper()
	for i := range want {
		if e := relative(got[i], want[i]); !(e <= tolerance) {
			t.Errorf("%s %d: off by %.2g\n got %v\nwant %v", what, i, e, got[i].Float64s(), want[i].Float64s())
		}
	}
}

func eachOperation(t *testing.T, f func(t *testing.T, o operation, s *scene)) {
	for _, o := range operations {
		t.Run(o.name, func(t *testing.T) {
			s := o.stage(7)
			if err := s.g.Err(); err != nil {
				t.Fatal(err)
			}
			f(t, o, s)
			if err := s.g.Err(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestAgainstDifferences: tangent, gradient and Hessian-vector product against
// central differences of the values themselves (which know nothing of the rules
// of differentiation); for smooth operations the third derivative, the tangent of
// the product, against differences of products.
func TestAgainstDifferences(t *testing.T) {
	eachOperation(t, func(t *testing.T, o operation, s *scene) {
		v := s.likes("v", s.x)
		tangent := autodiff.Tangent(values{s.y}, s.x, v)
		close(t, "tangent", must(t, tangent, s.data), s.differences(t, values{s.y}, v, step), 1e-7)

		gradient, product := autodiff.HVP(s.loss, s.x, v)
		for i := range s.x { // along every coordinate of every input
			unit := make(values, len(s.x))
			for k, x := range s.x {
				unit[k] = s.input("unit"+string(rune('a'+i)), x.Shape(), k)
				clear(s.data[unit[k]].Float64s())
			}
			want := autodiff.NewArray(autodiff.Float64, s.x[i].Shape()...)
			for j := range s.x[i].Shape().Size() {
				s.data[unit[i]].Set(j, 1)
				want.Set(j, s.differences(t, values{s.loss}, unit, step)[0].At(0))
				s.data[unit[i]].Set(j, 0)
			}
			close(t, "gradient", must(t, gradient[i:i+1], s.data), []autodiff.Array{want}, 1e-7)
		}
		close(t, "HVP", must(t, product, s.data), s.differences(t, gradient, v, step), 1e-7)
		if o.smooth {
			w := s.likes("w", s.x)
			third := autodiff.Tangent(product, s.x, w)
			close(t, "third derivative", must(t, third, s.data), s.differences(t, product, w, step), 1e-7)
		}
	})
}

// TestAdjoint: <J'c, t> = <c, Jt> for every operation, also where it is not
// smooth: the two modes are each other's transposes.
func TestAdjoint(t *testing.T) {
	eachOperation(t, func(t *testing.T, _ operation, s *scene) {
		v, c := s.likes("v", s.x), s.likes("ct", values{s.y})
		forward := must(t, append(autodiff.Tangent(values{s.y}, s.x, v), c...), s.data)
		reverse := must(t, append(autodiff.Pullback(values{s.y}, c, s.x), v...), s.data)
		a, b := dot(forward[:1], forward[1:]), dot(reverse[:len(v)], reverse[len(v):])
		if scale := norm(forward[:1])*norm(forward[1:]) + 1e-300; math.Abs(a-b) > 1e-13*max(scale, 1) {
			t.Errorf("<c, Jt> = %.17g, <J'c, t> = %.17g", a, b)
		}
	})
}

// TestThreeWaysToAProduct: forward over reverse, reverse over reverse and reverse
// over forward compute the same product of the Hessian; and it is symmetric and
// linear in its direction.
func TestThreeWaysToAProduct(t *testing.T) {
	eachOperation(t, func(t *testing.T, _ operation, s *scene) {
		u, v := s.likes("u", s.x), s.likes("v", s.x)
		gradient, hv := autodiff.HVP(s.loss, s.x, v)
		want := must(t, hv, s.data)
		close(t, "reverse over reverse", must(t, autodiff.Pullback(gradient, v, s.x), s.data), want, 1e-13)
		slope := autodiff.Tangent(values{s.loss}, s.x, v)[0]
		close(t, "reverse over forward", must(t, autodiff.Gradient(slope, s.x...), s.data), want, 1e-13)

		_, hu := autodiff.HVP(s.loss, s.x, u)
		combined := make(values, len(v))
		for i := range v {
			combined[i] = autodiff.Add(autodiff.Scale(u[i], 2), autodiff.Scale(v[i], -3))
		}
		_, hc := autodiff.HVP(s.loss, s.x, combined)
		n := len(s.x)
		all := must(t, append(append(append(append(values{}, hu...), hc...), u...), v...), s.data)
		uHv, vHu := dot(all[2*n:3*n], want), dot(all[3*n:], all[:n])
		if math.Abs(uHv-vHu) > 1e-12*max(1, norm(want)) {
			t.Errorf("u'Hv = %.17g, v'Hu = %.17g", uHv, vHu)
		}
		sum := make([]autodiff.Array, n)
		for i := range sum {
			sum[i] = autodiff.NewArray(autodiff.Float64, s.x[i].Shape()...)
			for j := range s.x[i].Shape().Size() {
				sum[i].Set(j, 2*all[i].At(j)-3*want[i].At(j))
			}
		}
		close(t, "H(2u - 3v)", all[n:2*n], sum, 1e-12)
	})
}

// TestByAValueInTheMiddle: a value that is differentiated by counts as independent
// of what it is computed from, in both modes. y = h x^2 with h = exp(x).
func TestByAValueInTheMiddle(t *testing.T) {
	g := &autodiff.Graph{}
	x, dx, dh := g.Input("x", autodiff.Float64), g.Input("dx", autodiff.Float64), g.Input("dh", autodiff.Float64)
	h := autodiff.Exp(x)
	y := autodiff.Mul(h, autodiff.Mul(x, x))
	outputs := append(autodiff.Gradient(y, x, h), autodiff.Tangent(values{y}, values{x, h}, values{dx, dh})...)
	outputs = append(append(outputs, autodiff.Gradient(y, x)...), autodiff.Gradient(h, h)...)
	number := func(x float64) autodiff.Array { return autodiff.Array64([]float64{x}) }
	got := must(t, outputs, data{x: number(2), dx: number(3), dh: number(5)})
	e := math.Exp(2)
	for i, want := range []float64{4 * e, 4, 12*e + 20, 8 * e, 1} {
		if math.Abs(got[i].At(0)-want) > 1e-14*want {
			t.Errorf("derivative %d is %.17g, want %.17g", i, got[i].At(0), want)
		}
	}
}

// TestDifferencesSeeAWrongDerivative: the negative half. The derivative of tanh
// taken for that of erf is caught.
func TestDifferencesSeeAWrongDerivative(t *testing.T) {
	s := operation{"", vector, true, one(autodiff.Erf)}.stage(1)
	v := s.likes("v", s.x)
	wrong := must(t, autodiff.Tangent(values{autodiff.Tanh(s.x[0])}, s.x, v), s.data)
	right := s.differences(t, values{s.y}, v, step)
	if e := difference(wrong[0], right[0]); e < 1e-3 {
		t.Errorf("a wrong derivative is only %g off", e)
	}
}
