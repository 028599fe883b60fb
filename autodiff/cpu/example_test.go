package cpu_test

import (
	"fmt"

	"leeway/autodiff"
	"leeway/autodiff/cpu"
)

// The loss (x'a - 1)^2 and its gradient by x.
func ExampleCompile() {
	var g autodiff.Graph
	x := g.Input("x", autodiff.Float64, 2)
	a := g.Literal(autodiff.Array64([]float64{1, 2}, 2))
	r := autodiff.Shift(autodiff.Sum(autodiff.Mul(x, a)), -1)
	loss := autodiff.Mul(r, r)
	outputs := append(autodiff.Gradient(loss, x), loss)

	program, err := cpu.Compile(outputs, cpu.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	point := []float64{3, 1}
	if err := program.Bind(x, autodiff.Array64(point, 2)); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		if err := program.Run(); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(program.Output(1).At(0), program.Output(0).Float64s())
		point[0] = 0 // the program reads the caller's memory
	}
	// Output:
	// 16 [8 16]
	// 1 [2 4]
}

// Hessian-vector products of sum(x^4) at one point along two directions.
func ExampleLinearize() {
	var g autodiff.Graph
	x, v := g.Input("x", autodiff.Float64, 2), g.Input("v", autodiff.Float64, 2)
	loss := autodiff.Sum(autodiff.Pow(x, 4))
	gradient, product := autodiff.HVP(loss, []*autodiff.Value{x}, []*autodiff.Value{v})

	l, err := cpu.Linearize(product, gradient, []*autodiff.Value{v}, cpu.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	direction := []float64{1, 0}
	_ = l.Bind(x, autodiff.Array64([]float64{1, 2}, 2))
	_ = l.Bind(v, autodiff.Array64(direction, 2))
	if err := l.Base.Run(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("gradient", l.Base.Output(0).Float64s())
	for range 2 {
		if err := l.Product.Run(); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("product ", l.Product.Output(0).Float64s())
		direction[0], direction[1] = 0, 1
	}
	// Output:
	// gradient [4 32]
	// product  [12 0]
	// product  [0 48]
}
