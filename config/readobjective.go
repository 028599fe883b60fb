package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"leeway/data"
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
		return r.section(n, path, "", []string{"problem", "model", "data"})
	}
	if err := r.problemOrModel(n, path); err != nil {
		return err
	}
	if err := r.oneOf(n, path, "problem", "problem", &o.Problem, Problems()); err != nil {
		return err
	}
	keys, owner := o.keys(), o.Problem
	if err := r.section(n, path, owner, keys); err != nil {
		return err
	}
	if owner == "" {
		o.Model = Model{Kind: "linear"}
		if err := o.Data.read(r, &node{kind: mapping}, path); err != nil { // its defaults
			return err
		}
	} else {
		p := o.entry()
		o.Dimension, o.Condition = p.usual, 100
	}
	if err := r.keys(n, path, o, keys); err != nil {
		return err
	}
	if owner == "" && n.get("loss") == nil {
		o.Loss = "cross-entropy"
		if o.Data.Kind == "breast-cancer" {
			o.Loss = "logistic"
		}
	}
	return o.readStart(r, n, path)
}

// problemOrModel checks that the section says one of the two.
func (r *reader) problemOrModel(n *node, path string) error {
	p, m := n.get("problem"), n.get("model")
	switch {
	case p == nil && m == nil && n.get("data") == nil:
		return r.fail(n.origin, path, "neither a problem nor a model", "problem: bilinear, or model: {kind: linear} with data: {kind: digits}")
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

// readStart fills in the start that is customary for a problem, and zero for a
// model.
func (o *Objective) readStart(r *reader, n *node, path string) error {
	if n.get("start") == nil {
		o.Start = Start{Kind: "zeros"}
		if o.Problem != "" {
			o.Start = Start{Kind: "normal"}
			if p := o.entry(); o.Dimension >= p.least && o.Dimension <= p.largest {
				if s := customaryStart(o.Problem, o.Dimension); s != nil {
					o.Start = Start{Point: s}
				}
			}
		}
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
	return nil
}

func (m *Model) read(r *reader, n *node, path string) error {
	*m = Model{Kind: "linear"}
	if n.kind == mapping {
		if err := r.oneOf(n, path, "kind", "model", &m.Kind, modelKinds); err != nil {
			return err
		}
	}
	if err := r.section(n, path, m.Kind, keysOf(m)); err != nil {
		return err
	}
	return r.keys(n, path, m, keysOf(m))
}

func (d *Data) read(r *reader, n *node, path string) error {
	*d = Data{Kind: "digits"}
	if n.kind == mapping {
		if err := r.oneOf(n, path, "kind", "data set", &d.Kind, dataKinds); err != nil {
			return err
		}
	}
	if err := r.section(n, path, d.Kind, d.keys()); err != nil {
		return err
	}
	d.Standardize = d.Kind != "digits"
	if err := r.keys(n, path, d, d.keys()); err != nil {
		return err
	}
	if d.Kind == "csv" {
		for _, key := range []string{"path", "train"} {
			if n.get(key) == nil {
				return r.fail(n.origin, path, "a csv file needs "+key, "path: FILE, the class in the last column, and train: N, the number of rows to train on")
			}
		}
		return nil
	}
	rows := d.rows()
	if n.get("train") == nil {
		d.Train = map[string]int{"digits": 1000, "breast-cancer": 400}[d.Kind]
		if d.Test < rows {
			d.Train = min(d.Train, rows-d.Test)
		}
	}
	if n.get("test") == nil && d.Train <= rows {
		d.Test = rows - d.Train
	}
	return nil
}

// rows is the number of rows of a built-in set, 0 for others.
func (d *Data) rows() int {
	info, err := data.Info(d.Kind)
	if err != nil {
		return 0
	}
	return info.N
}

func (a *Attack) read(r *reader, n *node, path string) error {
	*a = Attack{Norm: "inf"}
	if err := r.section(n, path, "", keysOf(a)); err != nil {
		return err
	}
	if err := r.oneOf(n, path, "norm", "norm", &a.Norm, norms); err != nil {
		return err
	}
	if n.get("radius") == nil {
		return r.fail(n.origin, path, "an attack needs a radius", "radius: 0.1")
	}
	return r.keys(n, path, a, keysOf(a))
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
	case size == nil && count == nil:
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
		return r.fail(n.origin, path, "want "+strings.Join(startKinds, ", ")+" or a list of numbers, got "+n.got(), "zeros")
	}
	if !slices.Contains(startKinds, n.text) {
		return r.fail(n.origin, path, fmt.Sprintf("unknown start %q", clip(n.text)), suggest(n.text, startKinds)+", or a list of numbers")
	}
	s.Kind = n.text
	return nil
}
