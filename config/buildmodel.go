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

// buildModel reads the data and makes the model on them.
func (c *Config) buildModel(p *Problem) error {
	o := &c.Objective
	d := &o.Data
	set, err := c.readData()
	if err != nil {
		return err
	}
	if d.Shuffle {
		set = set.Shuffled(c.Seed)
	}
	train, test, err := set.Split(d.Train, d.Test)
	if err != nil {
		return err
	}
	switch {
	case d.Standardize:
		train, test = data.Standardize(train, test)
	case d.Kind == "digits":
		train, test = train.Scaled(1.0/16), test.Scaled(1.0/16)
	}
	p.Train = train
	if p.Objective, err = newModel(o, train); err != nil {
		return c.wrong("objective", err, "other data")
	}
	if classifier, ok := objective.AsClassifier(p.Objective); ok && d.Test > 0 {
		p.Accuracy = func(theta []float64) (float64, error) { return classifier.Accuracy(theta, test.X, test.Y) }
	}
	if info, err := data.Info(d.Kind); err == nil {
		p.Citations = append(p.Citations, info.Citation)
	}
	name := d.Kind
	if name == "csv" {
		name = d.Path
	}
	p.Description = fmt.Sprintf("%s on %s, %d rows to train and %d to test", modelWords[o.Loss], name, d.Train, d.Test)
	if o.Attack != nil {
		p.Description = "robust " + p.Description
	}
	return nil
}

// readData returns all rows, and checks what could not be checked without them.
func (c *Config) readData() (*data.Set, error) {
	switch c.Objective.Data.Kind {
	case "digits":
		return data.Digits(), nil
	case "breast-cancer":
		return data.BreastCancer(), nil
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
