package gemm_test

import (
	"fmt"

	"leeway/autodiff/cpu/gemm"
)

// A product on this thread; the second operand is given as its transpose.
func ExampleMatMul() {
	a := []float64{
		1, 2, 3,
		4, 5, 6,
	}
	b := []float64{
		1, 0, 1,
		0, 1, 1,
	}
	c := make([]float64, 4)
	gemm.MatMul(nil, nil, c, 2, a, 3, false, b, 3, true, 2, 2, 3, false)
	fmt.Println(c[:2])
	fmt.Println(c[2:])
	// Output:
	// [4 5]
	// [10 11]
}

// Two vectors, each times the same matrix.
func ExampleBatchMatMul() {
	var ws gemm.Workspace[float32]
	vectors := []float32{1, 2, 3, 4}
	matrix := []float32{0, 1, 1, 0}
	c := make([]float32, 4)
	batch := gemm.Batch{Count: 2, StrideA: 2, StrideB: 0, StrideC: 2}
	gemm.BatchMatMul(nil, &ws, batch, c, 2, vectors, 2, false, matrix, 2, false, 1, 2, 2, false)
	fmt.Println(c)
	// Output: [2 1 4 3]
}

// A convolution of a row of pixels with the difference of neighbours, and its two
// adjoints.
func ExampleConv() {
	g := gemm.Geometry{N: 1, H: 1, W: 4, C: 1, KH: 1, KW: 2, O: 1, OH: 1, OW: 4, PadLeft: 1}
	x := []float64{1, 4, 9, 16}
	w := []float64{-1, 1}
	y := make([]float64, 4)
	gemm.Conv(nil, nil, g, y, x, w, false)
	fmt.Println("y ", y, "in", g.Flops(), "operations")

	dy := []float64{0, 0, 1, 0}
	dx, dw := make([]float64, 4), make([]float64, 2)
	gemm.ConvInputGrad(nil, nil, g, dx, dy, w, false)
	gemm.ConvWeightGrad(nil, nil, g, dw, x, dy, false)
	fmt.Println("dx", dx)
	fmt.Println("dw", dw)
	// Output:
	// y  [1 3 5 7] in 16 operations
	// dx [0 -1 1 0]
	// dw [4 9]
}

// Sums of 3 by 3 pixels over 16 channels, by Winograd's algorithm where it exists.
func ExampleWorkspace() {
	ws := gemm.Workspace[float32]{Winograd: true}
	g := gemm.Geometry{N: 1, H: 4, W: 4, C: 16, KH: 3, KW: 3, O: 16, OH: 2, OW: 2}
	x, w := make([]float32, 4*4*16), make([]float32, 3*3*16*16)
	for i := range x {
		x[i] = 1
	}
	for i := range w {
		w[i] = 1
	}
	y := make([]float32, 2*2*16)
	gemm.Conv(nil, &ws, g, y, x, w, false)
	fmt.Println(y[0], y[len(y)-1])
	// Output: 144 144
}
