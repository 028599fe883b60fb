package optim

import (
	"fmt"
	"strconv"
	"strings"
)

// Custom is an optimizer written as formulas: accumulators of functions of the
// gradient, and the direction F as an expression in them. Adam, for example, is
//
//	optim.Custom{
//		Accumulators: optim.Accumulators{
//			{Name: "m", Of: "g", Decay: 0.9, BiasCorrection: true},
//			{Name: "v", Of: "g^2", Decay: 0.999, BiasCorrection: true},
//		},
//		Direction: "m / sqrt(v + eps)",
//		Constants: optim.Constants{{Name: "eps", Value: 1e-8}},
//	}
//
// The language is that of package expression. A direction may use theta, the
// accumulators, g, which is the present gradient, constants, n, the number of the
// step counted from 0, and h, its learning rate. What an accumulator is of may
// use g and constants.
//
// Everything else follows from that definition: the steps, the maps and flows
// with their corrections, the coefficients, and what explains them. Order 2 is
// promised where the formulas have two derivatives.
//
// A coordinate in which all accumulators are 0 and the direction 0/0 does not
// move, and a derivative that is infinite or NaN, as that of a root at 0, counts
// as 0, as in the built-in rules.
type Custom struct {
	Accumulators   Accumulators `yaml:"accumulators" json:"accumulators"`
	Direction      string       `yaml:"direction" json:"direction"`
	Constants      Constants    `yaml:"constants" json:"constants"`
	Regularization `yaml:",inline"`
}

// Accumulator is an accumulator of a [Custom] rule; [Average] says what its
// numbers do.
type Accumulator struct {
	Name  string  `yaml:"-"`
	Of    string  `yaml:"of"`    // the function of g that is averaged: "g", "g^2"
	Decay float64 `yaml:"decay"` // 0 <= Decay < 1
	// Gain is the weight with which Of enters the memory: 0 stands for 1-Decay,
	// an exponential average; 1 makes a decaying sum.
	Gain float64 `yaml:"gain"`
	// New, Old and Direct weigh the memory after and before its update and the
	// present Of in the value. If all are 0, New is 1.
	New    float64 `yaml:"new"`
	Old    float64 `yaml:"old"`
	Direct float64 `yaml:"direct"`
	// BiasCorrection divides the value by the sum of its weights so far.
	BiasCorrection bool `yaml:"bias_correction"`
}

// average is the accumulator without its function.
func (a Accumulator) average() Average {
	b := Average{
		Name: a.Name, Decay: a.Decay, Gain: a.Gain,
		New: a.New, Old: a.Old, Direct: a.Direct, Corrected: a.BiasCorrection,
	}
	if b.Gain == 0 {
		b.Gain = 1 - b.Decay
	}
	if b.New == 0 && b.Old == 0 && b.Direct == 0 {
		b.New = 1
	}
	return b
}

// Accumulators are the accumulators of a rule, in order.
type Accumulators []Accumulator

// String is the accumulators as a config has them, without what is customary.
func (l Accumulators) String() string {
	var all []string
	for _, a := range l {
		b := a.average()
		text := fmt.Sprintf("%s: {of: %s, decay: %s", a.Name, a.Of, digits(a.Decay))
		for _, x := range []struct {
			name          string
			value, silent float64
		}{{"gain", b.Gain, 1 - b.Decay}, {"new", b.New, 1}, {"old", b.Old, 0}, {"direct", b.Direct, 0}} {
			if x.value != x.silent {
				text += fmt.Sprintf(", %s: %s", x.name, digits(x.value))
			}
		}
		if a.BiasCorrection {
			text += ", bias_correction: true"
		}
		all = append(all, text+"}")
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// Constant is a number with a name.
type Constant struct {
	Name  string
	Value float64
}

// Constants are the constants of a rule, in order.
type Constants []Constant

// String is the constants as a config has them.
func (l Constants) String() string {
	var all []string
	for _, c := range l {
		all = append(all, c.Name+": "+digits(c.Value))
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// digits are as many digits of a number as identify it.
func digits(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// FormulaError is something wrong with a formula or a name of a [Custom] rule.
type FormulaError struct {
	// Name is the key in a config: "direction", "accumulators.v.of".
	Name string
	// Err says what is wrong; where it is a matter of a character it is of type
	// *expression.Error.
	Err error
	// Try is what to do about it.
	Try string
}

func (e *FormulaError) Error() string { return fmt.Sprintf("optim: custom: %s: %v", e.Name, e.Err) }

// Unwrap is what is wrong.
func (e *FormulaError) Unwrap() error { return e.Err }

// Hint is what to do about it, for a line that begins with "Try: ".
func (e *FormulaError) Hint() string { return e.Try }

// Bounds of what a custom rule may hold.
const (
	MaxAccumulators = 16
	MaxConstants    = 64
)

// Rule implements [Definition]. Errors are of type [*RangeError] and
// [*FormulaError].
func (o Custom) Rule() (*Rule, error) {
	b, err := newBuilder(o)
	if err != nil {
		return nil, err
	}
	if err := b.functions(); err != nil {
		return nil, err
	}
	if err := b.formula(); err != nil {
		return nil, err
	}
	rule, err := b.rule()
	if err != nil {
		return nil, err
	}
	return b.finish(rule)
}
