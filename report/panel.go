package report

import (
	"fmt"
	"math"
	"strings"

	"leeway/figure"
	"leeway/trace"
)

// panel is one figure of the page with its words.
type panel struct {
	name    string // of the file, and the page's anchor
	title   string
	caption string // what is shown and what to look for
	chart   figure.Chart
	toggle  bool // offer a switch between logarithmic and linear
	wide    bool // over both columns
}

// panels are figures in reading order.
type panels []panel

// add appends a panel by step, unless it has nothing to show.
func (all *panels) add(p panel) {
	if len(p.chart.Series) > 0 {
		p.chart.Title = p.title
		p.chart.XLabel = "step"
		*all = append(*all, p)
	}
}

// panels returns the figures that the run's columns allow, in reading order.
func (r Run) panels() []panel {
	var all panels
	all.add(panel{
		name: "distance", title: "Distance to the optimizer", wide: true, toggle: true,
		caption: "How far each process is from the optimizer’s iterate at the same step, in the coordinate where it is furthest. Lower is nearer. " + r.promise(),
		chart:   figure.Chart{YLabel: "largest coordinate difference", LogY: true, Series: r.perProcess("distance", true)},
	})
	all.add(panel{
		name: "perturbed-one-norm", title: "Perturbed one-norm of the gradient", toggle: true,
		caption: "The norm that the bias works on. Look at the optimizer against flow-1, which has no bias: where the optimizer runs higher, its memory and step size keep gradients large.",
		chart:   figure.Chart{YLabel: "sum of √(g² + ε)", LogY: true, Series: r.perProcess("perturbed_one_norm", false)},
	})
	losses := append(r.perProcess("loss", false), r.single("test loss", "test_loss", "test")...)
	all.add(panel{
		name: "loss", title: "Loss", toggle: true,
		caption: "The training loss along every process. Curves that lie on each other mean that the processes have the same loss, though not necessarily the same parameters. " + r.dashed("test_loss", "the test loss of the optimizer"),
		chart:   figure.Chart{YLabel: "loss", LogY: !negative(losses), Series: losses},
	})
	all.add(panel{
		name: "accuracy", title: "Test accuracy",
		caption: "The share of test samples classified correctly along every process. " + r.dashed("train_accuracy", "the share of the training samples"),
		chart:   figure.Chart{YLabel: "share correct", Series: append(r.perProcess("accuracy", false), r.single("training set", "train_accuracy", "test")...)},
	})
	all.add(panel{
		name: "robust-accuracy", title: "Accuracy under attack",
		caption: "The share of test samples classified correctly although they are attacked, along every process. " + r.dashed("robust_train_accuracy", "the share of the training samples, attacked"),
		chart:   figure.Chart{YLabel: "share correct", Series: append(r.perProcess("robust_accuracy", false), r.single("training set", "robust_train_accuracy", "test")...)},
	})
	all = append(all, r.geometryPanels()...)
	all = append(all, r.curvaturePanels()...)
	all.add(r.regimes())
	all.add(panel{
		name: "bias-ratio", title: "Size of the bias", toggle: true,
		caption: "The bias term’s one-norm over the gradient’s. Well below 1 the bias is a correction; near or above 1 it is no longer small and the corrected flow may run away.",
		chart:   figure.Chart{YLabel: "bias / gradient", LogY: true, Series: r.single("bias ratio", "bias_ratio", "maximum")},
	})
	all = append(all, r.trustPanels()...)
	return append(all, r.sizePanels()...)
}

// dashed explains a dashed line, if it is there.
func (r Run) dashed(quantity, what string) string {
	if _, y := r.column(trace.Discrete, quantity); y == nil {
		return ""
	}
	return "Dashed: " + what + "."
}

