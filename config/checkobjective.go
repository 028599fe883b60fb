package config

import (
	"fmt"
	"math"
	"slices"

	"leeway/data"
)

func (r *reader) checkObjective(c *Config) error {
	o := &c.Objective
	if o.DType == "float32" && !o.Model.network() {
		return r.at("objective.dtype", "problems in closed form and the linear model compute in float64 only, got float32", "dtype: float64, or a network")
	}
	if err := first(
		r.name("objective.dtype", "type", o.DType, o.dtypes()),
		r.checkBatch(o),
	); err != nil {
		return err
	}
	if o.Start.Kind != "" {
		if err := r.name("objective.start", "start", o.Start.Kind, o.starts()); err != nil {
			return err
		}
	}
	for _, x := range o.Start.Point {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return r.at("objective.start", fmt.Sprintf("want finite numbers, got %v", x), "zeros")
		}
	}
	if o.Start.Kind == "normal" {
		if err := r.number("objective.start_scale", o.StartScale, o.StartScale > 0, "a finite number > 0", "0.1"); err != nil {
			return err
		}
	}
	if o.Problem != "" {
		return r.checkProblem(o)
	}
	return r.checkModel(o)
}

func (r *reader) checkProblem(o *Objective) error {
	if err := r.name("objective.problem", "problem", o.Problem, Problems()); err != nil {
		return err
	}
	p := o.entry()
	if err := r.whole("objective.dimension", o.Dimension, p.least, p.largest); err != nil {
		return err
	}
	if err := r.number("objective.condition", o.Condition, o.Condition >= 1, "a finite number >= 1", "100"); err != nil {
		return err
	}
	return r.checkStart(o, o.Dimension)
}

// checkStart checks the length of an explicit start.
func (r *reader) checkStart(o *Objective, parameters int) error {
	if o.Start.Kind != "" || len(o.Start.Point) == parameters {
		return nil
	}
	return r.at("objective.start", fmt.Sprintf("want %d numbers, one a parameter, got %d", parameters, len(o.Start.Point)), "zeros, or normal")
}

func (r *reader) checkModel(o *Objective) error {
	d := &o.Data
	if err := first(
		r.name("objective.model.kind", "model", o.Model.Kind, Models()),
		r.name("objective.data.kind", "data set", d.Kind, DataKinds()),
		r.name("objective.loss", "loss", o.Loss, Losses()),
		r.whole("objective.data.train", d.Train, 1, 1_000_000_000),
		r.whole("objective.data.test", d.Test, 0, 1_000_000_000),
		r.checkShape(d),
		r.checkTaken(o),
	); err != nil {
		return err
	}
	if o.Model.network() {
		if err := first(
			r.checkNetwork(&o.Model),
			r.whole("objective.physical_batch", o.PhysicalBatch, 1, mostPhysical),
			r.whole("objective.threads", o.Threads, 0, mostThreads),
		); err != nil {
			return err
		}
		if o.Start.Kind == "init" {
			if err := r.name("objective.init", "initialisation", o.Init, Initializations()); err != nil {
				return err
			}
		}
	}
	if a := o.Attack; a != nil {
		if err := first(
			r.name("objective.attack.norm", "norm", a.Norm, norms),
			r.number("objective.attack.radius", a.Radius, a.Radius >= 0, "a finite number >= 0", "0.1"),
		); err != nil {
			return err
		}
		if o.Loss != "logistic" && o.Loss != "exponential" {
			return r.at("objective.attack", "the loss "+o.Loss+" has no robust form here", "loss: logistic or loss: exponential")
		}
	}
	switch d.Kind {
	case "csv":
		return nil // the rest needs the file: see Build
	case "markov":
		return nil
	case "gaussian":
		return r.checkData(o, &data.Set{N: d.Train + d.Test, D: product(d.Shape), Classes: d.Classes})
	}
	info, err := data.Info(d.Kind)
	if err != nil {
		return err
	}
	return r.checkData(o, &data.Set{N: info.N, D: info.D, Classes: info.Classes})
}

