package cpu

import (
	"fmt"
	"strings"
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

// A position that is not one of the window's is an error, as in the reference, and
// the first one is named whatever the number of threads; positions that the caller
// gives are checked and those that the program finds itself are not.
func TestPositionsOutsideOfTheWindow(t *testing.T) {
	const images = 5
	var g autodiff.Graph
	x := g.Input("x", autodiff.Float64, images, 4, 4, 1)
	y := g.Input("y", autodiff.Float64, images, 2, 2, 1)
	position := g.Input("p", autodiff.Int32, images, 2, 2, 1)
	window := autodiff.Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}
	data := map[*autodiff.Value]autodiff.Array{
		x: autodiff.NewArray(autodiff.Float64, x.Shape()...), y: autodiff.NewArray(autodiff.Float64, y.Shape()...),
		position: autodiff.NewArray(autodiff.Int32, y.Shape()...),
	}
	for _, v := range []*autodiff.Value{autodiff.PoolGather(x, position, window), autodiff.PoolScatter(y, position, 4, 4, window)} {
		for _, bad := range []int32{-1, 4, 1 << 30} {
			p, err := Compile([]*autodiff.Value{v}, Settings{Threads: 2})
			if err != nil {
				t.Fatal(err)
			}
			clear(data[position].Int32s())
			runProgram(t, p, data)
			data[position].Int32s()[6], data[position].Int32s()[images*4-1] = bad, bad
			want := fmt.Sprintf("cpu: run: %v: position %d at place 6 of [5 2 2 1] is not among 0 to 3. Try: positions that ArgMaxPool finds for this window", v, bad)
			if err := p.Run(); err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if _, err := reference.Evaluate([]*autodiff.Value{v}, data); err == nil {
				t.Errorf("the reference takes position %d", bad)
			}
		}
	}
	found := autodiff.ArgMaxPool(x, window)
	for _, c := range []struct {
		given  []*autodiff.Value
		checks bool
	}{{nil, false}, {[]*autodiff.Value{found}, true}} {
		p, err := Compile([]*autodiff.Value{autodiff.PoolGather(x, found, window), autodiff.PoolScatter(y, found, 4, 4, window)}, Settings{Given: c.given})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.runners {
			if w, ok := r.(*windows[float64]); ok && w.check != c.checks {
				t.Errorf("with %v given: %v is checked: %v", c.given, w.node.value, w.check)
			}
		}
	}
}

// A run that failed leaves no results: not in the program, and not for the one
// that reads them.
func TestNothingIsReadAfterAFailedRun(t *testing.T) {
	var g autodiff.Graph
	x, i, v := g.Input("x", autodiff.Float64, 3), g.Input("i", autodiff.Int32, 2), g.Input("v", autodiff.Float64, 2)
	l, err := Linearize([]*autodiff.Value{autodiff.Mul(v, autodiff.Exp(autodiff.Gather(x, i)))}, nil, []*autodiff.Value{v}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	index := []int32{0, 1}
	for in, a := range map[*autodiff.Value]autodiff.Array{
		x: autodiff.NewArray(autodiff.Float64, 3), v: autodiff.NewArray(autodiff.Float64, 2), i: autodiff.Indices(index, 2),
	} {
		if err := l.Bind(in, a); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		index int32
		fails bool
	}{{0, false}, {9, true}, {2, false}} {
		index[0] = c.index
		base, product := l.Base.Run(), l.Product.Run()
		if (base != nil) != c.fails || (product != nil) != c.fails {
			t.Errorf("index %d: base: %v, product: %v", c.index, base, product)
		}
		if empty := l.Base.Output(0).Float64s() == nil; empty != c.fails {
			t.Errorf("index %d: there are no outputs: %v", c.index, empty)
		}
	}
}

// The zero Array has the type and shape of a float32 number, but no element.
func TestArraysWithoutElements(t *testing.T) {
	var g autodiff.Graph
	x := g.Input("x", autodiff.Float32)
	y := autodiff.Exp(x)
	p, err := Compile([]*autodiff.Value{y, y}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{p.Bind(x, autodiff.Array{}), p.BindOutput(0, autodiff.Array{}), p.BindOutput(1, autodiff.Array{})} {
		if err == nil || !strings.HasSuffix(err.Error(), "takes no array without elements") {
			t.Errorf("binding no elements: %v", err)
		}
	}
}
