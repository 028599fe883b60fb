package autodiff_test

import (
	"fmt"

	"leeway/autodiff"
	"leeway/autodiff/reference"
)

// A least-squares loss 1/2 |X w - y|^2 has the gradient X'(X w - y) and the
// Hessian X'X.
func ExampleHVP() {
	g := &autodiff.Graph{}
	x := g.Literal(autodiff.Array64([]float64{1, 0, 1, 1, 1, 2}, 3, 2))
	y := g.Literal(autodiff.Array64([]float64{1, 2, 4}, 3, 1))
	w, v := g.Input("w", autodiff.Float64, 2, 1), g.Input("v", autodiff.Float64, 2, 1)

	residual := autodiff.Sub(autodiff.MatMul(x, w), y)
	loss := autodiff.Scale(autodiff.Sum(autodiff.Mul(residual, residual)), 0.5)
	gradient, product := autodiff.HVP(loss, []*autodiff.Value{w}, []*autodiff.Value{v})
	if err := g.Err(); err != nil { // one check for all of the above
		fmt.Println(err)
		return
	}
	out, err := reference.Evaluate([]*autodiff.Value{loss, gradient[0], product[0]}, map[*autodiff.Value]autodiff.Array{
		w: autodiff.Array64([]float64{1, 1}, 2, 1),
		v: autodiff.Array64([]float64{1, 0}, 2, 1),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("loss", out[0].At(0))
	fmt.Println("gradient", out[1].Float64s())
	fmt.Println("H v", out[2].Float64s())
	// Output:
	// loss 0.5
	// gradient [-1 -2]
	// H v [3 3]
}

func ExampleGradient() {
	g := &autodiff.Graph{}
	x := g.Input("x", autodiff.Float64, 2)
	loss := autodiff.Sum(autodiff.Pow(x, 3))
	first := autodiff.Gradient(loss, x)
	second := autodiff.Gradient(autodiff.Sum(first[0]), x) // derivatives are values like any other
	out, err := reference.Evaluate([]*autodiff.Value{first[0], second[0]}, map[*autodiff.Value]autodiff.Array{
		x: autodiff.Array64([]float64{1, 2}, 2),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out[0].Float64s(), out[1].Float64s())
	// Output: [3 12] [6 12]
}

// For many products at one point, what does not depend on the direction is
// computed once.
func ExampleFrontier() {
	g := &autodiff.Graph{}
	w, v := g.Input("w", autodiff.Float64, 2), g.Input("v", autodiff.Float64, 2)
	loss := autodiff.Sum(autodiff.Exp(w))
	_, product := autodiff.HVP(loss, []*autodiff.Value{w}, []*autodiff.Value{v})

	frontier := autodiff.Frontier(product, []*autodiff.Value{v})
	for _, f := range frontier {
		fmt.Println("once:", f)
	}
	base, err := reference.Evaluate(frontier, map[*autodiff.Value]autodiff.Array{w: autodiff.Array64([]float64{0, 0}, 2)})
	if err != nil {
		fmt.Println(err)
		return
	}
	given := map[*autodiff.Value]autodiff.Array{}
	for i, f := range frontier {
		given[f] = base[i]
	}
	for _, direction := range [][]float64{{1, 0}, {0, 2}} {
		given[v] = autodiff.Array64(direction, 2)
		out, err := reference.Evaluate(product, given)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("H v =", out[0].Float64s())
	}
	// Output:
	// once: %2 = exp(%0) float64 [2]
	// H v = [1 0]
	// H v = [0 2]
}

func ExampleGraph_Err() {
	g := &autodiff.Graph{}
	x, w := g.Input("x", autodiff.Float64, 20, 784), g.Input("w", autodiff.Float64, 748, 10)
	loss := autodiff.Mean(autodiff.LogSumExp(autodiff.MatMul(x, w)))
	autodiff.Gradient(loss, w)
	fmt.Println(g.Err())
	// Output: autodiff: matmul: [20 784] and [748 10]: 784 columns meet 748 rows
}