// promise says in words what the orders of the processes promise.
func (r Run) promise() string {
	var first, second []string
	for _, name := range r.processes() {
		switch r.Summary.Processes[name].Order {
		case 1:
			first = append(first, name)
		case 2:
			second = append(second, name)
		}
	}
	var parts []string
	if len(first) > 0 {
		parts = append(parts, "halves the distance of "+list(first)+" (order 1)")
	}
	if len(second) > 0 {
		parts = append(parts, "quarters that of "+list(second)+" (order 2)")
	}
	text := ""
	if len(parts) > 0 {
		text = "Halving the learning rate over the same training time, once it is small enough, " + list(parts) + "."
	}
	for _, name := range r.processes() {
		if _, early := r.stopped(name); early {
			return strings.TrimSpace(text + " A cross marks where a process stopped.")
		}
	}
	return text
}

// perProcess returns one series for each process that has the quantity.
func (r Run) perProcess(quantity string, notes bool) []figure.Series {
	var all []figure.Series
	for _, name := range r.processes() {
		x, y := r.column(name, quantity)
		if y == nil {
			continue
		}
		s := figure.Series{Name: name, X: x, Y: y}
		word, early := r.stopped(name)
		s.Stopped = early
		if early && notes {
			s.Note = fmt.Sprintf("%s at step %d", word, r.Summary.Processes[name].Step)
		}
		all = append(all, s)
	}
	return all
}

// negative says whether a series goes below zero.
func negative(series []figure.Series) bool {
	for _, s := range series {
		for _, v := range s.Y {
			if v < 0 {
				return true
			}
		}
	}
	return false
}

// single returns the series of a quantity of the optimizer, in the style of the
// given name.
func (r Run) single(name, quantity, style string) []figure.Series {
	x, y := r.column(trace.Discrete, quantity)
	if y == nil {
		return nil
	}
	return []figure.Series{{Name: name, X: x, Y: y, Style: figure.StyleOf(style)}}
}

// regimes returns the shares of coordinates by the sign of the bias.
func (r Run) regimes() panel {
	p := panel{
		name: "regimes", title: "What the bias does, by share of coordinates",
		caption: "Penalized: the bias pushes towards smaller gradients, as a regularizer would. Anti-penalized: it works against them. Watch the shares move as gradients shrink below the switch gradient.",
	}
	x, with := r.column(trace.Discrete, "penalized_share")
	_, against := r.column(trace.Discrete, "anti_penalized_share")
	if with == nil || against == nil {
		return p
	}
	rest := make([]float64, min(len(with), len(against)))
	for i := range rest {
		rest[i] = math.Max(0, 1-with[i]-against[i]) // NaN stays NaN
	}
	p.chart = figure.Chart{
		YLabel: "share of coordinates", Stacked: true, YRange: [2]float64{0, 1},
		Series: []figure.Series{
			{Name: "penalized", X: x, Y: with},
			{Name: "anti-penalized", X: x, Y: against},
			{Name: "rest", X: x, Y: rest},
		},
	}
	return p
}

// alt describes a panel's chart for those who cannot see it: what each line does
// from its first value to its last.
func (p panel) alt() string {
	kind := "Line chart"
	if p.chart.Stacked {
		kind = "Stacked area chart"
	}
	parts := []string{}
	for _, s := range p.chart.Series {
		first, last, ok := ends(s.Y, p.chart.LogY)
		if !ok {
			continue
		}
		text := fmt.Sprintf("%s from %s to %s", s.Name, number(first), number(last))
		if s.Note != "" {
			text += " (" + s.Note + ")"
		}
		parts = append(parts, text)
	}
	return fmt.Sprintf("%s of %s by step: %s.", kind, p.chart.YLabel, strings.Join(parts, "; "))
}

// ends returns the first and last value that a chart can show.
func ends(y []float64, positive bool) (first, last float64, ok bool) {
	for _, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) || positive && v <= 0 {
			continue
		}
		if !ok {
			first = v
		}
		last, ok = v, true
	}
	return first, last, ok
}
