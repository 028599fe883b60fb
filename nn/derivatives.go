package nn

import (
	"fmt"

	"leeway/autodiff"
)

// Gradient writes the gradient of the mean loss of batch k into dst and returns
// the loss.
func (o *Objective) Gradient(dst, theta []float64, k int) (loss float64, err error) {
	if err := o.ask(k, dst, theta); err != nil {
		return 0, err
	}
	o.load(o.theta, theta)
	return o.accumulate(kindGradient, k, dst)
}

// Loss is the mean loss of batch k: less work than [Objective.Gradient], with which
// it agrees up to rounding. Its program is compiled at the first call.
func (o *Objective) Loss(theta []float64, k int) (float64, error) {
	if err := o.ask(k, theta); err != nil {
		return 0, err
	}
	o.load(o.theta, theta)
	return o.accumulate(kindLoss, k)
}

// HVP writes the product of the Hessian of batch k with v into dst. Its program is
// compiled at the first call.
func (o *Objective) HVP(dst, theta, v []float64, k int) error {
	if err := o.ask(k, dst, theta, v); err != nil {
		return err
	}
	o.load(o.theta, theta)
	o.load(o.direction, v)
	_, err := o.accumulate(kindProduct, k, dst)
	return err
}

// GradientHVP writes gradient and product at once and returns the loss: less work
// than one after the other, where the direction is known before the gradient.
func (o *Objective) GradientHVP(gradient, product, theta, v []float64, k int) (loss float64, err error) {
	if err := o.ask(k, gradient, product, theta, v); err != nil {
		return 0, err
	}
	o.load(o.theta, theta)
	o.load(o.direction, v)
	return o.accumulate(kindBoth, k, gradient, product)
}

// load copies a flat vector into the parts that the programs read.
func (o *Objective) load(parts []autodiff.Array, v []float64) {
	for i, p := range o.table {
		from := v[p.Offset : p.Offset+p.Size()]
		if to := parts[i].Float64s(); to != nil {
			copy(to, from)
			continue
		}
		to := parts[i].Float32s()
		for j, x := range from {
			to[j] = float32(x)
		}
	}
}

// accumulate runs a program on the pieces of batch k, one after the other, and
// adds up its loss (unless it computes products alone) and the vectors dst. The
// order is fixed and so are the bits.
func (o *Objective) accumulate(k kind, batch int, dst ...[]float64) (loss float64, err error) {
	for i, p := range o.pieces[batch] {
		if _, err := o.run(k, p); err != nil {
			return 0, err
		}
		from := o.gradient
		if k == kindProduct {
			from = o.product
		} else {
			loss += p.weight * o.loss.At(0)
		}
		for _, d := range dst {
			o.collect(d, from, p.weight, i > 0)
			from = o.product
		}
	}
	return loss, nil
}

// collect writes w times the parts of a vector into dst, or adds them to it.
func (o *Objective) collect(dst []float64, parts []autodiff.Array, w float64, add bool) {
	for i, part := range o.table {
		to := dst[part.Offset : part.Offset+part.Size()]
		if x := parts[i].Float64s(); x != nil {
			addScaled(to, x, w, add)
		} else {
			addScaled(to, parts[i].Float32s(), w, add)
		}
	}
}

// addScaled writes w x into dst, or adds it.
func addScaled[T float32 | float64](dst []float64, x []T, w float64, add bool) {
	if !add {
		for j, v := range x {
			dst[j] = w * float64(v)
		}
		return
	}
	for j, v := range x {
		dst[j] += w * float64(v)
	}
}

// run runs a program on a piece of the training data.
func (o *Objective) run(k kind, p piece) (*run, error) {
	r, err := o.ready(k, p.rows)
	if err != nil {
		return nil, err
	}
	if err := r.bindPiece(p); err != nil {
		return nil, err
	}
	return r, r.start()
}

// bindPiece gives a program the examples of a piece.
func (r *run) bindPiece(p piece) error {
	if err := r.bind(r.net.x, p.x); err != nil {
		return fmt.Errorf("nn: examples: %w", err)
	}
	if err := r.bind(r.net.labels, p.y); err != nil {
		return fmt.Errorf("nn: labels: %w", err)
	}
	return nil
}

// start runs the program.
func (r *run) start() error {
	if err := r.program.Run(); err != nil {
		return fmt.Errorf("nn: %w", err)
	}
	return nil
}

// ready returns this objective's program of a kind, its parameters and directions
// bound.
func (o *Objective) ready(k kind, rows int) (*run, error) {
	key := planKey{k, rows}
	if r := o.runs[key]; r != nil {
		return r, nil
	}
	p, err := o.plan(k, rows)
	if err != nil {
		return nil, err
	}
	r := &run{plan: p, program: o.program(p)}
	if err := r.bindAll(p.net.theta, o.theta); err != nil {
		return nil, fmt.Errorf("nn: parameters: %w", err)
	}
	if err := r.bindAll(p.direction, o.direction); err != nil {
		return nil, fmt.Errorf("nn: direction: %w", err)
	}
	var results []autodiff.Array
	switch k {
	case kindLoss:
		results = append(results, o.loss)
	case kindGradient, kindBoth, kindBase:
		results = append(append(results, o.loss), o.gradient...)
	}
	switch k {
	case kindProduct, kindBoth, kindLinear:
		results = append(results, o.product...)
	}
	if err := r.bindResults(0, results); err != nil {
		return nil, err
	}
	o.runs[key] = r
	return r, nil
}
