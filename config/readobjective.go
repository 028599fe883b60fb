package config

import (
	"fmt"
	"reflect"
	"slices"

	"leeway/nn"
)

// oneOf decodes the key of a section that decides what else it may hold, or
// leaves the default that is in dst.
func (r *reader) oneOf(n *node, path, key, what string, dst *string, names []string) error {
	e := n.get(key)
	if e == nil {
		return nil
	}
	if err := r.decode(e.value, join(path, key), reflect.ValueOf(dst).Elem()); err != nil {
		return err
	}
	if !slices.Contains(names, *dst) {
		return r.fail(e.value.origin, join(path, key), fmt.Sprintf("unknown %s %q", what, clip(*dst)), suggest(*dst, names))
	}
	return nil
}

func (o *Objective) read(r *reader, n *node, path string) error {
	*o = Objective{DType: "float64"}
	if n.kind != mapping {
		return r.section(n, path, "", []string{"problem", "model", "data", "kind"})
	}
	if n.get("kind") != nil {
		return o.readExternal(r, n, path)
	}
	if err := r.problemOrModel(n, path); err != nil {
		return err
	}
	if err := r.oneOf(n, path, "problem", "problem", &o.Problem, Problems()); err != nil {
		return err
	}
	if o.Problem == "" {
		if err := o.readDefaults(r, n, path); err != nil {
			return err
		}
	} else {
		p := o.entry()
		o.Dimension, o.Condition = p.usual, 100
	}
	keys := o.keys()
	if err := r.section(n, path, o.owner(), keys); err != nil {
		return err
	}
	if err := r.keys(n, path, o, keys); err != nil {
		return err
	}
	if o.Problem == "" && n.get("loss") == nil {
		o.Loss = "cross-entropy"
		if o.Data.Kind == "breast-cancer" && !o.Model.network() {
			o.Loss = "logistic"
		}
	}
	if o.Model.network() && n.get("physical_batch") == nil {
		o.PhysicalBatch = nn.DefaultPhysicalBatch(o.Model.architecture())
	}
	if b := o.Batch; b.Order != "" && b.Size == 0 && b.Count == 0 {
		return r.fail(n.get("batch").value.origin, join(path, "batch"), "neither a size nor a count", "{size: 100, order: shuffled} or {count: 5, order: cyclic}")
	}
	if err := o.readAscent(r, n, path); err != nil {
		return err
	}
	return o.readStart(r, n, path)
}

// readDefaults takes the model's kind, which decides what other keys there are,
// and the defaults of model and data where they are missing: linear, and the
// digits.
func (o *Objective) readDefaults(r *reader, n *node, path string) error {
	for _, s := range []reads{&o.Data, &o.Model} {
		if err := s.read(r, &node{kind: mapping}, path); err != nil {
			return err
		}
	}
	if e := n.get("model"); e != nil && e.value.kind == mapping {
		return r.oneOf(e.value, join(path, "model"), "kind", "model", &o.Model.Kind, Models())
	}
	return nil
}

// problemOrModel checks that the section says one of the two.
func (r *reader) problemOrModel(n *node, path string) error {
	p, m := n.get("problem"), n.get("model")
	switch {
	case p == nil && m == nil && n.get("data") == nil:
		return r.fail(n.origin, path, "neither a problem nor a model", "problem: bilinear, or model: {kind: linear} with data: {kind: digits}, or kind: external with a command")
	case p == nil || m == nil || m.at.builtin:
		return nil
	}
	later, first := p, m
	if p.at.before(m.at) {
		later, first = m, p
	}
	return r.fail(later.at, join(path, later.key), "a problem and a model exclude each other; the "+first.key+" is from "+r.place(first.at),
		"one of the two; "+path+"={...} replaces the section")
}

// entry is the catalogue's entry of the problem.
func (o *Objective) entry() problem {
	return problems[slices.Index(Problems(), o.Problem)]
}