// checkTaken checks that the model takes such data at all.
func (r *reader) checkTaken(o *Objective) error {
	d, kind := &o.Data, o.Model.Kind
	text, image := d.Kind == "markov", len(d.rowShape(1)) == 3
	switch takes := o.Model.entry().takes; {
	case takes == tokenRows && !text:
		return r.at("objective.data", fmt.Sprintf("a %s reads text, which %s is not", kind, d.Kind), "data: {kind: markov}")
	case takes != tokenRows && text:
		return r.at("objective.model", "text is for a language model, not for "+kind, "model: {kind: transformer}")
	case takes == images && !image && slices.Contains(d.keys(), "shape"):
		return r.at("objective.data", fmt.Sprintf("a %s sees images, and the rows have no height and width", kind), "shape: [8, 8, 1] in the section data: height, width and channels of a row")
	case takes == images && !image:
		return r.at("objective.data", fmt.Sprintf("a %s sees images, which %s has not", kind, d.Kind), "data: {kind: digits}, or model: {kind: mlp}")
	case text && o.Loss != "cross-entropy":
		return r.at("objective.loss", "the loss of a language model is the cross-entropy, got "+o.Loss, "loss: cross-entropy")
	}
	return nil
}

// checkData checks the objective against the shape of its data.
func (r *reader) checkData(o *Objective, s *data.Set) error {
	d := &o.Data
	switch {
	case d.Train > s.N:
		return r.at("objective.data.train", fmt.Sprintf("%d rows to train on, but %s has %d", d.Train, d.Kind, s.N), fmt.Sprintf("train: %d", s.N))
	case d.Test > s.N-d.Train:
		return r.at("objective.data.test", fmt.Sprintf("%d rows to test on after %d to train on, but %s has %d", d.Test, d.Train, d.Kind, s.N), fmt.Sprintf("test: %d", s.N-d.Train))
	case o.Loss != "cross-entropy" && s.Classes != 2 && !(o.Loss == "mse" && o.Model.network()):
		return r.at("objective.loss", fmt.Sprintf("%s is for two classes, %s has %d", o.Loss, d.Kind, s.Classes), "loss: cross-entropy")
	case s.Classes < 2:
		return r.at("objective.data", "all rows are of one class", "rows of at least two classes")
	}
	if d.Kind == "csv" && d.Shape != nil {
		if features := product(d.Shape); features != s.D {
			return r.at("objective.data.shape", fmt.Sprintf("%v makes %d features, the rows of %s have %d", d.Shape, features, clip(d.Path), s.D), "no shape, or one that multiplies to that")
		}
	}
	if o.Model.network() {
		return nil // how many parameters it has is known when it is built
	}
	return r.checkStart(o, o.parameters(s))
}

// parameters is the number of parameters of a linear model on the data.
func (o *Objective) parameters(s *data.Set) int {
	p := s.D
	if o.Model.Intercept {
		p++
	}
	if o.Loss == "cross-entropy" {
		p *= s.Classes
	}
	return p
}

func (r *reader) checkBatch(o *Objective) error {
	b := o.Batch
	if b.Full() {
		return nil
	}
	const path = "objective.batch"
	if err := first(
		r.name(path+".order", "order", b.Order, orderKinds),
		r.whole(path+".size", b.Size, 0, 1_000_000_000),
		r.whole(path+".count", b.Count, 0, 1_000_000_000),
	); err != nil {
		return err
	}
	switch {
	case b.Size > 0 && b.Count > 0:
		return r.at(path, "both a size and a count", "one of the two")
	case o.Problem == "sines" && b.Size > 0:
		return r.at(path+".size", "sines has no rows to count, only batches", "{count: 5, order: cyclic}")
	case o.Problem == "sines":
		return r.whole(path+".count", b.Count, 1, 100)
	case o.Problem != "":
		return r.at(path, o.Problem+" is a single loss", "batch: full, or problem: sines")
	case b.Size > o.Data.Train:
		return r.at(path+".size", fmt.Sprintf("%d rows a batch, but there are %d to train on", b.Size, o.Data.Train), fmt.Sprintf("up to %d, or full", o.Data.Train))
	case b.Count > o.Data.Train:
		return r.at(path+".count", fmt.Sprintf("%d batches of %d rows", b.Count, o.Data.Train), fmt.Sprintf("up to %d", o.Data.Train))
	}
	return nil
}

// tested reports whether accuracy on test data can be measured.
func (o *Objective) tested() bool { return o.Problem == "" && o.Data.Test > 0 }

// batches is the number of batches.
func (o *Objective) batches() int {
	switch b := o.Batch; {
	case b.Count > 0:
		return b.Count
	case b.Size > 0:
		return (o.Data.Train + b.Size - 1) / b.Size
	}
	return 1
}
