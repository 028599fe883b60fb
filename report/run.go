package report

import (
	"slices"
	"sort"
	"strings"

	"leeway/figure"
	"leeway/rundir"
	"leeway/trace"
)

// Run is all that a report tells of a run. The zero value makes a page that says
// how little there is.
type Run struct {
	Title   string // the run's name
	Problem string // what was minimized, one line
	Config  string // resolved configuration, YAML or JSON text
	Summary trace.Summary
	// Rate says where the learning rate comes from, if it is not the user's; one
	// sentence.
	Rate string
	// Columns are the names of the measured columns in their order: "step", "t",
	// and PROCESS/QUANTITY such as "flow-1/distance". Data holds their values by
	// name, one for each measured step. A column without data is left out.
	Columns []string
	Data    map[string][]float64
	// Contours is the landscape of a problem of two parameters, nil for others.
	Contours *Contours
	// Citations are BibTeX entries of what the run used.
	Citations []string
	Version   string // of this program
	Machine   string // one line
	Command   string // how to run it again
}

// Contours is the loss of a problem of two parameters on a grid.
type Contours struct {
	// XMin to XMax is the range of the first parameter, YMin to YMax of the
	// second.
	XMin, XMax, YMin, YMax float64
	// Loss[j][i] is the loss at row j of the second and column i of the first
	// parameter, evenly spaced with both ends of the ranges included.
	Loss [][]float64
	// Curves and Marks are optional lines and points to show, such as the set
	// of minima.
	Curves []figure.Series
	Marks  []figure.Mark
}

// order is the order in which processes are shown.
var order = trace.ProcessNames()

// processes returns the names of all processes of the run: the known ones in
// their usual order, then the others by name.
func (r Run) processes() []string {
	found := make(map[string]bool)
	for name := range r.Summary.Processes {
		found[name] = true
	}
	for name := range r.Summary.Distance {
		found[name] = true
	}
	for _, column := range r.Columns {
		if process, _, ok := strings.Cut(column, "/"); ok {
			found[process] = true
		}
	}
	var names []string
	for _, name := range order {
		if found[name] {
			names = append(names, name)
		}
	}
	known := len(names)
	for name := range found {
		if !slices.Contains(order, name) {
			names = append(names, name)
		}
	}
	sort.Strings(names[known:])
	return names
}

// column returns the values of PROCESS/QUANTITY where they were measured and the
// steps there, nothing where there are none or none that is a number.
func (r Run) column(process, quantity string) (steps, values []float64) {
	name := process + "/" + quantity
	if !slices.Contains(r.Columns, name) {
		return nil, nil
	}
	all, number := r.steps(), false
	for i, v := range r.Data[name] {
		if i < len(all) && !rundir.IsMissing(v) {
			steps, values = append(steps, all[i]), append(values, v)
			number = number || v == v
		}
	}
	if !number {
		return nil, nil
	}
	return steps, values
}

// steps returns the steps of the rows, counted from 0 where the column is
// missing.
func (r Run) steps() []float64 {
	if x := r.Data["step"]; len(x) > 0 {
		return x
	}
	rows := 0
	for _, column := range r.Columns {
		rows = max(rows, len(r.Data[column]))
	}
	x := make([]float64, rows)
	for i := range x {
		x[i] = float64(i)
	}
	return x
}

// stopped says whether a process ended before the optimizer did, and how.
func (r Run) stopped(process string) (word string, early bool) {
	p, ok := r.Summary.Processes[process]
	if !ok {
		return "", false
	}
	switch p.Status {
	case trace.StatusRunaway:
		return "ran away", true
	case trace.StatusDiverged:
		return "diverged", true
	case trace.StatusStiff:
		return "too stiff", true
	}
	return "", false
}
