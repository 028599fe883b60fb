package optim

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/expression"
)

// The names that every direction may use.
const (
	nameTheta    = "theta"
	nameGradient = "g"
	nameStep     = "n"
	nameRate     = "h"
)

// reserved are the names that no accumulator and no constant may have.
var reserved = []string{nameTheta, nameGradient, nameStep, nameRate}

// builder makes a rule of a custom definition.
type builder struct {
	Custom
	constants map[string]float64
	averages  []Average                // in the order of Accumulators, then g if it is used
	whole     *expression.Expression   // the direction without decoupled decay
	free      *expression.Expression   // the direction at theta = 0, nil if theta is more than a decay
	slope     []*expression.Expression // derivatives of whole by the averages, then by theta
	decay     float64                  // of theta in the direction
	smooth    bool
}

// newBuilder checks names and numbers.
func newBuilder(o Custom) (*builder, error) {
	b := &builder{Custom: o, constants: map[string]float64{}, smooth: true}
	if err := check("custom", "weight_decay", o.WeightDecay, nonNegative); err != nil {
		return nil, err
	}
	if n := len(o.Accumulators); n > MaxAccumulators {
		return nil, formulaError("accumulators", fmt.Errorf("there are %d", n), fmt.Sprintf("at most %d", MaxAccumulators))
	}
	if n := len(o.Constants); n > MaxConstants {
		return nil, formulaError("constants", fmt.Errorf("there are %d", n), fmt.Sprintf("at most %d", MaxConstants))
	}
	var taken []string
	for _, a := range o.Accumulators {
		if err := checkName("accumulators", a.Name, taken); err != nil {
			return nil, err
		}
		taken = append(taken, a.Name)
		if err := a.check(); err != nil {
			return nil, err
		}
	}
	for _, c := range o.Constants {
		if err := checkName("constants", c.Name, taken); err != nil {
			return nil, err
		}
		taken = append(taken, c.Name)
		if math.IsNaN(c.Value) || math.IsInf(c.Value, 0) {
			return nil, &RangeError{Kind: "custom", Name: "constants." + c.Name, Value: c.Value, Want: "a finite number"}
		}
		b.constants[c.Name] = c.Value
	}
	return b, nil
}

func formulaError(name string, err error, try string) error {
	return &FormulaError{Name: name, Err: err, Try: try}
}

// longestName is the largest length of a name.
const longestName = 40

// checkName checks the name of an accumulator or a constant.
func checkName(section, name string, taken []string) error {
	const form = "letters, digits and _, such as m or beta2"
	key := section + "." + name
	switch {
	case len(name) > longestName:
		return formulaError(section, fmt.Errorf("a name of %d characters", len(name)), fmt.Sprintf("at most %d", longestName))
	case slices.Contains(reserved, name):
		return formulaError(key, fmt.Errorf("%s has a meaning of its own", name), "another name than "+strings.Join(reserved, ", "))
	case slices.Contains(expression.Functions(), name):
		return formulaError(key, fmt.Errorf("%s is a function", name), "another name than "+strings.Join(expression.Functions(), ", "))
	case !expression.IsName(name):
		return formulaError(section, fmt.Errorf("%q is no name", name), form)
	case slices.Contains(taken, name):
		return formulaError(key, errors.New("the name is taken"), "a name for each accumulator and constant")
	}
	return nil
}

// check checks the numbers of an accumulator.
func (a Accumulator) check() error {
	finite := bound{func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }, "a finite number"}
	for _, x := range []struct {
		name  string
		value float64
		bound bound
	}{{"decay", a.Decay, decayRange}, {"gain", a.Gain, finite}, {"new", a.New, finite}, {"old", a.Old, finite}, {"direct", a.Direct, finite}} {
		if err := check("custom", "accumulators."+a.Name+"."+x.name, x.value, x.bound); err != nil {
			return err
		}
	}
	b := a.average()
	key := "accumulators." + a.Name
	if w := b.presentWeight(); !(w > 0) || math.IsInf(w, 0) {
		return formulaError(key, fmt.Errorf("the present gradient has weight %v, want > 0", w), "other values of gain, new and direct")
	}
	// The theory divides by the sum of the weights.
	if w := b.TotalWeight(-1); !(w > 1e-9*b.presentWeight()) || math.IsInf(w, 0) {
		return formulaError(key, fmt.Errorf("the weights sum to %.3g in the limit, want > 0", w),
			"a difference in the direction, such as g - m, instead of a negative weight")
	}
	return nil
}

// functions makes the averages.
func (b *builder) functions() error {
	elsewhere := map[string]string{
		nameTheta: "l2 for coupled decay; theta stands in the direction only",
		nameStep:  "n in the direction only", nameRate: "h in the direction only",
	}
	for _, a := range b.Accumulators {
		elsewhere[a.Name] = "functions of g here; accumulators are combined in the direction"
	}
	scope := expression.Scope{Variables: []string{nameGradient}, Constants: b.constants, Elsewhere: elsewhere}
	for _, a := range b.Accumulators {
		key := "accumulators." + a.Name + ".of"
		e, err := expression.Parse(a.Of, scope)
		if err != nil {
			return invalid(key, err)
		}
		if !e.Uses(nameGradient) {
			return formulaError(key, errors.New("this does not depend on g"), "a function of the gradient, such as g or g^2")
		}
		average := a.average()
		if average.Of, err = newElementwise(e); err != nil {
			return invalid(key, err)
		}
		b.smooth = b.smooth && !e.Jumps()
		b.averages = append(b.averages, average)
	}
	return nil
}

// invalid is a FormulaError about an error of package expression.
func invalid(key string, err error) error {
	try := "a shorter formula"
	var e *expression.Error
	if errors.As(err, &e) {
		try = e.Try
	}
	return formulaError(key, err, try)
}
