package optim

import (
	"fmt"
	"math"
)

// Definition is a set of hyperparameters that defines a rule.
type Definition interface {
	// Rule returns the rule, or an error that names the hyperparameter out of
	// range.
	Rule() (*Rule, error)
}

// Regularization is weight decay in its two forms, common to all rules.
type Regularization struct {
	// WeightDecay is decoupled (AdamW): the direction is F + WeightDecay*theta.
	WeightDecay float64 `yaml:"weight_decay" json:"weight_decay"`
	// L2 is coupled: every gradient is g + L2*theta before anything else.
	L2 float64 `yaml:"l2" json:"l2"`
}

// finish checks what all rules have in common and fills it in.
func (r Regularization) finish(rule *Rule) (*Rule, error) {
	if err := check(rule.Name, "weight_decay", r.WeightDecay, nonNegative); err != nil {
		return nil, err
	}
	if err := check(rule.Name, "l2", r.L2, nonNegative); err != nil {
		return nil, err
	}
	if _, err := rule.EpsMode.MarshalText(); err != nil {
		return nil, fmt.Errorf("optim: %s: %w", rule.Name, err)
	}
	rule.L2, rule.WeightDecay = r.L2, r.WeightDecay
	return rule, rule.Validate()
}

// RangeError is a hyperparameter out of its range.
type RangeError struct {
	Kind, Name string  // "adam", "beta1"
	Value      float64 // the offending value
	Want       string  // "a number in [0, 1)"
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("optim: %s: %s is %v, want %s", e.Kind, e.Name, e.Value, e.Want)
}

// bound is a range of values and how to print it.
type bound struct {
	holds func(x float64) bool
	text  string
}

var (
	positive    = bound{func(x float64) bool { return x > 0 && !math.IsInf(x, 0) }, "a finite number > 0"}
	nonNegative = bound{func(x float64) bool { return x >= 0 && !math.IsInf(x, 0) }, "a finite number >= 0"}
	decayRange  = bound{func(x float64) bool { return x >= 0 && x < 1 }, "a number in [0, 1)"}
)

func check(kind, name string, x float64, b bound) error {
	if b.holds(x) {
		return nil
	}
	return &RangeError{Kind: kind, Name: name, Value: x, Want: b.text}
}

// checkBetas checks two decays and eps, the hyperparameters that most adaptive
// rules share.
func checkBetas(kind string, beta1, beta2, eps float64) error {
	if err := check(kind, "beta1", beta1, decayRange); err != nil {
		return err
	}
	if err := check(kind, "beta2", beta2, decayRange); err != nil {
		return err
	}
	return check(kind, "eps", eps, nonNegative)
}
