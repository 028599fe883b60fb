package config

import (
	"fmt"
	"os"
	"slices"

	"leeway/data"
)

// rows reads the data, chooses, scales and augments them.
func (c *Config) rows() (train, test *data.Set, err error) {
	d := &c.Objective.Data
	trainRows, testRows, err := c.samples()
	if err != nil {
		return nil, nil, err
	}
	scaling := data.Raw
	if d.has("normalize") {
		scaling = data.Scaling(d.Normalize)
	}
	z, err := data.NewNormalizer(trainRows, scaling)
	if err != nil {
		return nil, nil, c.wrong("objective.data.normalize", err, string(data.Standard))
	}
	r := c.reader()
	if err := r.most("objective.data.train", d.rowsToTrain()+d.Test, trainRows.D); err != nil {
		return nil, nil, err
	}
	if a := d.Augment; a == nil {
		train = trainRows.Set(z)
	} else {
		if len(trainRows.Shape) != 3 {
			return nil, nil, r.noPictures(d)
		}
		train = data.Augmentation{Flip: a.Flip, Crop: a.Crop, Seed: d.Seed}.Rows(trainRows, z, a.Copies)
	}
	test = testRows.Set(z)
	if d.Shrink > 1 {
		for _, set := range []**data.Set{&train, &test} {
			if *set, err = (*set).Shrunk(d.Shrink); err != nil {
				return nil, nil, c.wrong("objective.data.shrink", err, "no shrink")
			}
		}
	}
	return train, test, nil
}

// samples reads the rows, holds the objective against them, and chooses.
func (c *Config) samples() (train, test *data.Samples, err error) {
	d := &c.Objective.Data
	s := data.Settings{Train: d.Train, Test: d.Test, Classes: d.Classes.Chosen, Shuffle: d.Shuffle, Seed: d.Seed}
	if d.named() {
		if train, test, err = data.LoadSamples(d.Kind, s); err != nil {
			return nil, nil, c.wrong("objective.data.kind", err, "leeway data get "+d.Kind)
		}
		return train, test, nil
	}
	if train, test, err = c.ownSamples(); err != nil {
		return nil, nil, err
	}
	if chosen := d.Classes.Chosen; chosen != nil {
		if train, err = train.OfClasses(chosen...); err == nil && test != nil {
			test, err = test.OfClasses(chosen...)
		}
		if err != nil {
			return nil, nil, c.wrong("objective.data.classes", err, "classes that occur")
		}
		s.Classes = nil
	}
	f := rowFacts{all: train.N, features: train.D, classes: train.Classes}
	if test != nil {
		f.apart = test.N
	}
	if err := c.reader().checkData(&c.Objective, f); err != nil {
		return nil, nil, err
	}
	if train, test, err = s.Choose(train, test); err != nil {
		return nil, nil, c.wrong("objective.data", err, "other numbers of rows")
	}
	return train, test, nil
}

// ownSamples reads or makes all rows of data without a name; test is nil unless
// some are set apart for testing.
func (c *Config) ownSamples() (train, test *data.Samples, err error) {
	d := &c.Objective.Data
	var set *data.Set
	switch d.Kind {
	case "csv":
		return c.readTable()
	case "npz":
		return c.readArrays()
	case "folder":
		train, err = data.ReadFolder(os.DirFS(d.Path), d.Path, data.FolderSettings{Height: d.Resize[0], Width: d.Resize[1], Channels: d.Channels})
		if err != nil {
			return nil, nil, c.wrong("objective.data.path", err, "a folder with a folder of images for each class")
		}
		return train, nil, nil
	case "mixture":
		features := product(d.Shape)
		set, err = data.Mixture(d.Train+d.Test, data.Centres(d.Classes.Number, features, d.Spread, d.Seed), nil, d.Seed)
	case "rademacher":
		set, err = data.Rademacher(d.Train+d.Test, product(d.Shape), d.Seed)
	case "teacher":
		s := data.TeacherSettings{Rows: d.Train + d.Test, Features: product(d.Shape), SparseTeacher: d.SparseTeacher, SparseRows: d.SparseRows, Seed: d.Seed}
		set, _, err = data.Teacher(s)
	default:
		set, err = data.Gaussian(d.Train+d.Test, product(d.Shape), d.Classes.Number, d.Seed)
	}
	if err != nil {
		return nil, nil, c.wrong("objective.data", err, "fewer rows")
	}
	train = set.Samples()
	train.Shape = slices.Clone(d.Shape)
	return train, nil, nil
}

