package config

import (
	"fmt"
	"math"
	"slices"

	"leeway/trace"
)

// Measure says what is measured and when.
type Measure struct {
	// Plan holds every quantity with its schedule, in the order of [Quantities].
	Plan []trace.Measure
	// Top is the number of eigenvalues that the quantities of sharpness measure.
	Top int
	// Below are thresholds of the training loss; the first step with a loss below
	// one is measured as well.
	Below []float64
}

// Quantities are the names of all that can be measured, in the order in which
// runs list them.
func Quantities() []string { return trace.Quantities() }

// Has reports whether a quantity is measured.
func (m *Measure) Has(quantity string) bool {
	return slices.ContainsFunc(m.Plan, func(p trace.Measure) bool { return p.Quantity == quantity })
}

// rhythm are the keys of a schedule, of which one is given.
type rhythm struct {
	Every int   `yaml:"every"`
	Log   int   `yaml:"log"`
	At    []int `yaml:"at"`
}

func (w rhythm) when() trace.When { return trace.When(w) }

// rhythms are the schedules of single quantities, in the order written.
type rhythms []trace.Measure

// measureKeys is the section as it is written: what it leaves out is chosen by the
// preset.
type measureKeys struct {
	Preset     string `yaml:"preset"`
	rhythm     `yaml:",inline"`
	Quantities []string  `yaml:"quantities"`
	Schedule   rhythms   `yaml:"schedule"`
	Top        int       `yaml:"top"`
	Below      []float64 `yaml:"below"`
}

// mostSteps is the largest number of steps in a config.
const mostSteps = 1_000_000_000

// read reads a schedule.
func (w *rhythm) read(r *reader, n *node, path string) error {
	*w = rhythm{}
	if err := r.section(n, path, "", keysOf(w)); err != nil {
		return err
	}
	if len(n.entries) == 0 {
		return r.fail(n.origin, path, "no schedule", "{every: 10}, {log: 40} or {at: [0, 100]}")
	}
	if err := r.keys(n, path, w, keysOf(w)); err != nil {
		return err
	}
	return r.checkRhythm(w, n, path)
}

// checkRhythm checks the keys of a schedule in the section n, if there are any.
func (r *reader) checkRhythm(w *rhythm, n *node, path string) error {
	var given []*entry
	for _, key := range keysOf(w) {
		if e := n.get(key); e != nil {
			given = append(given, e)
		}
	}
	if len(given) > 1 {
		return r.fail(given[1].at, join(path, given[1].key), "a schedule beside "+given[0].key, "one of every, log and at")
	}
	if len(given) == 0 {
		return nil
	}
	at, key := given[0].value.origin, join(path, given[0].key)
	try := map[string]string{"every": "10", "log": "40", "at": "[0, 100]"}[given[0].key]
	bad := func(want string, got any) error {
		return r.fail(at, key, fmt.Sprintf("want %s, got %v", want, got), try)
	}
	switch {
	case given[0].key == "every" && (w.Every < 1 || w.Every > mostSteps):
		return bad(fmt.Sprintf("a whole number from 1 to %d", mostSteps), w.Every)
	case given[0].key == "log" && (w.Log < 2 || w.Log > 1_000_000):
		return bad("a whole number from 2 to 1000000", w.Log)
	case given[0].key == "at" && len(w.At) == 0:
		return bad("at least one step", "an empty list")
	}
	for i, n := range w.At {
		if n < 0 || n > mostSteps {
			at = given[0].value.items[i].origin
			return bad(fmt.Sprintf("steps from 0 to %d", mostSteps), n)
		}
	}
	return nil
}

// read reads a mapping of quantities to schedules.
func (s *rhythms) read(r *reader, n *node, path string) error {
	*s = nil
	if err := r.section(n, path, "", Quantities()); err != nil {
		return err
	}
	for _, e := range n.entries {
		var w rhythm
		if err := w.read(r, e.value, join(path, e.key)); err != nil {
			return err
		}
		*s = append(*s, trace.Measure{Quantity: e.key, When: w.when()})
	}
	return nil
}

// read checks the section's keys; planning has to wait for the other sections.
func (m *Measure) read(r *reader, n *node, path string) error {
	*m = Measure{Top: 1}
	keys := measureKeys{Top: 1}
	if err := r.readMeasure(&keys, n, path); err != nil {
		return err
	}
	m.Top, m.Below = keys.Top, keys.Below
	return nil
}

