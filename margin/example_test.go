package margin_test

import (
	"fmt"

	"leeway/margin"
)

func Example() {
	x := []float64{
		2, 1,
		1, -1,
		-1, 1, // of the other class
	}
	p, err := margin.NewProblem(x, []int{1, 1, 0}, 2, false)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, norm := range margin.Norms() {
		s, err := p.Solve(norm)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-4s margin %.4f\n", norm, s.Margin)
	}
	// Output:
	// linf margin 1.5000
	// l2   margin 1.3416
	// l1   margin 1.0000
}

// A mixture of rows whose sum is zero proves that nothing separates them.
func ExampleNotSeparable() {
	p, err := margin.NewProblem([]float64{1, 0, 2, 0}, []int{1, 0}, 2, false)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = p.Solve(margin.LInf)
	fmt.Println(err)
	// Output:
	// margin: the classes cannot be separated: the margins of row 0 (0.667), row 1 (0.333) have a weighted sum of zero whatever the classifier
}

func ExampleMeter() {
	p, err := margin.NewProblem([]float64{2, 1, 1, -1}, []int{1, 1}, 2, false)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := margin.NewMeter(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	r := m.Read([]float64{4, -2})
	fmt.Printf("%.3f of the largest margin, cosines %.3f and %.3f\n", r.InfRatio, r.InfCosine, r.TwoCosine)
	// Output:
	// 1.000 of the largest margin, cosines 1.000 and 1.000
}