// readStart fills in the start that is customary for a problem, zero for a
// linear model, and the own initialisation of a network.
func (o *Objective) readStart(r *reader, n *node, path string) error {
	if n.get("start") == nil {
		o.Start = Start{Kind: "zeros"}
		switch {
		case o.External.Is():
			o.Start = Start{Kind: ownStart}
		case o.Model.network():
			o.Start = Start{Kind: "init"}
		case o.Problem != "":
			o.Start = Start{Kind: "normal"}
			if p := o.entry(); o.Dimension >= p.least && o.Dimension <= p.largest {
				if s := customaryStart(o.Problem, o.Dimension); s != nil {
					o.Start = Start{Point: s}
				}
			}
		}
	}
	if e := n.get("start"); e != nil && o.Start.Kind != "" && !slices.Contains(o.starts(), o.Start.Kind) {
		return r.fail(e.value.origin, join(path, "start"), fmt.Sprintf("unknown start %q", clip(o.Start.Kind)), suggest(o.Start.Kind, o.starts())+", or a list of numbers")
	}
	e := n.get("start_scale")
	switch {
	case o.Start.Kind != "normal" && e != nil:
		return r.fail(e.at, join(path, "start_scale"), "only a normal start has a scale", "start: normal")
	case o.Start.Kind == "normal" && e == nil:
		o.StartScale = 1
		if o.Problem == "" {
			o.StartScale = 0.1
		}
	}
	if e := n.get("init_scale"); e != nil && o.Start.Kind != "init" {
		return r.fail(e.at, join(path, "init_scale"), "only the start init draws the weights of each layer", "start: init")
	} else if e == nil && o.Start.Kind == "init" {
		o.InitScale = 1
	}
	for _, i := range []struct {
		key   string
		value *string
	}{{"init", &o.Init}, {"init_bias", &o.InitBias}} {
		e = n.get(i.key)
		switch {
		case o.Start.Kind != "init" && e != nil:
			return r.fail(e.at, join(path, i.key), "only the start init draws the weights of each layer", "start: init")
		case o.Start.Kind == "init" && e == nil:
			*i.value = Initializations()[0]
		}
	}
	return nil
}

func (b *Batch) read(r *reader, n *node, path string) error {
	*b = Batch{}
	if n.kind == scalar && n.text == "full" {
		return nil
	}
	if n.kind != mapping {
		return r.fail(n.origin, path, "want full or a mapping, got "+n.got(), "full, {size: 100, order: shuffled} or {count: 5, order: cyclic}")
	}
	keys := keysOf(b)
	if err := r.section(n, path, "", keys); err != nil {
		return err
	}
	if err := r.keys(n, path, b, keys); err != nil {
		return err
	}
	size, count := n.get("size"), n.get("count")
	switch {
	case size == nil && count == nil && n.get("order") == nil:
		return r.fail(n.origin, path, "neither a size nor a count", "{size: 100, order: shuffled} or {count: 5, order: cyclic}")
	case size != nil && count != nil:
		return r.fail(n.origin, path, "both a size and a count", "one of the two")
	case size != nil && b.Size < 1:
		return r.fail(size.value.origin, join(path, "size"), fmt.Sprintf("want a whole number >= 1, got %d", b.Size), "full")
	case count != nil && b.Count < 1:
		return r.fail(count.value.origin, join(path, "count"), fmt.Sprintf("want a whole number >= 1, got %d", b.Count), "full")
	}
	b.Order = "cyclic"
	return r.oneOf(n, path, "order", "order", &b.Order, orderKinds)
}

func (s *Start) read(r *reader, n *node, path string) error {
	*s = Start{}
	if n.kind == list {
		return r.decode(n, path, reflect.ValueOf(&s.Point).Elem())
	}
	if n.kind != scalar || n.null() {
		return r.fail(n.origin, path, "want a name such as zeros, or a list of numbers, got "+n.got(), "zeros")
	}
	s.Kind = n.text // readStart knows which there are
	return nil
}