// readMeasure decodes and checks the section n.
func (r *reader) readMeasure(keys *measureKeys, n *node, path string) error {
	if err := r.section(n, path, "", keysOf(keys)); err != nil {
		return err
	}
	if err := r.keys(n, path, keys, keysOf(keys)); err != nil {
		return err
	}
	if n.get("preset") != nil {
		if err := r.name(join(path, "preset"), "preset", keys.Preset, trace.Presets()); err != nil {
			return err
		}
	}
	if n.get("quantities") != nil {
		if err := r.choice(keys.Quantities, join(path, "quantities"), Quantities()); err != nil {
			return err
		}
		if len(keys.Quantities) == 0 {
			return r.at(join(path, "quantities"), "the list is empty", "[loss]")
		}
	}
	return r.checkRhythm(&keys.rhythm, n, path)
}

// write is the plan with every schedule; a common one stands for all.
func (m *Measure) write() *node {
	n := &node{kind: mapping}
	whole := func(x int) *node { return &node{text: fmt.Sprint(x)} }
	write := func(to *node, w trace.When) {
		switch {
		case w.At != nil:
			at := &node{kind: list}
			for _, step := range w.At {
				at.items = append(at.items, whole(step))
			}
			to.add("at", origin{}, at)
		case w.Log > 0:
			to.add("log", origin{}, whole(w.Log))
		default:
			to.add("every", origin{}, whole(w.Every))
		}
	}
	names, schedules, common := &node{kind: list}, &node{kind: mapping}, true
	for _, p := range m.Plan {
		names.items = append(names.items, textNode(p.Quantity))
		one := &node{kind: mapping}
		write(one, p.When)
		schedules.add(p.Quantity, origin{}, one)
		common = common && p.When.String() == m.Plan[0].When.String()
	}
	if common && len(m.Plan) > 0 {
		write(n, m.Plan[0].When)
	}
	n.add("quantities", origin{}, names)
	if !common {
		n.add("schedule", origin{}, schedules)
	}
	n.add("top", origin{}, whole(m.Top))
	if len(m.Below) > 0 {
		below := &node{kind: list}
		for _, x := range m.Below {
			below.items = append(below.items, &node{text: fmt.Sprint(x)})
		}
		n.add("below", origin{}, below)
	}
	return n
}

// checkMeasure checks what is measured against what there is.
func (r *reader) checkMeasure(c *Config) error {
	const path = "measure"
	m := &c.Measure
	if err := r.whole("measure.top", m.Top, 1, 100); err != nil {
		return err
	}
	for _, x := range m.Below {
		if !(x > 0) || math.IsInf(x, 1) {
			return r.at("measure.below", fmt.Sprintf("want finite numbers > 0, got %v", x), "[0.1]")
		}
	}
	if len(m.Plan) == 0 {
		return r.at(path, "nothing is measured", "quantities: [loss]")
	}
	w, err := c.workload()
	if err != nil {
		return err
	}
	for i, p := range m.Plan {
		if !slices.Contains(Quantities(), p.Quantity) {
			return r.at(path, fmt.Sprintf("unknown quantity %q", clip(p.Quantity)), suggest(p.Quantity, Quantities()))
		}
		if err := p.When.Check(); err != nil {
			return r.at(path, p.Quantity+": "+err.Error(), "{every: 10}, {log: 40} or {at: [0, 100]}")
		}
		if slices.ContainsFunc(m.Plan[:i], func(o trace.Measure) bool { return o.Quantity == p.Quantity }) {
			return r.at(path, p.Quantity+" is listed twice", "removing one of the two")
		}
		if !w.Possible(p.Quantity) {
			return r.at(r.measured(p.Quantity), p.Quantity+" "+lacking[p.Quantity][0], lacking[p.Quantity][1])
		}
	}
	return nil
}

// measured is the path at which a quantity is asked for.
func (r *reader) measured(quantity string) string {
	if r.root.find("measure.schedule."+quantity) != nil {
		return "measure.schedule." + quantity
	}
	return "measure.quantities"
}

// lacking says what a quantity needs, and what to do where that is missing.
var lacking = map[string][2]string{
	"accuracy":                 {"needs rows to test on", "test: 100 in the section data, or no accuracy"},
	"test_loss":                {"needs rows to test on", "test: 100 in the section data, or no test_loss"},
	"train_accuracy":           {"needs a model, on data", "no train_accuracy"},
	"noise_scale":              {"needs more than one batch", "batch: {count: 5, order: shuffled}, or no noise_scale"},
	"preconditioned_sharpness": {"needs an optimizer with a second moment", "sharpness, or optimizer: {kind: adam}"},
}
