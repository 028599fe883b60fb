package nn

import (
	"fmt"

	"leeway/autodiff"
)

// Linearized holds a batch's gradient as a linear function of the direction, at
// one theta: what does not depend on the direction has been computed, so that a
// product costs only its own part. It has memory of its own and stays valid
// whatever its objective does.
type Linearized struct {
	o        *Objective
	k        int
	loss     float64
	gradient []float64
	keep     bool
	kept     [][]autodiff.Array        // the frontier of every piece, if it is kept
	spare    map[int]*[]autodiff.Array // by rows, that of the piece at work, if not
}

// Linearize computes what all products of the Hessian of batch k at theta have in
// common, and loss and gradient with it. A batch of several pieces keeps one
// linearization each while all of them fit into [Settings].LinearizeMemory;
// beyond that, every product computes them anew, piece by piece.
func (o *Objective) Linearize(theta []float64, k int) (*Linearized, error) {
	l := &Linearized{o: o.clone(), gradient: make([]float64, o.dim), spare: map[int]*[]autodiff.Array{}}
	if err := l.Move(theta, k); err != nil {
		return nil, err
	}
	return l, nil
}

// Move linearizes at another theta or batch, in the same memory.
func (l *Linearized) Move(theta []float64, k int) error {
	o := l.o
	if err := o.ask(k, theta); err != nil {
		return err
	}
	o.load(o.theta, theta)
	l.k, l.loss = k, 0
	bytes, err := l.frontierBytes()
	if err != nil {
		return err
	}
	if l.keep = bytes <= o.settings.LinearizeMemory; !l.keep {
		l.kept = nil // of a smaller batch, before
	}
	if missing := len(o.pieces[k]) - len(l.kept); missing > 0 {
		l.kept = append(l.kept, make([][]autodiff.Array, missing)...)
	}
	for i, p := range o.pieces[k] {
		if err := l.base(i, p); err != nil {
			return err
		}
		l.loss += p.weight * o.loss.At(0)
		o.collect(l.gradient, o.gradient, p.weight, i > 0)
	}
	return nil
}

// Loss is the batch's loss.
func (l *Linearized) Loss() float64 { return l.loss }

// Gradient is the batch's gradient; the caller does not change it.
func (l *Linearized) Gradient() []float64 { return l.gradient }

// HVP writes the product of the Hessian with v into dst.
func (l *Linearized) HVP(dst, v []float64) error {
	o := l.o
	if err := o.ask(l.k, dst, v); err != nil {
		return err
	}
	o.load(o.direction, v)
	for i, p := range o.pieces[l.k] {
		r, err := o.ready(kindLinear, p.rows)
		if err != nil {
			return err
		}
		if err := r.bindPiece(p); err != nil {
			return err
		}
		if !l.keep {
			if err := l.base(i, p); err != nil {
				return err
			}
		}
		if err := r.bindAll(r.frontier, *l.memory(i, p)); err != nil {
			return fmt.Errorf("nn: linearization: %w", err)
		}
		if err := r.start(); err != nil {
			return err
		}
		o.collect(dst, o.product, p.weight, i > 0)
	}
	return nil
}

// frontierBytes is what the linearizations of all pieces take together.
func (l *Linearized) frontierBytes() (total int, err error) {
	for _, p := range l.o.pieces[l.k] {
		plan, err := l.o.plan(kindBase, p.rows)
		if err != nil {
			return 0, err
		}
		for _, v := range plan.frontier {
			total += v.Shape().Size() * v.DType().Size()
		}
	}
	return total, nil
}

// memory is where the frontier of piece i lies.
func (l *Linearized) memory(i int, p piece) *[]autodiff.Array {
	if l.keep {
		return &l.kept[i]
	}
	if l.spare[p.rows] == nil {
		l.spare[p.rows] = new([]autodiff.Array)
	}
	return l.spare[p.rows]
}

// base runs the part without directions on piece i.
func (l *Linearized) base(i int, p piece) error {
	r, err := l.o.ready(kindBase, p.rows)
	if err != nil {
		return err
	}
	memory := l.memory(i, p)
	if !sameShapes(*memory, r.frontier) {
		*memory = nil
		for _, v := range r.frontier {
			*memory = append(*memory, autodiff.NewArray(v.DType(), v.Shape()...))
		}
	}
	if err := r.bindResults(1+len(l.o.table), *memory); err != nil {
		return err
	}
	if err := r.bindPiece(p); err != nil {
		return err
	}
	return r.start()
}

// sameShapes tells whether memory still fits, after a move to a batch of another
// size.
func sameShapes(as []autodiff.Array, vs []*autodiff.Value) bool {
	for i, a := range as {
		if len(as) != len(vs) || !a.Shape().Equal(vs[i].Shape()) {
			return false
		}
	}
	return len(as) == len(vs)
}
