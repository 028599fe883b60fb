package report

import (
	"fmt"
	"html/template"
	"math"
	"sort"
	"strings"

	"leeway/figure"
	"leeway/trace"
)

// badge is a verdict as a word with a tone, so that no meaning is in colour
// alone.
type badge struct {
	Tone string // "good", "fair", "poor" or "plain"
	Mark string // a sign of the same meaning
	Word string
}

// statusBadge judges the status of a run or process.
func statusBadge(status string) badge {
	switch status {
	case trace.StatusDone:
		return badge{"good", "✓", "done"}
	case trace.StatusRunning, trace.StatusInterrupted:
		return badge{"fair", "…", status}
	case trace.StatusDiverged, trace.StatusRunaway, trace.StatusStiff:
		return badge{"poor", "✕", status}
	case "":
		return badge{"plain", "?", "unknown"}
	}
	return badge{"plain", "•", status}
}

// trustBadge judges the trust verdict.
func trustBadge(verdict string) badge {
	switch verdict {
	case trace.Holds:
		return badge{"good", "✓", verdict}
	case trace.Doubtful:
		return badge{"fair", "!", verdict}
	case trace.DoesNotHold:
		return badge{"poor", "✕", verdict}
	case "", trace.NotMeasured:
		return badge{"plain", "?", trace.NotMeasured}
	}
	return badge{"plain", "•", verdict}
}

// epsFormula says what an epsilon mode means.
func epsFormula(mode string) string {
	switch mode {
	case "inside":
		return "√(v + ε), as in the paper"
	case "outside":
		return "√v + ε, as in PyTorch"
	case "outside_uncorrected":
		return "√v + ε before the bias correction of v, as in TensorFlow"
	}
	return ""
}

// tile is one key number.
type tile struct {
	Label, Value, Note string
	Badge              *badge
}

// tiles returns the row of key numbers.
func (r Run) tiles() []tile {
	t, trust := r.Summary.Theory, r.Summary.Trust
	all := []tile{}
	if t.A != 0 || t.B != 0 {
		all = append(all, tile{
			Label: "Coefficient a − b",
			Value: number(t.Coefficient),
			Note:  fmt.Sprintf("a = %s, b = %s. %s", number(t.A), number(t.B), regimeNote("Large gradients", t.RegimeLargeGradient)),
		})
		switchNote := "the bias has the same sign at every gradient"
		value := "none"
		if t.SwitchGradient > 0 {
			value = number(t.SwitchGradient)
			switchNote = regimeNote("below it", t.RegimeSmallGradient) + ", " + regimeNote("above it", t.RegimeLargeGradient)
		}
		all = append(all, tile{Label: "Switch gradient |g|", Value: value, Note: strings.Trim(switchNote, ", ")})
	}
	verdict := trustBadge(trust.Verdict)
	note := ""
	if verdict.Tone != "plain" {
		note = fmt.Sprintf("trust number: maximum %s, 99th percentile %s; %s of coordinates above 0.5",
			number(float64(trust.Max)), number(float64(trust.P99)), percent(float64(trust.Share)))
	}
	all = append(all, tile{Label: "The theorem’s flow", Note: note, Badge: &verdict})
	for _, rung := range r.ladder() {
		if rung.Badge == nil { // it went all the way
			all = append(all, tile{Label: "Nearest process", Value: rung.Name, Note: strings.Trim("at most "+rung.Distance+" away, "+rung.Against, ", ")})
			break
		}
	}
	return all
}

// regimeNote writes "below it penalized", or nothing where there is no regime.
func regimeNote(where, regime string) string {
	if regime == "" {
		return ""
	}
	return where + " " + regime
}

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
		if !ok || name == "discrete" {
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
		if name == "discrete" || strings.HasPrefix(name, "memoryless") {
			row.Error = "–" // a map, nothing is integrated
		}
		rows = append(rows, row)
	}
	return rows
}
