package config

import (
	"fmt"
	"math"
	"slices"

	"leeway/trace"
)

// checkMeasure checks what is measured against what there is.
func (r *reader) checkMeasure(c *Config) error {
	const path = "measure"
	m := &c.Measure
	if err := r.whole("measure.top", m.Top, 1, 100); err != nil {
		return err
	}
	for _, x := range m.Below {
		if !(x > 0) || math.IsInf(x, 1) {
			return r.at("measure.below", fmt.Sprintf("want finite numbers > 0, got %v", x), "[0.1]")
		}
	}
	if len(m.Plan) == 0 {
		return r.at(path, "nothing is measured", "quantities: [loss]")
	}
	w, err := c.workload()
	if err != nil {
		return err
	}
	for i, p := range m.Plan {
		if !slices.Contains(Quantities(), p.Quantity) {
			return r.at(path, fmt.Sprintf("unknown quantity %q", clip(p.Quantity)), suggest(p.Quantity, Quantities()))
		}
		if err := p.When.Check(); err != nil {
			return r.at(path, p.Quantity+": "+err.Error(), "{every: 10}, {log: 40} or {at: [0, 100]}")
		}
		if slices.ContainsFunc(m.Plan[:i], func(o trace.Measure) bool { return o.Quantity == p.Quantity }) {
			return r.at(path, p.Quantity+" is listed twice", "removing one of the two")
		}
		if !w.Possible(p.Quantity) {
			return r.at(r.measured(p.Quantity), p.Quantity+" "+lacking[p.Quantity][0], lacking[p.Quantity][1])
		}
	}
	return nil
}

// measured is the path at which a quantity is asked for.
func (r *reader) measured(quantity string) string {
	if r.root.find("measure.schedule."+quantity) != nil {
		return "measure.schedule." + quantity
	}
	return "measure.quantities"
}

// lacking says what a quantity needs, and what to do where that is missing.
var lacking = map[string][2]string{
	"accuracy":                 {"needs rows to test on", "test: 100 in the section data, or no accuracy"},
	"test_loss":                {"needs rows to test on", "test: 100 in the section data, or no test_loss"},
	"train_accuracy":           {"needs a model, on data", "no train_accuracy"},
	"robust_accuracy":          {"needs rows to test on, and an attack", "attack: {radius: 0.1}, or no robust_accuracy"},
	"robust_train_accuracy":    {"needs a model under an attack", "attack: {radius: 0.1}, or no robust_train_accuracy"},
	"bias":                     {"needs an elementwise optimizer, which steepest is not", "no bias, or optimizer: {kind: gd}"},
	"trust":                    {"needs an elementwise optimizer, which steepest is not", "no trust, or optimizer: {kind: gd}"},
	"margin":                   {"needs a linear model of two classes, without an attack", "model: {kind: linear} with loss: logistic or loss: exponential, or no margin"},
	"robust_margin":            {"needs a linear model of two classes, without an intercept, under an attack", "attack: {norm: inf, radius: 0.1} with model: {kind: linear}, or margin"},
	"kkt":                      {"needs decoupled weight decay", "optimizer.weight_decay=0.1, or no kkt"},
	"noise_scale":              {"needs more than one batch", "batch: {count: 5, order: shuffled}, or no noise_scale"},
	"preconditioned_sharpness": {"needs an optimizer with a second moment", "sharpness, or optimizer: {kind: adam}"},
}
