package vec_test

import (
	"fmt"

	"leeway/autodiff/cpu/vec"
)

// GELU, x (1 + erf(x/sqrt(2)))/2, as a group of operations on one block.
func Example() {
	f := vec.For[float64]()
	x := []float64{-1, 0, 1, 2}
	y := make([]float64, len(x))
	f.MulScalar(y, x, 0.7071067811865476)
	f.Erf(y, y)
	f.AddScalar(y, y, 1)
	f.Mul(y, y, x)
	f.MulScalar(y, y, 0.5)
	fmt.Printf("%.4f\n", y)
	// Output: [-0.1587 0.0000 0.8413 1.9545]
}

// The softmax of a row: the maximum is taken off so that nothing overflows.
func ExampleFunctions_MaxOf() {
	f := vec.Float64
	row := []float64{1000, 1001, 1002}
	f.SubScalar(row, row, f.MaxOf(row))
	f.Exp(row, row)
	f.DivScalar(row, row, f.Sum(row))
	fmt.Printf("%.4f\n", row)
	// Output: [0.0900 0.2447 0.6652]
}

// The gradient of a bias of length 3 in a batch of two.
func ExampleFunctions_AddRows() {
	bias := make([]float64, 3)
	vec.Float64.AddRows(bias, []float64{1, 2, 3, 10, 20, 30})
	fmt.Println(bias)
	// Output: [11 22 33]
}

// Max pooling 2 x 2 with stride 2 over a row of windows of a 2 x 4 image with
// one channel: the gradient goes back to where the maximum was.
func ExampleFunctions_PoolMax() {
	f := vec.Float64
	image := []float64{
		1, 2, 5, 6,
		4, 3, 8, 7,
	}
	taps := []int{0, 1, 4, 5}
	y, index := make([]float64, 2), make([]int32, 2)
	f.PoolMax(y, index, image, taps, 1, 2)
	gradient := make([]float64, len(image))
	f.PoolScatter(gradient, taps, index, []float64{0.5, 0.25}, 1, 2)
	fmt.Println(y, index, gradient)
	// Output: [4 8] [2 2] [0 0 0 0 0.5 0 0.25 0]
}

func ExampleFunctions_Transpose() {
	dst := make([]float64, 6)
	vec.Float64.Transpose(dst, 2, []float64{1, 2, 3, 4, 5, 6}, 3, 2, 3)
	fmt.Println(dst)
	// Output: [1 4 2 5 3 6]
}
