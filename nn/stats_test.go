package nn

import (
	"math/rand/v2"
	"strings"
	"testing"

	"leeway/autodiff"
)

// The truth is counted by hand: the matrix products of an MLP n-a-b-c on m rows.
// Forward there are three; backward the weights' gradients repeat them and the
// inputs' need two. A product needs, for the tangents of the layers, each layer's
// product with its weights' direction and, behind the first, with its inputs'
// tangent; backward the same doubling.
func TestStatsOfAnMLP(t *testing.T) {
	const m, n, a, b, c = 30, 20, 7, 6, 5
	first, rest := 2.*m*n*a, 2.*m*a*b+2.*m*b*c
	o := must(New(randomData(m, c, n), Settings{Architecture: MLP{Hidden: []int{a, b}, Activation: Tanh}, PhysicalBatch: 10}))
	s := must(o.Stats())
	if s.Parameters != o.Dim() || s.Pieces != 3 {
		t.Errorf("%d parameters in %d pieces", s.Parameters, s.Pieces)
	}
	gradient := 2*first + 3*rest
	product := 2*first + 6*rest // tangents: forward 1 and 2, weights 1 and 2, inputs 0 and 2
	for name, c := range map[string]struct{ got, want float64 }{
		"gradient":   {s.Gradient.ProductFLOP, gradient},
		"HVP":        {s.HVP.ProductFLOP, gradient + product},
		"linearize":  {s.Linearize.ProductFLOP, gradient},
		"linearized": {s.LinearizedHVP.ProductFLOP, product},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v FLOP, want %v", name, c.got, c.want)
		}
	}
	for _, w := range []Work{s.Gradient, s.HVP, s.Linearize, s.LinearizedHVP} {
		if w.ElementwiseFLOP <= 0 || w.BytesMoved <= 0 || w.PeakBytes <= 0 {
			t.Errorf("%+v", w)
		}
	}
}

// Memory belongs to the pieces: five times the data needs not a byte more.
func TestMemoryDoesNotGrowWithTheData(t *testing.T) {
	peak := func(n int) int {
		o := must(New(randomData(n, 3, 8, 8, 1), Settings{Architecture: CNN{Channels: []int{4, 8}, Dense: 16}, PhysicalBatch: 64}))
		return must(o.Stats()).Gradient.PeakBytes
	}
	if small, large := peak(640), peak(3200); small != large || small == 0 {
		t.Errorf("%d bytes for 640 images, %d for 3,200", small, large)
	}
}

// After the first call on one thread nothing is allocated: loops over steps run
// through here. (Where two results are one value, as the gradients of the two
// biases that a residual block adds, copying it allocates a header each.)
func TestNoAllocation(t *testing.T) {
	for _, p := range problems() {
		if strings.HasPrefix(p.name, "resnet") {
			continue
		}
		for _, dtype := range []autodiff.DType{autodiff.Float32, autodiff.Float64} {
			p.settings.Threads, p.settings.DType, p.settings.PhysicalBatch = 1, dtype, 2
			o := p.objective(t)
			n := o.Dim()
			theta, v, g, hv := start(o), normal(rand.New(rand.NewPCG(1, 1)), n), make([]float64, n), make([]float64, n)
			l := must(o.Linearize(theta, 0))
			for name, f := range map[string]func(){
				"gradient":             func() { must(o.Gradient(g, theta, 0)) },
				"product":              func() { must(0, o.HVP(hv, theta, v, 0)) },
				"gradient and product": func() { must(o.GradientHVP(g, hv, theta, v, 0)) },
				"linearized product":   func() { must(0, l.HVP(hv, v)) },
			} {
				if allocs := testing.AllocsPerRun(3, f); allocs != 0 {
					t.Errorf("%s: %s in %v: %v allocations", p.name, name, dtype, allocs)
				}
			}
		}
	}
}

// A profile names every program that has run, and nothing without being asked for.
func TestProfiles(t *testing.T) {
	d := randomData(5, 3, 4)
	for _, on := range []bool{false, true} {
		o := must(New(d, Settings{PhysicalBatch: 3, Profile: on}))
		theta, g := o.Start(), make([]float64, o.Dim())
		must(o.Gradient(g, theta, 0))
		must(o.Predict(theta, d.X))
		l := must(o.Linearize(theta, 0))
		must(0, l.HVP(g, theta))
		var tasks []string
		for _, p := range append(o.Profiles(), l.Profiles()...) {
			tasks = append(tasks, p.Task)
			if p.Rows != 2 && p.Rows != 3 || p.Times.Runs != 1 || len(p.Times.Kernels) == 0 {
				t.Errorf("%+v", p)
			}
		}
		if want := map[bool]int{true: 8}[on]; len(tasks) != want {
			t.Errorf("profiles %q, want %d", tasks, want)
		}
	}
}
