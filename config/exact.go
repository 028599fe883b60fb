package config

import (
	"fmt"
	"math"
	"reflect"

	"leeway/optim"
)

// exact is the learning rate that is computed before the run: lr: exact, or
// lr: {kind: exact} with settings of the estimate.
const exact = "exact"

// Exact leaves the learning rate to [optim.ExactStep], which needs an estimate of the
// Lipschitz constant of the gradient: the largest modulus of an eigenvalue of the
// Hessian at several starts and there of every batch.
type Exact struct {
	// Points is the number of starts: the run's own and others from its
	// distribution. A start that is not random is one point, whatever is asked for.
	Points int `yaml:"points"`
	// Products limits the Hessian-vector products of each power iteration.
	Products int `yaml:"products"`
	// Factor multiplies the step: 0.5 and 2 are the paper's controls.
	Factor float64 `yaml:"factor"`
}

// exactKeys are the keys of lr if it is a mapping.
var exactKeys = []string{"kind", "points", "products", "factor"}

// readExact reads the learning rate if it is no number.
func (o *Optimizer) readExact(r *reader, n *node, path string) (bool, error) {
	switch {
	case n.kind == list || n.kind == scalar && n.text != exact && numberLike(n):
		return false, nil // for the reader of numbers, which has words for what is wrong
	case n.kind == scalar && n.text != exact:
		return true, r.fail(n.origin, path, "want a number or exact, got "+n.got(), "exact, or a number such as 0.001 or 1e-3")
	}
	o.LR, o.Exact = 0, &Exact{Points: 10, Products: 1000, Factor: 1}
	if n.kind == scalar {
		return true, nil
	}
	if n.get("kind") == nil {
		return true, r.fail(n.origin, path, "want a number or exact, got a mapping without a kind", "{kind: exact}, or a number such as 0.001 or 1e-3")
	}
	kind := ""
	if err := r.oneOf(n, path, "kind", "learning rate", &kind, []string{exact}); err != nil {
		return true, err
	}
	if err := r.section(n, path, exact, exactKeys); err != nil {
		return true, err
	}
	return true, r.keys(n, path, o.Exact, exactKeys)
}

// numberLike reports whether a scalar is a number, or what is taken for none.
func numberLike(n *node) bool {
	return n.null() || n.boolean() || decimalNumber.MatchString(n.text) || notANumber.MatchString(n.text)
}

// writeRate is what readRate reads.
func (o *Optimizer) writeRate() *node {
	if o.Exact == nil {
		return encode(reflect.ValueOf(&o.LR).Elem())
	}
	n := &node{kind: mapping}
	n.add("kind", origin{}, textNode(exact))
	n.entries = append(n.entries, encodeKeys(o.Exact, exactKeys).entries...)
	return n
}

// known is the learning rate for what needs some number, where it is not known yet.
func (o *Optimizer) known() float64 {
	if o.Exact != nil {
		return 1
	}
	return o.LR
}

// checkExact checks that the rule of the exact step is meant for the optimizer.
func (r *reader) checkExact(c *Config) error {
	o := &c.Optimizer
	if o.Exact == nil {
		return nil
	}
	const path = "optimizer.lr"
	const number = "a number such as 1e-3 for lr"
	adam, ok := o.Rule.(*optim.Adam)
	switch {
	case !ok:
		return r.at(path, fmt.Sprintf("the exact step is Adam's, not that of %s", o.Kind), "kind: adam, or "+number)
	case !o.Schedule.Constant():
		return r.at(path, "the exact step is constant, and here is a schedule", "no schedule, or "+number)
	case adam.L2 != 0 || adam.WeightDecay != 0:
		return r.at(path, "the exact step is for the loss alone, without weight decay", "weight_decay: 0 and l2: 0, or "+number)
	}
	return first(
		r.whole(path+".points", o.Exact.Points, 1, 10_000),
		r.whole(path+".products", o.Exact.Products, 1, 1_000_000),
		r.number(path+".factor", o.Exact.Factor, o.Exact.Factor > 0 && !math.IsInf(o.Exact.Factor, 0), "a finite number > 0", "1"),
	)
}