// openData opens the file of the data.
func (c *Config) openData(what string) (*os.File, error) {
	path := c.Objective.Data.Path
	f, err := os.Open(path)
	if err != nil {
		return nil, c.reader().at("objective.data.path", fmt.Sprintf("cannot open %q: %s", clip(path), cause(err)), "the path of "+what+", relative to the folder in which the program runs")
	}
	return f, nil
}

func (c *Config) readTable() (train, test *data.Samples, err error) {
	d := &c.Objective.Data
	f, err := c.openData("a CSV file")
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	set, err := data.ReadCSV(f, d.Path)
	if err != nil {
		return nil, nil, c.wrong("objective.data.path", err, "a file of numbers, the class in the last column")
	}
	rows := set.Samples()
	if d.Shape != nil {
		if features := product(d.Shape); features != rows.D {
			return nil, nil, c.reader().at("objective.data.shape", fmt.Sprintf("%v makes %d features, the rows of %s have %d", d.Shape, features, clip(d.Path), rows.D), "no shape, or one that multiplies to that")
		}
		rows.Shape = slices.Clone(d.Shape)
	}
	return rows, nil, nil
}

func (c *Config) readArrays() (train, test *data.Samples, err error) {
	d := &c.Objective.Data
	f, err := c.openData("an NPZ file")
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil {
		train, test, err = data.ReadNPZ(f, info.Size(), d.Path)
	}
	if err != nil {
		return nil, nil, c.wrong("objective.data.path", err, "a file of numpy.savez with the arrays x and y")
	}
	if len(train.Shape) != 3 && c.Objective.Model.entry().takes == images {
		return nil, nil, c.reader().noImages(&c.Objective)
	}
	return train, test, nil
}

// sequences reads or makes the text of a language model.
func (c *Config) sequences() (train, test *data.Sequences, err error) {
	d := &c.Objective.Data
	var all *data.Sequences
	if d.Kind == "markov" {
		if all, err = data.Markov(d.Train+d.Test, d.Length, d.Vocab, d.Seed); err != nil {
			return nil, nil, c.wrong("objective.data", err, "fewer rows")
		}
		return all.Split(d.Train, d.Test)
	}
	f, err := c.openData("a text")
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	t, err := data.ReadText(f, d.Path)
	if err != nil {
		return nil, nil, c.wrong("objective.data.path", err, "a text in UTF-8")
	}
	if all, err = t.Windows(d.Length, 0); err != nil {
		return nil, nil, c.wrong("objective.data.length", err, "a smaller number")
	}
	if err := c.reader().checkData(&c.Objective, rowFacts{all: all.N, classes: all.Vocab}); err != nil {
		return nil, nil, err
	}
	return all.Split(d.Train, d.Test)
}

// dataWords name the data and the numbers of rows.
func (c *Config) dataWords() string {
	d := &c.Objective.Data
	name, unit := d.Kind, "rows"
	switch d.Kind {
	case "csv", "npz", "folder", "text":
		name = d.Path
	case "gaussian":
		name = "gaussian noise"
	case "mixture":
		name = fmt.Sprintf("a mixture of %d Gaussians", d.Classes.Number)
	case "rademacher":
		name = "random signs"
	case "teacher":
		name = "rows of a teacher"
	case "markov":
		name = fmt.Sprintf("markov text of %d tokens", d.Vocab)
	}
	if d.entry().form == text {
		unit = fmt.Sprintf("sequences of %d", d.Length)
	}
	if d.Classes.Chosen != nil {
		name = fmt.Sprintf("classes %v of %s", d.Classes.Chosen, name)
	}
	words := fmt.Sprintf("%s, %s %s to train%s", name, grouped(d.Train), unit, d.Augment.words())
	if d.Test > 0 {
		words += " and " + grouped(d.Test) + " to test"
	}
	return words
}

// reader makes errors about values of the config.
func (c *Config) reader() *reader { return &reader{file: c.file, root: c.tree} }
