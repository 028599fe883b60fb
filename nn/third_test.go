package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"

	"leeway/autodiff"
	"leeway/autodiff/cpu"
)

// thirdOrder computes two directional derivatives of the Hessian-vector product of
// a whole batch: forward, D H[w] v by the tangent of the product, and in reverse,
// the gradient of v . H v, which is D H[v] v.
type thirdOrder struct {
	o                *Objective
	v, w             []autodiff.Array
	forward, reverse *cpu.Program
}

func newThirdOrder(t *testing.T, o *Objective) *thirdOrder {
	t.Helper()
	net := must(o.network(false, o.data.Len()))
	net.differentiate(true)
	graph := net.loss.Graph()
	d := &thirdOrder{o: o}
	var second []*autodiff.Value
	curvature := graph.Constant(0, autodiff.Float64)
	for i, p := range o.table {
		second = append(second, graph.Input("second direction/"+p.Name, autodiff.Float64, p.Shape...))
		curvature = autodiff.Add(curvature, autodiff.Sum(autodiff.Mul(net.product[i], net.direction[i])))
		d.v = append(d.v, autodiff.NewArray(autodiff.Float64, p.Shape...))
		d.w = append(d.w, autodiff.NewArray(autodiff.Float64, p.Shape...))
	}
	for program, outputs := range map[**cpu.Program][]*autodiff.Value{
		&d.forward: autodiff.Tangent(net.product, net.theta, second),
		&d.reverse: autodiff.Gradient(curvature, net.theta...),
	} {
		*program = must(cpu.Compile(outputs, cpu.Settings{}))
		piece := o.pieces[0][0]
		inputs := map[*autodiff.Value]autodiff.Array{net.x: piece.x, net.labels: piece.y}
		for i := range o.table {
			inputs[net.theta[i]], inputs[net.direction[i]], inputs[second[i]] = o.theta[i], d.v[i], d.w[i]
		}
		for input, array := range inputs {
			if (*program).Uses(input) {
				must(0, (*program).Bind(input, array))
			}
		}
	}
	return d
}

// at runs one of the programs.
func (d *thirdOrder) at(program *cpu.Program, theta, v, w []float64) []float64 {
	d.o.load(d.o.theta, theta)
	d.o.load(d.v, v)
	if w != nil {
		d.o.load(d.w, w)
	}
	must(0, program.Run())
	var result []float64
	for i := range d.o.table {
		result = append(result, program.Output(i).Float64s()...)
	}
	return result
}

// The truth is the central differences of Hessian-vector products, to fourth order
// by one Richardson step, which know nothing of the third transformation. In
// reverse, the same derivative comes by other rules. And the third derivative is
// symmetric in its three directions. Max pooling has kinks, but none within reach of
// the smaller steps.
func TestThirdDerivatives(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	for _, p := range problems() {
		if p.name == "cnn relu" {
			continue
		}
		o := p.objective(t)
		n := o.Dim()
		theta, u, v, w := start(o), normal(rng, n), normal(rng, n), normal(rng, n)
		d := newThirdOrder(t, o)
		got := d.at(d.forward, theta, v, w)

		difference := func(h float64) []float64 {
			up, down, at := make([]float64, n), make([]float64, n), make([]float64, n)
			must(0, o.HVP(up, floats.AddScaledTo(at, theta, h, w), v, 0))
			must(0, o.HVP(down, floats.AddScaledTo(at, theta, -h, w), v, 0))
			floats.Sub(up, down)
			floats.Scale(1/(2*h), up)
			return up
		}
		relative := func(a, b []float64) float64 { return floats.Distance(a, b, 2) / floats.Norm(b, 2) }
		// The step is where truncation and rounding meet, which differs between
		// networks: the smallest error of a few steps is that of the derivative.
		worst := math.Inf(1)
		for _, h := range []float64{1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5} {
			coarse, want := difference(h), difference(h/2)
			floats.Scale(4./3, want)
			floats.AddScaled(want, -1./3, coarse)
			worst = min(worst, relative(got, want))
		}
		t.Logf("%-24s %4d parameters: %.1e", p.name, n, worst)
		if !(worst < 1e-7) {
			t.Errorf("%s: third derivative differs by %.1e", p.name, worst)
		}
		if e := relative(d.at(d.reverse, theta, v, nil), d.at(d.forward, theta, v, v)); !(e < 1e-12) {
			t.Errorf("%s: forward and reverse differ by %.1e", p.name, e)
		}
		uvw, wuv := floats.Dot(u, got), floats.Dot(w, d.at(d.forward, theta, u, v))
		if size := floats.Norm(u, 2) * floats.Norm(got, 2); !(math.Abs(uvw-wuv) <= 1e-12*size) || uvw == 0 {
			t.Errorf("%s: u . DH[w] v = %v, w . DH[v] u = %v", p.name, uvw, wuv)
		}
	}
}
