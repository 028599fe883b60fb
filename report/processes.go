package report

import (
	"html/template"
	"math"
	"sort"
	"strings"

	"leeway/figure"
	"leeway/trace"
)

// rung is one process in the ranking by largest distance.
type rung struct {
	Name, Distance, Against string
	Badge                   *badge // where it stopped early
	Width                   float64
	Color                   template.CSS
}

// ladder ranks the processes by their largest distance to the optimizer, nearest
// first and those that stopped early last; the width of a bar is logarithmic.
func (r Run) ladder() []rung {
	var names []string
	low, high := math.Inf(1), math.Inf(-1)
	for _, name := range r.processes() {
		d, ok := r.Summary.Distance[name]
		if !ok || name == trace.Discrete {
			continue
		}
		names = append(names, name)
		if v := float64(d); v > 0 && !math.IsInf(v, 0) {
			low, high = math.Min(low, math.Log10(v)), math.Max(high, math.Log10(v))
		}
	}
	sort.SliceStable(names, func(i, j int) bool {
		_, early := r.stopped(names[i])
		if _, other := r.stopped(names[j]); early != other {
			return other // the distance of one that stopped counts only so far
		}
		a, b := float64(r.Summary.Distance[names[i]]), float64(r.Summary.Distance[names[j]])
		return a < b || math.IsNaN(b) && !math.IsNaN(a)
	})
	low = math.Min(low, high-2) // bars of similar distances look similar
	base, hasBase := r.Summary.Distance["flow-1"]
	var rungs []rung
	for _, name := range names {
		d := float64(r.Summary.Distance[name])
		rung := rung{Name: name, Distance: number(d), Width: barWidth(d, low, high), Color: colorOf(name)}
		if hasBase && name != "flow-1" {
			rung.Against = times(d, float64(base), "flow-1")
		} else if name == "flow-1" {
			rung.Against = "the flow without correction"
		}
		if _, early := r.stopped(name); early {
			p := r.Summary.Processes[name]
			b := statusBadge(p.Status)
			rung.Badge = &b
			rung.Against = "counted up to step " + count(p.Step) // a ratio would flatter it
		}
		rungs = append(rungs, rung)
	}
	return rungs
}

// barWidth returns the percentage of a bar for a distance between 10^low and
// 10^high.
func barWidth(d, low, high float64) float64 {
	switch {
	case math.IsNaN(d):
		return 0
	case d <= 0:
		return 1
	case math.IsInf(d, 0) || !(low < high):
		return 100
	}
	return math.Round(4 + 96*(math.Log10(d)-low)/(high-low))
}

// colorOf returns the page's variable with the colour of a process.
func colorOf(name string) template.CSS {
	light := figure.Hex(figure.StyleOf(name).Light)
	for _, swatch := range figure.Palette() {
		if swatch.Light == light {
			return template.CSS("var(--c-" + swatch.Name + ")")
		}
	}
	return "var(--c-muted)"
}

// row is one process in the table.
type row struct {
	Name                         string
	Color                        template.CSS
	Status                       badge
	Step, Order, Distance        string
	Error, Gradients, HVPs, Time string
	Reason                       string
}

// table returns one row for each process.
func (r Run) table() []row {
	var rows []row
	for _, name := range r.processes() {
		p, ok := r.Summary.Processes[name]
		if !ok {
			continue
		}
		row := row{
			Name: name, Color: colorOf(name), Status: statusBadge(p.Status), Step: count(p.Step),
			Order: "–", Distance: "–", Error: number(float64(p.IntegrationError)),
			Gradients: count(p.Gradients), HVPs: count(p.HVPs), Time: duration(p.Seconds), Reason: p.Reason,
		}
		if p.Order > 0 {
			row.Order = count(p.Order)
		}
		if d, ok := r.Summary.Distance[name]; ok {
			row.Distance = number(float64(d))
		}
		if name == trace.Discrete || strings.HasPrefix(name, "memoryless") {
			row.Error = "–" // a map, nothing is integrated
		}
		rows = append(rows, row)
	}
	return rows
}
