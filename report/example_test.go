package report_test

import (
	"bytes"
	"fmt"
	"strings"

	"leeway/report"
	"leeway/trace"
)

// A small run by hand: two processes at three measured steps.
func ExampleWrite() {
	run := report.Run{
		Title:   "by-hand",
		Problem: "a parabola",
		Summary: trace.Summary{
			Status: trace.StatusDone, Steps: 20, Planned: 20,
			Distance:  map[string]trace.Number{"flow-1": 2e-3},
			Processes: map[string]trace.ProcessSummary{"flow-1": {Status: trace.StatusDone, Step: 20, Order: 1}},
		},
		Columns: []string{"step", "discrete/loss", "flow-1/loss", "flow-1/distance"},
		Data: map[string][]float64{
			"step":            {0, 10, 20},
			"discrete/loss":   {1, 0.5, 0.25},
			"flow-1/loss":     {1, 0.49, 0.24},
			"flow-1/distance": {0, 1e-3, 2e-3},
		},
		Command: "leeway run by-hand.yaml",
	}
	var page bytes.Buffer
	err := report.Write(&page, run)
	fmt.Println(err, strings.Contains(page.String(), "<h1>by-hand</h1>"))
	// Output: <nil> true
}

func ExampleFigures() {
	figures, err := report.Figures(report.Run{
		Columns: []string{"step", "discrete/loss"},
		Data:    map[string][]float64{"step": {0, 1}, "discrete/loss": {2, 1}},
	})
	for _, f := range figures {
		fmt.Println(f.Name+".svg:", f.Alt)
	}
	fmt.Println(err)
	// Output:
	// loss.svg: Line chart of loss by step: discrete from 2 to 1.
	// <nil>
}

func ExampleCitations() {
	entries, err := report.Citations("polyak1964")
	fmt.Println(entries[0], err)
	// Output:
	// @article{polyak1964,
	//   author        = {Polyak, B. T.},
	//   title         = {Some methods of speeding up the convergence of iteration methods},
	//   journal       = {USSR Computational Mathematics and Mathematical Physics},
	//   volume        = {4},
	//   number        = {5},
	//   pages         = {1--17},
	//   year          = {1964},
	// } <nil>
}
