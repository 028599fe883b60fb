package config

import (
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
	if d.entry().form == text {
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
	if err := c.evaluations(p, train, test); err != nil {
		return "", "", err
	}
	if c.Measure.Has(marginQuantity) {
		if p.Margins, err = c.margins(train); err != nil {
			return "", "", err
		}
	}
	if c.Measure.Has(robustQuantity) {
		if p.RobustMargin, err = c.robust(train); err != nil {
			return "", "", err
		}
	}
	what = modelWords[o.Loss]
	if o.Attacked() {
		what = "robust " + what
	}
	if o.Attack != nil {
		what += ", " + o.Attack.words()
	}
	return what, on, nil
}

// wrong is an error of another package about the value at path. Such an error
// may end in a hint of its own.
func (c *Config) wrong(path string, err error, try string) *Error {
	what, hint, ok := strings.Cut(err.Error(), ". Try: ")
	if ok {
		try = hint
	}
	return c.reader().at(path, what, try)
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
	if a := o.Attack; o.Attacked() {
		s.Attack = []string{objective.LInf, objective.L2, objective.L1}[slices.Index(norms, a.Norm)]
		s.Radius = a.Radius
	}
	return objective.NewLinear(train.X, train.Y, train.D, s)
}
