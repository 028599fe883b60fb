package cpu

import (
	"strings"
	"testing"

	"leeway/autodiff"
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

