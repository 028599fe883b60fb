package cpu

import (
	"strings"
	"sync"
	"testing"

	"leeway/autodiff"
	"leeway/autodiff/reference"
)

// Outputs are written to the memory bound to them: also an output that is the
// view of another, an input, a constant, or bound twice.
func TestBindOutput(t *testing.T) {
	b := newBuild(autodiff.Float64)
	x := b.normal(4, 6)
	y := autodiff.Tanh(x)
	outputs := []*autodiff.Value{y, autodiff.Reshape(y, 24), autodiff.Slice(y, []int{1, 0}, []int{2, 6}), x, b.Constant(2, b.dtype, 3), y, autodiff.Exp(y)}
	want, err := reference.Evaluate(outputs, b.data)
	if err != nil {
		t.Fatal(err)
	}
	for _, bound := range []bool{false, true} {
		p, err := Compile(outputs, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if a := p.Output(0); a.Shape().Size() != 1 || a.Float64s() != nil {
			t.Error("there is an output before the first run")
		}
		memory := make([]autodiff.Array, len(outputs))
		for i, v := range outputs {
			memory[i] = autodiff.NewArray(v.DType(), v.Shape()...)
			if bound {
				if err := p.BindOutput(i, memory[i]); err != nil {
					t.Fatal(err)
				}
			}
		}
		got := runProgram(t, p, b.data)
		for i := range outputs {
			if d := difference(got[i], want[i]); !(d <= 1e-15) {
				t.Errorf("output %d (bound: %v) differs by %g", i, bound, d)
			}
			if bound && addressOf(got[i]) != addressOf(memory[i]) {
				t.Errorf("output %d does not lie in the memory bound to it", i)
			}
		}
	}
}

// Clones run at the same time on their own data and give what each gives alone.
func TestClonesRunConcurrently(t *testing.T) {
	n := mlp(autodiff.Float64, 50, 20, 16, 10)
	p, err := Compile(n.outputs(true), Settings{})
	if err != nil {
		t.Fatal(err)
	}
	const clones = 4
	data := make([]map[*autodiff.Value]autodiff.Array, clones)
	want := make([][]autodiff.Array, clones)
	for i := range clones {
		data[i] = map[*autodiff.Value]autodiff.Array{}
		for v := range n.data {
			data[i][v] = normal(n.rand, 0.3, v.DType(), v.Shape()...)
		}
		if want[i], err = reference.Evaluate(n.outputs(true), data[i]); err != nil {
			t.Fatal(err)
		}
	}
	var wait sync.WaitGroup
	for i := range clones {
		wait.Go(func() {
			c := p.Clone()
			for v, a := range data[i] {
				if err := c.Bind(v, a); err != nil {
					t.Error(err)
				}
			}
			for range 20 {
				if err := c.Run(); err != nil {
					t.Error(err)
				}
			}
			for k := range want[i] {
				if d := difference(c.Output(k), want[i][k]); !(d <= 1e-12) {
					t.Errorf("clone %d, output %d differs by %g", i, k, d)
				}
			}
		})
	}
	wait.Wait()
}

// Given values replace what they are computed from.
func TestGiven(t *testing.T) {
	b := newBuild(autodiff.Float64)
	h := autodiff.Exp(b.normal(5))
	y := autodiff.Mul(h, h)
	p, err := Compile([]*autodiff.Value{y, h}, Settings{Given: []*autodiff.Value{h}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Bind(h, autodiff.Array64([]float64{1, 2, 3, 4, 5}, 5)); err != nil {
		t.Fatal(err)
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	if got := p.Output(0).At(4); got != 25 {
		t.Errorf("the square of a given 5 is %g", got)
	}
}

// The products of the perceptron 784-128-128-10 with 2000 rows cost, in
// multiplications and additions, 2 rows in out for each of: every layer forward,
// every weight's gradient, every layer's input gradient but the first.
func TestStats(t *testing.T) {
	n := mlp(autodiff.Float32, 2000, 784, 128, 128, 10)
	p, err := Compile(n.outputs(false), Settings{Profile: true, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	layers := 784*128 + 128*128 + 128*10
	want := float64(2 * 2000 * (3*layers - 784*128))
	if s := p.Stats(); s.ProductFLOP != want || s.Kernels != s.Loops+9 {
		t.Errorf("%+v: not %g FLOP of products, or not 8 products and 1 gather beside the loops", s, want)
	}
	if r := p.Profile(); r.Runs != 0 || len(r.Kernels) != 0 {
		t.Error("a profile before the first run")
	}
	runProgram(t, p, n.data)
	r := p.Profile()
	if r.Runs != 1 || len(r.Kernels) != p.Stats().Kernels {
		t.Errorf("the profile has %d runs and %d kernels of %d", r.Runs, len(r.Kernels), p.Stats().Kernels)
	}
	kinds, kernels := 0.0, 0.0
	for _, k := range r.Kinds {
		kinds += k.Seconds
	}
	for _, k := range r.Kernels {
		kernels += k.Seconds
	}
	if d := kinds/kernels - 1; d > 1e-9 || d < -1e-9 {
		t.Errorf("kinds take %g s, kernels %g s", kinds, kernels)
	}
	if text := r.String(); !strings.Contains(text, "[2000 128] = [2000 784], [784 128]") {
		t.Errorf("the table does not show the first product:\n%s", text)
	}
}
