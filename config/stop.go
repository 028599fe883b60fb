package config

import "math"

// Stop says what ends a run before its last step; 0 is no condition.
type Stop struct {
	Loss     float64 `yaml:"loss"`     // the training loss is below
	Accuracy float64 `yaml:"accuracy"` // the test accuracy, of 0..1, is above
	Gradient float64 `yaml:"gradient"` // the two-norm of the training loss's gradient is below
}

// Modify changes the optimizer's steps.
type Modify struct {
	// Bias is the multiple of the bias term that is added: -1 cancels it, 0
	// keeps the optimizer as it is, 1 doubles it.
	Bias float64 `yaml:"bias"`
}

// checkStop checks what ends a run, and how its steps are modified.
func (r *reader) checkStop(c *Config) error {
	s := c.Stop
	const positive = "a finite number >= 0"
	err := first(
		r.number("stop.loss", s.Loss, s.Loss >= 0, positive, "0.01"),
		r.number("stop.accuracy", s.Accuracy, s.Accuracy >= 0 && s.Accuracy < 1, "a number from 0 up to 1", "0.95"),
		r.number("stop.gradient", s.Gradient, s.Gradient >= 0, positive, "1e-6"),
		r.number("modify.bias", c.Modify.Bias, math.Abs(c.Modify.Bias) <= 1000, "a number from -1000 to 1000", "-1"),
		r.number("checkpoint.minutes", c.Checkpoint.Minutes, c.Checkpoint.Minutes > 0 && c.Checkpoint.Minutes <= 1e6, "a number > 0", "10"),
	)
	if err != nil {
		return err
	}
	if s.Accuracy > 0 {
		if err := r.needs(c, "stop.accuracy", "accuracy"); err != nil {
			return err
		}
	}
	if c.Objective.batches() == 1 {
		return nil
	}
	if s.Loss > 0 {
		if err := r.needs(c, "stop.loss", "loss"); err != nil {
			return err
		}
	}
	if s.Gradient > 0 {
		return r.needs(c, "stop.gradient", "two_norm")
	}
	return nil
}

// needs says that a condition is looked at where a quantity is measured.
func (r *reader) needs(c *Config, path, quantity string) error {
	if c.Measure.Has(quantity) {
		return nil
	}
	return r.at(path, "this needs the quantity "+quantity+", which is not measured", "measure.quantities with "+quantity)
}
