package expression_test

import (
	"fmt"

	"leeway/expression"
)

func ExampleParse() {
	scope := expression.Scope{Variables: []string{"m", "v"}, Constants: map[string]float64{"eps": 1e-8}}
	e, err := expression.Parse("m / sqrt(v + eps)", scope)
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := e.Derivative("m")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("dF/dm =", d)
	direction := make([]float64, 2)
	m, v := []float64{1, -3}, []float64{4, 9}
	expression.Compile(e).Evaluate([][]float64{direction}, [][]float64{m, v}, nil)
	fmt.Printf("%.6f\n", direction)
	// Output:
	// dF/dm = 1 / sqrt(v + 1e-08)
	// [0.500000 -1.000000]
}

func ExampleError() {
	_, err := expression.Parse("m / sqrt(w + eps)", expression.Scope{Variables: []string{"m", "v"}, Constants: map[string]float64{"eps": 1e-8}})
	fmt.Println(err)
	fmt.Println(err.(*expression.Error).Marked())
	// Output:
	// unknown name "w" at character 10 of "m / sqrt(w + eps)"
	// m / sqrt(w + eps)
	//          ^
}
