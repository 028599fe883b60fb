package reference_test

import (
	"fmt"

	"leeway/autodiff"
	"leeway/autodiff/reference"
)

func ExampleEvaluate() {
	g := &autodiff.Graph{}
	x := g.Input("x", autodiff.Float64, 3)
	y := autodiff.Mul(x, x)
	out, err := reference.Evaluate([]*autodiff.Value{y, autodiff.Sum(y)}, map[*autodiff.Value]autodiff.Array{
		x: autodiff.Array64([]float64{1, 2, 3}, 3),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out[0].Float64s(), out[1].Float64s())
	// Output: [1 4 9] [14]
}
