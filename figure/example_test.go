package figure_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"leeway/figure"
)

// A chart of a process that ran away: the infinite value is a gap, the cross
// says that the line ends there.
func ExampleChart() {
	var svg bytes.Buffer
	err := figure.Chart{
		Title:  "Distance to the optimizer",
		XLabel: "step",
		YLabel: "largest coordinate difference",
		LogY:   true,
		Series: []figure.Series{
			{Name: "flow-1", X: []float64{0, 10, 20, 30}, Y: []float64{0, 1e-3, 2e-3, 3e-3}},
			{Name: "flow-2", X: []float64{0, 10, 20, 30}, Y: []float64{0, 1e-4, 5, math.Inf(1)}, Stopped: true},
		},
	}.WriteSVG(&svg)
	fmt.Println(err, strings.HasPrefix(svg.String(), "<svg"))
	// Output: <nil> true
}

// The landscape of x^2 + y^2 with one path down to its minimum.
func ExampleContour() {
	loss := make([][]float64, 21)
	for j := range loss {
		loss[j] = make([]float64, 21)
		for i := range loss[j] {
			x, y := -1+0.1*float64(i), -1+0.1*float64(j)
			loss[j][i] = x*x + y*y
		}
	}
	var svg bytes.Buffer
	err := figure.Contour{
		Title: "Paths over the loss", X: [2]float64{-1, 1}, Y: [2]float64{-1, 1}, Z: loss,
		Paths: []figure.Series{{Name: "discrete", X: []float64{0.9, 0.4, 0}, Y: []float64{-0.8, -0.3, 0}}},
		Marks: []figure.Mark{{Label: "minimum"}},
	}.WriteSVG(&svg)
	fmt.Println(err, strings.Contains(svg.String(), "minimum"))
	// Output: <nil> true
}

// The ten values around a spike are thinned to at most eight; the spike stays.
func ExampleThin() {
	y := []float64{1, 1, 1, 1, 1, 9, 1, 1, 1, 1}
	kept := figure.Thin(y, 8)
	for _, i := range kept {
		if y[i] == 9 {
			fmt.Println(len(kept) <= 8, "the spike is at", i)
		}
	}
	// Output: true the spike is at 5
}

func ExampleStyleOf() {
	fmt.Println(figure.Hex(figure.StyleOf("flow-2").Light))
	// Output: #0072B2
}

func ExampleLevels() {
	levels := figure.Levels([][]float64{{0, 1}, {1, 10_000}}, 4)
	for _, level := range levels {
		fmt.Printf("%.4g ", level)
	}
	// Output: 1 10 100 1000
}
