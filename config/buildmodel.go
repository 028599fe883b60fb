package config

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"leeway/data"
	"leeway/objective"
)

// modelWords name the model with each loss.
var modelWords = map[string]string{
	"cross-entropy": "softmax regression",
	"logistic":      "logistic regression",
	"mse":           "least squares",
	"exponential":   "linear model with exponential loss",
}

// buildModel reads the data and makes the model on them. It returns what the
// model is, and what it is on.
func (c *Config) buildModel(p *Problem) (what, on string, err error) {
	o := &c.Objective
	d := &o.Data
	on = c.dataWords()
	if d.Kind == "markov" {
		what, err = c.buildLanguageModel(p)
		return what, on, err
	}
	train, test, err := c.rows()
	if err != nil {
		return "", "", err
	}
	p.Train = train
	if info, err := data.Info(d.Kind); err == nil {
		p.Citations = append(p.Citations, info.Citation)
	}
	if o.Model.network() {
		what, err = c.buildNetwork(p, train, test)
		return what, on, err
	}
	if p.Objective, err = newModel(o, train); err != nil {
		return "", "", c.wrong("objective", err, "other data")
	}
	if classifier, ok := objective.AsClassifier(p.Objective); ok && d.Test > 0 {
		p.Accuracy = func(theta []float64) (float64, error) { return classifier.Accuracy(theta, test.X, test.Y) }
	}
	what = modelWords[o.Loss]
	if o.Attack != nil {
		what = "robust " + what
	}
	return what, on, nil
}

// rows reads the data, shuffles, splits and scales them.
func (c *Config) rows() (train, test *data.Set, err error) {
	d := &c.Objective.Data
	set, err := c.readData()
	if err != nil {
		return nil, nil, err
	}
	if d.Shuffle {
		set = set.Shuffled(c.Seed)
	}
	if train, test, err = set.Split(d.Train, d.Test); err != nil {
		return nil, nil, err
	}
	switch {
	case d.Standardize:
		train, test = data.Standardize(train, test)
	case d.Kind == "digits":
		train, test = train.Scaled(1.0/16), test.Scaled(1.0/16)
	}
	return train, test, nil
}

// dataWords name the data and the numbers of rows.
func (c *Config) dataWords() string {
	d := &c.Objective.Data
	name, unit := d.Kind, "rows"
	switch d.Kind {
	case "csv":
		name = d.Path
	case "gaussian":
		name = "gaussian noise"
	case "markov":
		name, unit = fmt.Sprintf("markov text of %d tokens", d.Vocab), fmt.Sprintf("sequences of %d", d.Length)
	}
	words := fmt.Sprintf("%s, %s %s to train", name, grouped(d.Train), unit)
	if d.Test > 0 {
		words += " and " + grouped(d.Test) + " to test"
	}
	return words
}

// readData returns all rows, and checks what could not be checked without them.
func (c *Config) readData() (*data.Set, error) {
	switch c.Objective.Data.Kind {
	case "digits":
		return data.Digits(), nil
	case "breast-cancer":
		return data.BreastCancer(), nil
	case "gaussian":
		d := &c.Objective.Data
		return data.Gaussian(d.Train+d.Test, product(d.Shape), d.Classes, d.Seed)
	}
	r := &reader{file: c.file, root: c.tree}
	path := c.Objective.Data.Path
	f, err := os.Open(path)
	if err != nil {
		return nil, r.at("objective.data.path", fmt.Sprintf("cannot open %q: %s", clip(path), cause(err)), "the path of a CSV file, relative to the folder in which the program runs")
	}
	defer f.Close()
	set, err := data.ReadCSV(f, path)
	if err != nil {
		return nil, c.wrong("objective.data.path", err, "a file of numbers, the class in the last column")
	}
	return set, r.checkData(&c.Objective, set)
}

// wrong is an error of another package about the value at path. Such an error
// may end in a hint of its own.
func (c *Config) wrong(path string, err error, try string) *Error {
	what, hint, ok := strings.Cut(err.Error(), ". Try: ")
	if ok {
		try = hint
	}
	return (&reader{file: c.file, root: c.tree}).at(path, what, try)
}

// newModel makes the model on the training rows.
func newModel(o *Objective, train *data.Set) (objective.TwiceDifferentiable, error) {
	if o.Loss == "cross-entropy" {
		return objective.NewSoftmax(train.X, train.Y, train.D, train.Classes, objective.SoftmaxSettings{
			Intercept: o.Model.Intercept, Batches: o.Batch.Count, BatchSize: o.Batch.Size,
		})
	}
	s := objective.LinearSettings{
		Loss:      o.Loss,
		Intercept: o.Model.Intercept,
		Batches:   o.Batch.Count, BatchSize: o.Batch.Size,
	}
	if o.Loss == "mse" {
		s.Loss = objective.LeastSquares
	}
	if a := o.Attack; a != nil {
		s.Attack = []string{objective.LInf, objective.L2, objective.L1}[slices.Index(norms, a.Norm)]
		s.Radius = a.Radius
	}
	return objective.NewLinear(train.X, train.Y, train.D, s)
}
