package trace

import (
	"fmt"
	"math"
)

// Names of the eigenvalues that have a stability line, as in their columns.
const (
	sharpness      = "sharpness"
	preconditioned = "preconditioned"
)

// EdgeSummary holds a largest eigenvalue against its stability line.
type EdgeSummary struct {
	// First and Last are the first and the last measured value, Line the line at
	// the last.
	First Number `json:"first"`
	Last  Number `json:"last"`
	Line  Number `json:"line"`
	// Late is the mean of value / line over the last third of the measurements,
	// and Largest the largest of all.
	Late    Number `json:"late"`
	Largest Number `json:"largest"`
	// Measured is the number of measurements, Unconverged of those that the
	// search gave up at its limit.
	Measured    int `json:"measured"`
	Unconverged int `json:"unconverged"`
	// Sentence says it in words.
	Sentence string `json:"sentence"`
}

// edge gathers the measurements of one eigenvalue.
type edge struct {
	values, ratios []float64
	line           float64
	unconverged    int
}

// add takes a row's cells; where nothing was measured or defined they are NaN.
func (e *edge) add(value, line, converged float64) {
	if math.IsNaN(value) || math.IsNaN(line) {
		return
	}
	e.values, e.ratios, e.line = append(e.values, value), append(e.ratios, value/line), line
	if converged == 0 {
		e.unconverged++
	}
}

// edgeNames are the eigenvalues in words.
var edgeNames = map[string]string{
	sharpness:      "the sharpness",
	preconditioned: "the preconditioned sharpness",
}

// summary is of at least one measurement.
func (e *edge) summary(name string) EdgeSummary {
	n := len(e.values)
	late, largest := 0.0, math.Inf(-1)
	third := e.ratios[n-(n+2)/3:]
	for _, x := range third {
		late += x / float64(len(third))
	}
	for _, x := range e.ratios {
		largest = max(largest, x)
	}
	s := EdgeSummary{
		First: Number(e.values[0]), Last: Number(e.values[n-1]), Line: Number(e.line),
		Late: Number(late), Largest: Number(largest), Measured: n, Unconverged: e.unconverged,
	}
	s.Sentence = fmt.Sprintf("From %s to %s, the line at %s.", brief(e.values[0]), brief(e.values[n-1]), brief(e.line))
	switch {
	case n < 6:
	case late > 0.85 && late < 1.15:
		s.Sentence += fmt.Sprintf(" In the last third of the measurements %s was at %s of its line in the mean: the edge of stability.", edgeNames[name], brief(late))
	default:
		s.Sentence += fmt.Sprintf(" In the last third of the measurements %s was at %s of its line in the mean.", edgeNames[name], brief(late))
	}
	if e.unconverged > 0 {
		s.Sentence += fmt.Sprintf(" %d of %d searches did not converge.", e.unconverged, n)
	}
	return s
}

// curvature is what was measured, nil if nothing was.
func (d *digest) curvature() map[string]EdgeSummary {
	var all map[string]EdgeSummary
	for name, e := range d.edges {
		if len(e.values) == 0 {
			continue
		}
		if all == nil {
			all = map[string]EdgeSummary{}
		}
		all[name] = e.summary(name)
	}
	return all
}
