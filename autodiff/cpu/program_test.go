package cpu

import (
	"strings"
	"sync"
	"testing"

	"leeway/autodiff"
	"leeway/autodiff/reference"
)

// Errors name what is wrong: the exact sentences.
func TestErrors(t *testing.T) {
	var g, other autodiff.Graph
	x := g.Input("x", autodiff.Float64, 2, 3)
	i := g.Input("i", autodiff.Int32, 2)
	y := autodiff.Gather(x, i)
	s := autodiff.ScatterAdd(x, i, 4)
	alien := other.Input("x", autodiff.Float64, 2)
	var broken autodiff.Graph
	bad := autodiff.Add(broken.Input("a", autodiff.Float64, 2), broken.Input("b", autodiff.Float64, 3))
	compile := func(outputs ...*autodiff.Value) error {
		_, err := Compile(outputs, Settings{})
		return err
	}
	with := func(v *autodiff.Value, f func(p *Program) error) error {
		p, err := Compile([]*autodiff.Value{v}, Settings{})
		if err != nil {
			return err
		}
		return f(p)
	}
	run := func(v *autodiff.Value, index ...int32) error {
		return with(v, func(p *Program) error {
			if err := p.Bind(x, autodiff.NewArray(autodiff.Float64, 2, 3)); err != nil {
				return err
			}
			if err := p.Bind(i, autodiff.Indices(index, 2)); err != nil {
				return err
			}
			return p.Run()
		})
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{compile(), "cpu: compile: there are no outputs"},
		{compile(y, nil), "cpu: compile: value 1 is nil"},
		{compile(y, alien), `cpu: compile: %0 = input "x" float64 [2] belongs to another graph than the first output`},
		{compile(bad), "cpu: compile: autodiff: add: "},
		{compile(autodiff.Gather(g.Literal(autodiff.NewArray(autodiff.Float64, 2)), g.Literal(autodiff.Indices([]int32{5}, 1)))),
			"index 5 at place 0 of [1] is not among rows 0 to 1"},
		{with(y, (*Program).Run), `cpu: run: %0 = input "x" float64 [2 3] is not bound. Try: Bind before Run`},
		{with(y, func(p *Program) error { return p.Bind(s, autodiff.Array{}) }), "cpu: bind: %3 = scatter-add(%0, %1) float64 [4 3] is no input of this program"},
		{with(y, func(p *Program) error { return p.Bind(x, autodiff.NewArray(autodiff.Float64, 3, 2)) }),
			`cpu: bind: %0 = input "x" float64 [2 3] takes no array of float64 [3 2]`},
		{with(y, func(p *Program) error { return p.BindOutput(1, autodiff.Array{}) }), "cpu: bind output: there is no output 1 among 1"},
		{with(y, func(p *Program) error { return p.BindOutput(0, autodiff.NewArray(autodiff.Float32, 2, 3)) }),
			"cpu: bind output 0: %2 = gather(%0, %1) float64 [2 3] takes no array of float32 [2 3]"},
		{run(y, 0, 2), "cpu: run: %2 = gather(%0, %1) float64 [2 3]: index 2 at place 1 of [2] is not among rows 0 to 1. Try: labels and tokens from 0 to 1"},
		{run(s, -1, 0), "cpu: run: %3 = scatter-add(%0, %1) float64 [4 3]: index -1 at place 0 of [2] is not among rows 0 to 3. Try: labels and tokens from 0 to 3"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got  %v\nwant %s", c.err, c.want)
		}
	}
	if err := run(y, 0, 1); err != nil {
		t.Errorf("indices in range: %v", err)
	}
}

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

// Linearize keeps what has no part in the directions out of Product.
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
