package compare

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"leeway/rundir"
	"leeway/trace"
)

// Sweep is what is compared.
type Sweep struct {
	Name string
	// Axes are the paths that vary, in the plan's order.
	Axes  []Axis
	Cells []Cell
}

// Axis is a path that varies.
type Axis struct {
	Path string
	// Values as text, in order: numbers by size, else as they come first.
	Values []string
	// Numeric: all values are numbers. Log: they are positive, and spaced by factors
	// rather than by differences.
	Numeric, Log bool
}

// Short is the last part of the path.
func (a *Axis) Short() string { return a.Path[strings.LastIndexByte(a.Path, '.')+1:] }

// Cell is one run of a sweep.
type Cell struct {
	ID string
	// Values by path, as text; a path that the plan does not set for this cell is
	// missing.
	Values map[string]string
	Seed   uint64
	// Status is done, diverged, failed or missing; Reason says why it failed.
	Status, Reason string
	// Table holds the measurements, nil where there are none.
	Table   *rundir.Table
	Summary *trace.Summary
}

// NewAxis makes an axis of the values that cells have at a path.
func NewAxis(path string, cells []Cell) Axis {
	a := Axis{Path: path, Numeric: true}
	for i := range cells {
		if v, ok := cells[i].Values[path]; ok && !slices.Contains(a.Values, v) {
			a.Values = append(a.Values, v)
		}
	}
	numbers := make([]float64, len(a.Values))
	for i, v := range a.Values {
		x, err := strconv.ParseFloat(v, 64)
		if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
			a.Numeric = false
			return a
		}
		numbers[i] = x
	}
	sort.SliceStable(a.Values, func(i, j int) bool { return number(a.Values[i]) < number(a.Values[j]) })
	slices.Sort(numbers)
	if n := len(numbers); n > 1 && numbers[0] > 0 {
		a.Log = numbers[n-1]/numbers[0] >= 10
	}
	return a
}

// number is a value as a number.
func number(text string) float64 {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// Quantities are the names of what any cell has measured, PROCESS/QUANTITY, those
// of the optimizer first.
func (s *Sweep) Quantities() []string {
	var names []string
	for i := range s.Cells {
		if s.Cells[i].Table == nil {
			continue
		}
		for _, name := range s.Cells[i].Table.Columns {
			if strings.Contains(name, "/") && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	sort.SliceStable(names, func(i, j int) bool {
		return strings.HasPrefix(names[i], trace.Discrete+"/") && !strings.HasPrefix(names[j], trace.Discrete+"/")
	})
	return names
}

// Thresholds of the training loss that any cell crossed, the largest first.
func (s *Sweep) Thresholds() []float64 {
	var all []float64
	for i := range s.Cells {
		if s.Cells[i].Summary == nil {
			continue
		}
		for _, c := range s.Cells[i].Summary.Crossed {
			if x := float64(c.Loss); !slices.Contains(all, x) {
				all = append(all, x)
			}
		}
	}
	slices.Sort(all)
	slices.Reverse(all)
	return all
}
