package config

import (
	"slices"

	"leeway/data"
)

// Data for training and testing. Sets that come in two parts give the first
// Train rows of the one and the first Test of the other; of others the Test rows
// follow the Train rows.
type Data struct {
	Kind string `yaml:"kind"` // one of [DataKinds]
	// Path of a file (csv, npz, text) or of a folder with a folder of images for
	// each class (folder), relative to the folder in which the program runs.
	Path string `yaml:"path"`
	// Resize is the height and the width in pixels to which images are brought
	// (folder).
	Resize []int `yaml:"resize"`
	// Channels of the images: 3, or 1 for their luminance (folder).
	Channels int `yaml:"channels"`
	// Shape of a row: [height, width, channels] of an image, channels last, or
	// [features] (gaussian, mixture, rademacher, teacher; csv, where it may be left out).
	Shape []int `yaml:"shape"`
	// Classes is the number of classes (gaussian, mixture), or which ones of a
	// set's are kept and numbered anew.
	Classes Classes `yaml:"classes"`
	// Spread is the deviation of each coordinate of the classes' centres, in
	// which unit the rows of a class deviate by 1 (mixture).
	Spread float64 `yaml:"spread"`
	// SparseTeacher and SparseRows are the expected numbers of components of the
	// teacher and of a row that are not zero; 0 means dense (teacher).
	SparseTeacher int `yaml:"sparse_teacher"`
	SparseRows    int `yaml:"sparse_rows"`
	// Vocab is the number of distinct tokens (markov), Length that of tokens in
	// a row (markov, text).
	Vocab  int `yaml:"vocab"`
	Length int `yaml:"length"`
	// Seed of the values (gaussian, mixture, rademacher, teacher, markov), or of the order and the
	// augmentation of rows. It is not the run's, so that runs with several seeds
	// see the same data.
	Seed  uint64 `yaml:"seed"`
	Train int    `yaml:"train"`
	Test  int    `yaml:"test"`
	// Normalize is how values are scaled, one of [Normalizations].
	Normalize string `yaml:"normalize"`
	Shuffle   bool   `yaml:"shuffle"` // the rows, before the first ones are taken
	// Shrink takes the means of squares of so many pixels; 1 leaves images as they are.
	Shrink int `yaml:"shrink"`
	// Augment flips and crops the images to train on; nil: they stay.
	Augment *Augment `yaml:"augment"`
}

// form is what the rows of a kind of data are.
type form int

const (
	features  form = iota // plain numbers
	pictures              // images
	shaped                // either, as the key shape says
	undecided             // either, as the file says
	text                  // tokens
)

// dataKind is an entry of the table of data: its own keys, its defaults, and
// what its rows are.
type dataKind struct {
	name  string
	keys  []string
	usual Data
	form  form
	// needs says what has to be given, in a message and in a hint; "" if every
	// key has a default.
	needs, hint string
}

var (
	rowKeys   = []string{"classes", "seed", "train", "test", "normalize", "shuffle"}
	imageKeys = append(slices.Clone(rowKeys), "shrink", "augment")
)

// published is a set that has rows for testing set apart: more than a CPU wants.
func published(name string) dataKind {
	return dataKind{name: name, keys: imageKeys, form: pictures, usual: Data{Shrink: 1, Train: 2000, Test: 2000, Normalize: string(data.Standard)}}
}

var dataSets = []dataKind{
	{name: "digits", keys: imageKeys, form: pictures, usual: Data{Shrink: 1, Train: 1000, Normalize: string(data.Unit)}},
	{name: "breast-cancer", keys: rowKeys, form: features, usual: Data{Train: 400, Normalize: string(data.Standard)}},
	published("fashion-mnist"),
	published("mnist"),
	published("cifar-10"),
	published("cifar-100"),
	{
		name: "csv", keys: slices.Concat([]string{"path", "shape"}, imageKeys), form: shaped, usual: Data{Shrink: 1, Normalize: string(data.Standard)},
		needs: "a csv file", hint: "path: FILE, the class in the last column, and train: N, the number of rows to train on",
	},
	{
		name: "npz", keys: slices.Concat([]string{"path"}, imageKeys), form: undecided, usual: Data{Shrink: 1, Normalize: string(data.Standard)},
		needs: "an npz file", hint: "path: FILE, with the arrays x and y, and train: N, the number of rows to train on",
	},
	{
		name: "folder", keys: slices.Concat([]string{"path", "resize", "channels"}, imageKeys), form: pictures,
		usual: Data{Shrink: 1, Resize: []int{32, 32}, Channels: 3, Normalize: string(data.Standard), Shuffle: true}, // sorted by class otherwise
		needs: "a folder of images", hint: "path: FOLDER, in it one folder for each class, and train: N, the number of images to train on",
	},
	{name: "gaussian", keys: []string{"shape", "classes", "seed", "train", "test"}, form: shaped, usual: Data{Shape: []int{64}, Classes: Classes{Number: 10}, Train: 1000}},
	{name: "mixture", keys: []string{"shape", "classes", "spread", "seed", "train", "test"}, form: shaped, usual: Data{Shape: []int{64}, Classes: Classes{Number: 10}, Spread: 1, Train: 1000}},
	{name: "rademacher", keys: []string{"shape", "seed", "train", "test"}, form: shaped, usual: Data{Shape: []int{50}, Classes: Classes{Number: 2}, Train: 10}},
	{name: "teacher", keys: []string{"shape", "sparse_teacher", "sparse_rows", "seed", "train", "test"}, form: shaped, usual: Data{Shape: []int{128}, Classes: Classes{Number: 2}, Train: 32, Test: 1000}},
	{name: "markov", keys: []string{"vocab", "length", "seed", "train", "test"}, form: text, usual: Data{Vocab: 32, Length: 32, Train: 200}},
	{
		name: "text", keys: []string{"path", "length", "train", "test"}, form: text, usual: Data{Length: 64},
		needs: "a text", hint: "path: FILE, in UTF-8, and train: N, the number of sequences to train on",
	},
}

// DataKinds are the names of the kinds of data: the built-in sets, those that
// are found or downloaded, csv, npz, folder and text for a user's own, and those
// made from a seed, gaussian, mixture, rademacher, teacher and markov (see package data).
func DataKinds() []string {
	var names []string
	for _, d := range dataSets {
		names = append(names, d.name)
	}
	return names
}

// Normalizations are the names of the scalings of values (see [data.Scaling]).
func Normalizations() []string {
	var names []string
	for _, s := range data.Scalings() {
		names = append(names, string(s))
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

// has reports whether data of this kind have a key.
func (d *Data) has(key string) bool { return slices.Contains(d.entry().keys, key) }

// named reports whether the data are a set with a name in package data.
func (d *Data) named() bool {
	_, err := data.Info(d.Kind)
	return err == nil
}

// rowsToTrain is the number of rows that are trained on.
func (d *Data) rowsToTrain() int {
	if d.Augment == nil {
		return d.Train
	}
	return d.Train * d.Augment.Copies
}
