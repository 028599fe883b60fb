package config

import (
	"fmt"

	"leeway/data"
)

// rowFacts is what a model asks of rows: how many there are, how many more are
// set apart for testing (0: none are), the values in each, and the classes.
type rowFacts struct{ all, apart, features, classes int }

// facts are those of the rows if they are known before they are read.
func (d *Data) facts() (f rowFacts, known bool) {
	shape, _ := d.rowShape()
	f.features = product(shape)
	if made := d.entry().usual.Classes.Number > 0; made {
		f.all, f.classes = d.Train+d.Test, d.Classes.Number
		return f, true
	}
	if f.all, f.apart, known = d.rows(); known {
		info, _ := data.Info(d.Kind) // it has rows, so it is known
		f.classes = info.Classes
		if d.Classes.Chosen != nil {
			f.classes = len(d.Classes.Chosen)
		}
	}
	return f, known
}

// checkTaken checks that the model takes such data at all.
func (r *reader) checkTaken(o *Objective) error {
	d, kind := &o.Data, o.Model.Kind
	tokens := d.entry().form == text
	switch takes := o.Model.entry().takes; {
	case takes == tokenRows && !tokens:
		return r.at("objective.data", fmt.Sprintf("a %s reads text, which %s is not", kind, d.Kind), "data: {kind: markov}, or {kind: text, path: FILE, train: N}")
	case takes != tokenRows && tokens:
		return r.at("objective.model", "text is for a language model, not for "+kind, "model: {kind: transformer}")
	case tokens && o.Loss != "cross-entropy":
		return r.at("objective.loss", "the loss of a language model is the cross-entropy, got "+o.Loss, "loss: cross-entropy")
	case takes == images:
		if shape, known := d.rowShape(); known && len(shape) != 3 {
			return r.noImages(o)
		}
	}
	return nil
}

// noImages is the error about a model of images and rows that are none.
func (r *reader) noImages(o *Objective) error {
	d, kind := &o.Data, o.Model.Kind
	switch d.entry().form {
	case shaped:
		return r.at("objective.data", fmt.Sprintf("a %s sees images, and the rows have no height and width", kind), "shape: [8, 8, 1] in the section data: height, width and channels of a row")
	case undecided:
		return r.at("objective.data", fmt.Sprintf("a %s sees images, and the rows of %s have no height and width", kind, clip(d.Path)), "an array x of shape [rows height width channels], or model: {kind: mlp}")
	}
	return r.at("objective.data", fmt.Sprintf("a %s sees images, which %s has not", kind, d.Kind), "data: {kind: digits}, or model: {kind: mlp}")
}

// checkData checks the objective against its rows.
func (r *reader) checkData(o *Objective, f rowFacts) error {
	d := &o.Data
	of := ""
	if d.Classes.Chosen != nil {
		of = " of these classes"
	}
	rest := f.all - d.Train
	switch {
	case d.Train > f.all:
		return r.at("objective.data.train", fmt.Sprintf("%d rows to train on, but %s has %d%s", d.Train, d.Kind, f.all, of), fmt.Sprintf("train: %d", f.all))
	case f.apart > 0 && d.Test > f.apart:
		return r.at("objective.data.test", fmt.Sprintf("%d rows to test on, but %s has %d%s", d.Test, d.Kind, f.apart, of), fmt.Sprintf("test: %d", f.apart))
	case f.apart == 0 && d.Test > rest:
		return r.at("objective.data.test", fmt.Sprintf("%d rows to test on after %d to train on, but %s has %d%s", d.Test, d.Train, d.Kind, f.all, of), fmt.Sprintf("test: %d", rest))
	case o.Loss != "cross-entropy" && f.classes != 2 && !(o.Loss == "mse" && o.Model.network()):
		return r.at("objective.loss", fmt.Sprintf("%s is for two classes, %s has %d", o.Loss, d.Kind, f.classes), "loss: cross-entropy")
	case f.classes < 2:
		return r.at("objective.data", "all rows are of one class", "rows of at least two classes")
	}
	if o.Model.network() {
		return nil // how many parameters it has is known when it is built
	}
	return r.checkStart(o, o.parameters(f))
}

// parameters is the number of parameters of a linear model on the data.
func (o *Objective) parameters(f rowFacts) int {
	p := f.features
	if o.Model.Intercept {
		p++
	}
	if o.Loss == "cross-entropy" {
		p *= f.classes
	}
	return p
}
