package trace

import (
	"fmt"
	"math"

	"leeway/optim"
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

// summary is of at least one measurement. line is what the line is that of, in
// words.
func (e *edge) summary(line string) EdgeSummary {
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
	s.Sentence = fmt.Sprintf("From %s to %s, %s at %s.", brief(e.values[0]), brief(e.values[n-1]), line, brief(e.line))
	if n >= 6 {
		s.Sentence += fmt.Sprintf(" In the last third of the measurements at %s of it in the mean", brief(late))
		if late > 1-atEdge && late < 1+atEdge {
			s.Sentence += ": the edge of stability"
		}
		s.Sentence += "."
	}
	if e.unconverged > 0 {
		s.Sentence += fmt.Sprintf(" %d of %d searches did not converge.", e.unconverged, n)
	}
	return s
}

// atEdge is how far from its line an eigenvalue is in the mean that hovers about it.
const atEdge = 0.15

// curvature is what was measured of an optimizer with the given rule, nil if nothing
// was.
func (d *digest) curvature(rule *optim.Rule) map[string]EdgeSummary {
	var all map[string]EdgeSummary
	for name, e := range d.edges {
		if len(e.values) == 0 {
			continue
		}
		if all == nil {
			all = map[string]EdgeSummary{}
		}
		line := "the line"
		if name == sharpness && !rule.Linear() {
			line = "the line of plain gradient descent"
		}
		all[name] = e.summary(line)
	}
	return all
}
