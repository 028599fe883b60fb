package config

import (
	"fmt"
	"slices"

	"leeway/data"
)

func (d *Data) read(r *reader, n *node, path string) error {
	d.Kind = "digits"
	if n.kind == mapping {
		if err := r.oneOf(n, path, "kind", "data set", &d.Kind, DataKinds()); err != nil {
			return err
		}
	}
	kind := d.Kind
	*d = d.entry().usual
	d.Kind, d.Shape, d.Resize = kind, slices.Clone(d.Shape), slices.Clone(d.Resize)
	if err := r.section(n, path, d.Kind, d.keys()); err != nil {
		return err
	}
	if err := r.keys(n, path, d, d.keys()); err != nil {
		return err
	}
	if e := n.get("classes"); e != nil {
		if err := d.readClasses(r, e.value, join(path, "classes")); err != nil {
			return err
		}
	}
	if needs := d.entry().needs; needs != "" {
		for _, key := range []string{"path", "train"} {
			if n.get(key) == nil {
				return r.fail(n.origin, path, needs+" needs "+key, d.entry().hint)
			}
		}
	}
	d.fill(n.get("train") != nil, n.get("test") != nil)
	return nil
}

// readClasses checks that the classes are a number where they are made, and a
// choice where there are some.
func (d *Data) readClasses(r *reader, n *node, path string) error {
	made := d.entry().usual.Classes.Number > 0
	switch {
	case made && (n.kind == list || n.text == everyClass):
		return r.fail(n.origin, path, fmt.Sprintf("want a whole number, the classes that %s makes, got %s", d.Kind, n.got()), "10")
	case !made && n.kind == scalar && n.text != everyClass:
		return r.fail(n.origin, path, "want a list of the classes to keep, or "+everyClass+", got "+n.got(), "[0, 1]")
	}
	return nil
}

// fill sets the numbers of rows that are not given, as far as the rows are
// known before they are read.
func (d *Data) fill(train, test bool) {
	all, apart, known := d.rows()
	switch {
	case !known:
	case apart > 0:
		if !train {
			d.Train = min(d.Train, all)
		}
		if !test {
			d.Test = min(d.Test, apart)
		}
	default:
		if !train && d.Test < all {
			d.Train = min(d.Train, all-d.Test)
		}
		if !test && d.Train <= all {
			d.Test = all - d.Train
		}
	}
}

// rows is the number of rows of a set with a name and how many more are set
// apart for testing, in the classes that are kept.
func (d *Data) rows() (all, apart int, known bool) {
	all, apart, err := data.RowsOf(d.Kind, d.Classes.Chosen...)
	return all, apart, err == nil
}

// write leaves out a shape that is not given.
func (d *Data) write() *node {
	keys := d.keys()
	if d.Shape == nil {
		keys = slices.DeleteFunc(keys, func(k string) bool { return k == "shape" })
	}
	return encodeKeys(d, keys)
}
