package config

import (
	"fmt"
	"slices"

	"leeway/data"
)

// Data for training and testing: the first Train rows and the Test after them.
type Data struct {
	Kind string `yaml:"kind"` // one of the names of data kinds
	// Path of a CSV file with the class in the last column, relative to the
	// folder in which the program runs.
	Path string `yaml:"path"`
	// Shape of a row: [height, width, channels] of an image, channels last, or
	// [features] (gaussian; csv, where it may be left out).
	Shape []int `yaml:"shape"`
	// Classes is the number of classes (gaussian).
	Classes int `yaml:"classes"`
	// Vocab and Length are the numbers of distinct tokens and of tokens in a
	// row (markov).
	Vocab  int `yaml:"vocab"`
	Length int `yaml:"length"`
	// Seed of the values (gaussian, markov).
	Seed  uint64 `yaml:"seed"`
	Train int    `yaml:"train"`
	Test  int    `yaml:"test"`
	// Standardize takes away the training mean of each feature and divides by
	// its deviation. Pixels of digits are in 0..1 otherwise.
	Standardize bool `yaml:"standardize"`
	Shuffle     bool `yaml:"shuffle"` // the rows, before they are split
}

// dataKind is an entry of the table of data: its own keys and defaults.
type dataKind struct {
	name  string
	keys  []string
	usual Data
}

var dataSets = []dataKind{
	{"digits", []string{"train", "test", "standardize", "shuffle"}, Data{Train: 1000}},
	{"breast-cancer", []string{"train", "test", "standardize", "shuffle"}, Data{Train: 400, Standardize: true}},
	{"csv", []string{"path", "shape", "train", "test", "standardize", "shuffle"}, Data{Standardize: true}},
	{"gaussian", []string{"shape", "classes", "seed", "train", "test"}, Data{Shape: []int{64}, Classes: 10, Train: 1000}},
	{"markov", []string{"vocab", "length", "seed", "train", "test"}, Data{Vocab: 32, Length: 32, Train: 200}},
}

// DataKinds are the names of the kinds of data: the built-in sets, csv, and
// those made from a seed (see package data), gaussian and markov.
func DataKinds() []string {
	var names []string
	for _, d := range dataSets {
		names = append(names, d.name)
	}
	return names
}

// entry is the table's entry of the data, that of digits if there is none.
func (d *Data) entry() dataKind {
	return dataSets[max(slices.Index(DataKinds(), d.Kind), 0)]
}

func (d *Data) keys() []string {
	return slices.Concat([]string{"kind"}, d.entry().keys)
}

func (d *Data) read(r *reader, n *node, path string) error {
	d.Kind = "digits"
	if n.kind == mapping {
		if err := r.oneOf(n, path, "kind", "data set", &d.Kind, DataKinds()); err != nil {
			return err
		}
	}
	kind := d.Kind
	*d = d.entry().usual
	d.Kind, d.Shape = kind, slices.Clone(d.Shape)
	if err := r.section(n, path, d.Kind, d.keys()); err != nil {
		return err
	}
	if err := r.keys(n, path, d, d.keys()); err != nil {
		return err
	}
	if d.Kind == "csv" {
		for _, key := range []string{"path", "train"} {
			if n.get(key) == nil {
				return r.fail(n.origin, path, "a csv file needs "+key, "path: FILE, the class in the last column, and train: N, the number of rows to train on")
			}
		}
	}
	rows := d.rows()
	if rows == 0 {
		return nil
	}
	if n.get("train") == nil && d.Test < rows {
		d.Train = min(d.Train, rows-d.Test)
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

// write leaves out a shape that is not given.
func (d *Data) write() *node {
	keys := d.keys()
	if d.Shape == nil {
		keys = slices.DeleteFunc(keys, func(k string) bool { return k == "shape" })
	}
	return encodeKeys(d, keys)
}

// rowShape is the shape of a row: of an image where it is one.
func (d *Data) rowShape(features int) []int {
	switch {
	case d.Kind == "digits":
		return []int{8, 8, 1}
	case d.Shape != nil:
		return d.Shape
	}
	return []int{features}
}

// checkShape checks the sizes of a row and, of data made from a seed, of all.
func (r *reader) checkShape(d *Data) error {
	const path = "objective.data."
	if d.Kind == "markov" {
		return first(
			r.whole(path+"vocab", d.Vocab, 2, 1<<14),
			r.whole(path+"length", d.Length, 1, 1<<14),
			r.most(path+"train", d.Train+d.Test, max(d.Length, 1)),
		)
	}
	if d.Shape == nil && d.Kind != "gaussian" {
		return nil
	}
	if len(d.Shape) != 1 && len(d.Shape) != 3 {
		return r.at(path+"shape", fmt.Sprintf("want [features] or [height, width, channels], got %d numbers", len(d.Shape)), "[8, 8, 1]")
	}
	for _, n := range d.Shape {
		if err := r.whole(path+"shape", n, 1, 1<<16); err != nil {
			return err
		}
	}
	if d.Kind == "csv" {
		return nil // whether it fits is seen when the file is read
	}
	return first(
		r.whole(path+"classes", d.Classes, 2, 1<<14),
		r.most(path+"train", d.Train+d.Test, product(d.Shape)),
	)
}

// product is the number of values of a shape; three sizes of 16 bits do not
// overflow.
func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// most checks that a set made from a seed fits into memory.
func (r *reader) most(path string, rows, size int) error {
	const values = 1 << 30
	if rows <= values/size {
		return nil
	}
	return r.at(path, fmt.Sprintf("%d rows of %d values are more than %d", rows, size, values), fmt.Sprintf("%d", max(values/size, 1)))
}
