package config

import (
	"fmt"
	"math"
)

func (r *reader) checkObjective(c *Config) error {
	o := &c.Objective
	if o.External.Is() {
		return r.checkExternal(o)
	}
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
		r.name("objective.loss", "loss", o.Loss, Losses()),
		r.checkRanges(d),
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
			if err := first(
				r.name("objective.init", "initialisation", o.Init, Initializations()),
				r.name("objective.init_bias", "initialisation", o.InitBias, BiasInitializations()),
				r.number("objective.init_scale", o.InitScale, o.InitScale > 0, "a finite number > 0", "1"),
			); err != nil {
				return err
			}
		}
	}
	if err := r.checkAttack(o); err != nil {
		return err
	}
	if f, known := d.facts(); known {
		return r.checkData(o, f)
	}
	return nil // the rest needs the file: see Build
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
	switch rows := o.Data.rowsToTrain(); {
	case b.Size > 0 && b.Count > 0:
		return r.at(path, "both a size and a count", "one of the two")
	case o.Problem == "sines" && b.Size > 0:
		return r.at(path+".size", "sines has no rows to count, only batches", "{count: 5, order: cyclic}")
	case o.Problem == "sines":
		return r.whole(path+".count", b.Count, 1, 100)
	case o.Problem != "":
		return r.at(path, o.Problem+" is a single loss", "batch: full, or problem: sines")
	case b.Size > rows:
		return r.at(path+".size", fmt.Sprintf("%d rows a batch, but there are %d to train on", b.Size, rows), fmt.Sprintf("up to %d, or full", rows))
	case b.Count > rows:
		return r.at(path+".count", fmt.Sprintf("%d batches of %d rows", b.Count, rows), fmt.Sprintf("up to %d", rows))
	}
	return nil
}

// batches is the number of batches.
func (o *Objective) batches() int {
	switch b := o.Batch; {
	case b.Count > 0:
		return b.Count
	case b.Size > 0:
		return (o.Data.rowsToTrain() + b.Size - 1) / b.Size
	}
	return 1
}
