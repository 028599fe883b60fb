package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"leeway/expression"
	"leeway/optim"
)

// custom is the kind of optimizer that a config defines by formulas.
const custom = "custom"

// steepest is the kind of [optim.Steepest], which is none of [optim.Kinds].
const steepest = "steepest"

// OptimizerKinds are the kinds of optimizer that a config may name: the built-in
// ones, steepest, and custom.
func OptimizerKinds() []string { return append(optim.Kinds(), steepest, custom) }

// defaultRule is the settings struct of a kind, with its customary hyperparameters.
func defaultRule(kind string) (optim.Definition, error) {
	if kind == steepest {
		return &optim.Steepest{Normalized: true}, nil
	}
	return optim.Default(kind)
}

// customTry is an optimizer that a user can start from.
const customTry = "accumulators: {m: {of: g, decay: 0.9}} with direction: m"

// accumulatorKeys are the keys of an accumulator.
var accumulatorKeys = []string{"of", "decay", "gain", "new", "old", "direct", "bias_correction"}

// readCustom reads an optimizer of the kind custom. Its formulas are read when
// the config is checked, with everything else that has to fit together.
func (o *Optimizer) readCustom(r *reader, n *node, path string) error {
	rule := &optim.Custom{}
	o.Rule = rule
	own := keysOf(rule)
	if err := r.section(n, path, o.Kind, slices.Concat(optimizerKeys, own)); err != nil {
		return err
	}
	if err := o.readRate(r, n, path); err != nil {
		return err
	}
	if n.get("direction") == nil {
		return r.fail(n.origin, path, "a custom optimizer needs a direction", customTry)
	}
	if err := r.keys(n, path, rule, []string{"direction", "weight_decay", "l2"}); err != nil {
		return err
	}
	if e := n.get("accumulators"); e != nil {
		if err := readAccumulators(r, e.value, join(path, "accumulators"), rule); err != nil {
			return err
		}
	}
	if e := n.get("constants"); e != nil {
		return readConstants(r, e.value, join(path, "constants"), rule)
	}
	return nil
}

func readAccumulators(r *reader, n *node, path string, rule *optim.Custom) error {
	if n.kind != mapping {
		return r.fail(n.origin, path, "want a mapping of names to accumulators, got "+n.got(), "{m: {of: g, decay: 0.9}}")
	}
	for _, e := range n.entries {
		name := join(path, clip(e.key))
		if err := r.section(e.value, name, "", accumulatorKeys); err != nil {
			return err
		}
		a := optim.Accumulator{Name: e.key, Of: "g", New: 1}
		if err := r.keys(e.value, name, &a, accumulatorKeys); err != nil {
			return err
		}
		if gain := e.value.get("gain"); gain != nil && a.Gain == 0 {
			return r.fail(gain.value.origin, join(name, "gain"), "want a number other than 0", "leaving gain out, which makes it 1 - decay")
		}
		if a.New == 0 && a.Old == 0 && a.Direct == 0 {
			return r.fail(e.value.origin, name, "new, old and direct are all 0", "new: 1, the average itself")
		}
		rule.Accumulators = append(rule.Accumulators, a)
	}
	return nil
}

func readConstants(r *reader, n *node, path string, rule *optim.Custom) error {
	if n.kind != mapping {
		return r.fail(n.origin, path, "want a mapping of names to numbers, got "+n.got(), "{eps: 1e-8}")
	}
	for _, e := range n.entries {
		c := optim.Constant{Name: e.key}
		if err := r.decode(e.value, join(path, clip(e.key)), reflect.ValueOf(&c.Value).Elem()); err != nil {
			return err
		}
		rule.Constants = append(rule.Constants, c)
	}
	return nil
}

// writeCustom is what readCustom reads, beyond the keys of every kind.
func writeCustom(rule *optim.Custom) []entry {
	n := &node{kind: mapping}
	accumulators := &node{kind: mapping}
	for _, a := range rule.Accumulators {
		keys := accumulatorKeys
		if a.Gain == 0 { // stands for 1 - decay, whatever the decay is set to
			keys = slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return key == "gain" })
		}
		if a.New == 0 && a.Old == 0 && a.Direct == 0 {
			a.New = 1
		}
		accumulators.add(a.Name, origin{}, encodeKeys(&a, keys))
	}
	n.add("accumulators", origin{}, accumulators)
	n.add("direction", origin{}, textNode(rule.Direction))
	constants := &node{kind: mapping}
	for _, c := range rule.Constants {
		constants.add(c.Name, origin{}, encode(reflect.ValueOf(&c.Value).Elem()))
	}
	n.add("constants", origin{}, constants)
	n.entries = append(n.entries, encodeKeys(&rule.Regularization, keysOf(&rule.Regularization)).entries...)
	return n.entries
}

// formula is the error about a formula of a custom optimizer, at the character
// that is wrong if it stands in the file as it is.
func (r *reader) formula(e *optim.FormulaError) error {
	path := "optimizer." + e.Name
	o := r.origin(path)
	var wrong *expression.Error
	if !errors.As(e.Err, &wrong) {
		return r.fail(o, path, strings.TrimPrefix(e.Err.Error(), "expression: "), e.Try)
	}
	if n := r.root.find(path); n != nil && n.line > 0 && n.inset >= 0 && n.text == wrong.Text {
		o.column += n.inset + wrong.Column - 1
	}
	what := wrong.Error()
	if !utf8.ValidString(what) {
		what = fmt.Sprintf("%s at character %d", wrong.What, wrong.Column)
	}
	fail := r.fail(o, path, what, e.Try)
	fail.Cause = wrong
	return fail
}
