package config

import (
	"fmt"
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
