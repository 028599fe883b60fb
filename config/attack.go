package config

import (
	"fmt"
	"math"
	"slices"

	"leeway/nn"
)

// Attack is an adversary that moves each row within a ball to raise the loss. On a
// linear model the worst case is known; networks are attacked by steps along the signs of
// the loss's gradient, see [nn.PGD].
type Attack struct {
	Norm   string  `yaml:"norm"` // of the ball: inf, 2 or 1
	Radius float64 `yaml:"radius"`
	// Train puts the attack into the loss; without it the loss is that of the rows as they
	// are, and the attack only judges, as in the released script of arXiv 2406.04981.
	Train bool `yaml:"train"`
	// Steps on a network and their length; Steps is 0 of a linear model.
	Steps int     `yaml:"steps"`
	Step  float64 `yaml:"step"`
	// Bounds of attacked values, or none.
	Bounds []float64 `yaml:"bounds"`
}

var (
	ballKeys   = []string{"norm", "radius", "train"}
	ascentKeys = append(slices.Clone(ballKeys), "steps", "step", "bounds")
)

func (a *Attack) read(r *reader, n *node, path string) error {
	*a = Attack{Norm: norms[0], Train: true, Bounds: []float64{}}
	if err := r.section(n, path, "", ascentKeys); err != nil {
		return err
	}
	if err := r.oneOf(n, path, "norm", "norm", &a.Norm, norms); err != nil {
		return err
	}
	if n.get("radius") == nil {
		return r.fail(n.origin, path, "an attack needs a radius", "radius: 0.1")
	}
	return r.keys(n, path, a, ascentKeys)
}

// write leaves out what an attack on a linear model has not.
func (a *Attack) write() *node {
	if a.Steps == 0 {
		return encodeKeys(a, ballKeys)
	}
	return encodeKeys(a, ascentKeys)
}

// readAscent fills in the steps of an attack on a network, and refuses them elsewhere.
func (o *Objective) readAscent(r *reader, n *node, path string) error {
	a := o.Attack
	if a == nil {
		return nil
	}
	section := n.get("attack").value
	if !o.Model.network() {
		for _, key := range ascentKeys[len(ballKeys):] {
			if e := section.get(key); e != nil {
				return r.fail(e.at, join(path, "attack."+key), "the worst case of a linear model is exact and takes no steps", "an attack with norm and radius alone, or a network")
			}
		}
		return nil
	}
	if section.get("steps") == nil {
		a.Steps = 10
	}
	if section.get("step") == nil {
		a.Step = a.Radius / 5
	}
	return nil
}

func (r *reader) checkAttack(o *Objective) error {
	a := o.Attack
	if a == nil {
		return nil
	}
	const path = "objective.attack"
	if err := first(
		r.name(path+".norm", "norm", a.Norm, norms),
		r.number(path+".radius", a.Radius, a.Radius >= 0, "a finite number >= 0", "0.1"),
	); err != nil {
		return err
	}
	if !o.Model.network() {
		if o.Loss != "logistic" && o.Loss != "exponential" {
			return r.at(path, "the loss "+o.Loss+" of a linear model has no robust form here", "loss: logistic or loss: exponential, or model: {kind: mlp, hidden: []}")
		}
		return nil
	}
	switch {
	case a.Norm != norms[0]:
		return r.at(path+".norm", "networks are attacked within a bound on every value alone, got the norm "+a.Norm, "norm: inf")
	case o.Data.entry().form == text:
		return r.at(path, "tokens cannot be moved a little", "no attack, or a model of rows of numbers")
	case o.Model.Kind == "resnet":
		return r.at(path, "batch norms let rows depend on each other, and an attack is on each alone", "model: {kind: lenet}, or no attack")
	case len(a.Bounds) != 0 && (len(a.Bounds) != 2 || !(a.Bounds[0] < a.Bounds[1])):
		return r.at(path+".bounds", fmt.Sprintf("want a lower and an upper bound, got %v", a.Bounds), "bounds: [0, 1], or []")
	}
	return first(
		r.whole(path+".steps", a.Steps, 1, 1000),
		r.number(path+".step", a.Step, (a.Step > 0 || a.Radius == 0 && a.Step == 0) && !math.IsInf(a.Step, 0), "a finite number > 0", "no step, which is a fifth of the radius"),
	)
}

// ascent is the attack on a network.
func (a *Attack) ascent() nn.PGD {
	p := nn.PGD{Radius: a.Radius, Steps: a.Steps, Step: a.Step}
	if len(a.Bounds) == 2 {
		p.Low, p.High = a.Bounds[0], a.Bounds[1]
	}
	return p
}

// Kinked reports whether the attacked loss of a linear model has a kink at theta: a
// weight of zero where each costs its size, all zero where their length counts, two of
// the largest where the largest does.
func (o *Objective) Kinked(theta []float64) bool {
	if !o.Attacked() || o.Model.network() || o.Attack.Radius == 0 {
		return false
	}
	zeros, largest, ties := 0, 0.0, 0
	for _, v := range theta {
		switch v = math.Abs(v); {
		case v > largest:
			largest, ties = v, 1
		case v == largest:
			ties++
		}
		if v == 0 {
			zeros++
		}
	}
	return map[string]bool{norms[0]: zeros > 0, norms[1]: zeros == len(theta), norms[2]: ties > 1}[o.Attack.Norm]
}

// cost is that of judging rows under the attack, in judgements without: a gradient by
// the rows' values is some two of them.
func (a *Attack) cost() float64 { return 1 + 2*float64(a.Steps) }

// Attacked reports whether the loss is that under an attack.
func (o *Objective) Attacked() bool { return o.Attack != nil && o.Attack.Train }

// GradientCost is that of a gradient of the training loss, in gradients without the
// attack.
func (o *Objective) GradientCost() float64 {
	if !o.Attacked() {
		return 1
	}
	return 1 + float64(o.Attack.Steps)
}

// words describe it.
func (a *Attack) words() string {
	how := fmt.Sprintf("in the norm %s", a.Norm)
	if a.Steps > 0 {
		how = fmt.Sprintf("in %d steps", a.Steps)
	}
	if a.Train {
		return fmt.Sprintf("under attacks of %v %s", a.Radius, how)
	}
	return fmt.Sprintf("judged under attacks of %v %s", a.Radius, how)
}
