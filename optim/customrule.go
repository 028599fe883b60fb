package optim

import (
	"errors"
	"fmt"
	"slices"

	"leeway/expression"
)

// formula reads the direction, and brings the averages into the order in which
// the rule has them: the first is one of the gradient itself, if there is one.
func (b *builder) formula() error {
	const key = "direction"
	names := func() (all []string) {
		for _, a := range b.averages {
			all = append(all, a.Name)
		}
		return all
	}
	scope := expression.Scope{
		Variables: append(names(), nameGradient, nameTheta), Scalars: []string{nameStep, nameRate}, Constants: b.constants,
		Elsewhere: map[string]string{
			"lr": nameRate + ", the learning rate", "eta": nameRate + ", the learning rate", "t": nameStep + ", the step, counted from 0", "step": nameStep + ", the step, counted from 0",
			"grad": nameGradient + ", the gradient", "param": nameTheta,
		},
	}
	parse := func() (e *expression.Expression, err error) {
		if e, err = expression.Parse(b.Direction, scope); err != nil {
			return nil, invalid(key, err)
		}
		return e, nil
	}
	e, err := parse()
	if err != nil {
		return err
	}
	if !e.Uses(nameGradient) && !slices.ContainsFunc(names(), e.Uses) {
		return formulaError(key, errors.New("no gradient enters it"), "g, or an accumulator of it")
	}
	for _, a := range b.averages {
		if !e.Uses(a.Name) {
			return formulaError("accumulators."+a.Name, errors.New("the direction does not use it"), "removing it, or "+a.Name+" in the direction")
		}
	}
	if e.Uses(nameGradient) {
		b.averages = append(b.averages, Present(nameGradient, Identity))
	}
	lead, err := b.lead(e)
	if err != nil {
		return err
	}
	first := b.averages[lead]
	b.averages = slices.Insert(slices.Delete(b.averages, lead, lead+1), 0, first)
	scope.Variables = append(names(), nameTheta) // those that a readout sees, in its order
	if b.whole, err = parse(); err != nil {
		return err
	}
	b.smooth = b.smooth && !b.whole.Jumps()
	return b.differentiate(scope.Variables)
}

// lead is the index of the average that comes first: the one of the gradient that
// is a factor of the direction, else the first one of the gradient.
func (b *builder) lead(e *expression.Expression) (int, error) {
	free, err := e.With(nameTheta, 0)
	if err != nil {
		return 0, invalid("direction", err)
	}
	lead := -1
	for i, a := range b.averages {
		if a.Of != Identity {
			continue
		}
		if lead < 0 {
			lead = i
		}
		if _, ok, err := free.Factor(a.Name); err != nil {
			return 0, invalid("direction", err)
		} else if ok {
			return i, nil
		}
	}
	return max(lead, 0), nil
}

// differentiate derives the direction by everything that a readout is asked for.
func (b *builder) differentiate(variables []string) error {
	for _, v := range variables {
		d, err := b.whole.Derivative(v)
		if err != nil {
			return invalid("direction", err)
		}
		b.slope = append(b.slope, d)
	}
	// F = F(theta = 0) + decay theta, if dF/dtheta is a number.
	decay, ok := b.slope[len(b.slope)-1].Number()
	if !ok {
		return nil
	}
	free, err := b.whole.With(nameTheta, 0)
	if err != nil {
		return invalid("direction", err)
	}
	b.free, b.decay = free, decay
	return nil
}

// rule puts the parts together.
func (b *builder) rule() (*Rule, error) {
	base := &formula{
		direction: expression.Compile(b.whole), partials: expression.Compile(b.slope...),
		decay: b.WeightDecay, clocked: b.whole.Uses(nameStep) || b.whole.Uses(nameRate),
	}
	rule := &Rule{
		Name: "custom", Formula: b.Direction, Averages: b.averages, Readout: base, Nonsmooth: !b.smooth,
	}
	if b.free != nil {
		b.Regularization.WeightDecay += b.decay // what the rule says of itself; base adds only the key's
		if b.Regularization.WeightDecay < 0 {
			return nil, formulaError("direction", fmt.Errorf("theta has the factor %v, which makes parameters grow", b.Regularization.WeightDecay), "a decay >= 0")
		}
		if b.averages[0].Of == Identity {
			rest, ok, err := b.free.Factor(b.averages[0].Name)
			if err != nil {
				return nil, invalid("direction", err)
			}
			if ok {
				rule.Readout = newPreconditioned(base, rest, b.averages)
			}
		}
	}
	rule.Eps, rule.EpsMode = b.epsilon(rule)
	return rule, nil
}
