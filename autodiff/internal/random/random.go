// Package random makes valid graphs and data at random, for tests that hold an
// executor against the reference and derivatives against differences. Every
// operation occurs, with small shapes, strides, paddings and permutations; the
// same choices make the same graph.
//
// Values stay of order one. What jumps (comparisons, signs, masks, positions of
// maxima) is taken of inputs alone, whose elements a run keeps exactly, so that
// an executor that rounds differently never falls on the other side of a jump.
package random

import (
	"fmt"

	"leeway/autodiff"
)

// Source makes choices: IntN is one of 0..n-1, for n >= 1. A *rand.Rand is one.
type Source interface{ IntN(n int) int }

// Bytes chooses by bytes, for fuzzing; where they end it chooses 0.
func Bytes(b []byte) Source { return &choices{b} }

type choices struct{ left []byte }

func (c *choices) IntN(n int) int {
	if len(c.left) == 0 {
		return 0
	}
	x := int(c.left[0])
	c.left = c.left[1:]
	return x % n
}

// Settings of a program; the zero value makes a float32 graph.
type Settings struct {
	DType          autodiff.DType
	Values         int             // operations to draw; 0: 12
	Differentiable bool            // only what finite differences can see: no Stop
	Graph          *autodiff.Graph // to build in; nil: a new one
}

// Program is a graph with its inputs and outputs.
type Program struct {
	Graph   *autodiff.Graph
	Inputs  []*autodiff.Value // floats and indices
	Wrt     []*autodiff.Value // the float inputs
	Outputs []*autodiff.Value
	Loss    *autodiff.Value // one element, which depends on all outputs

	limit map[*autodiff.Value]int // index inputs: elements are below this
}

// generator is a program in the making.
type generator struct {
	*Program
	src    Source
	dtype  autodiff.DType
	values []*autodiff.Value           // of the float type, that operations may take
	bound  map[*autodiff.Value]float64 // a guess at the largest element
}

// maxSize bounds the elements of one value, for the sake of speed.
const maxSize = 96

// New draws a program.
func New(src Source, s Settings) *Program {
	if s.Values == 0 {
		s.Values = 12
	}
	if s.Graph == nil {
		s.Graph = &autodiff.Graph{}
	}
	p := &Program{Graph: s.Graph, limit: map[*autodiff.Value]int{}}
	r := &generator{Program: p, src: src, dtype: s.DType, bound: map[*autodiff.Value]float64{}}
	r.input(r.shape(r.src.IntN(4)))
	for range s.Values {
		kind := r.src.IntN(len(operations))
		if s.Differentiable && kind == stop {
			kind = 0
		}
		r.add(operations[kind](r))
	}
	last := r.values[len(r.values)-1]
	p.Outputs = []*autodiff.Value{last}
	for _, v := range r.values[:len(r.values)-1] {
		if r.src.IntN(4) == 0 {
			p.Outputs = append(p.Outputs, v)
		}
	}
	p.Loss = p.Graph.Constant(0, s.DType)
	for _, v := range p.Outputs {
		p.Loss = autodiff.Add(p.Loss, autodiff.Mean(autodiff.Mul(v, autodiff.Tanh(v))))
	}
	return p
}

// add makes a value available to later operations, scaled down where it may have
// grown.
func (r *generator) add(v *autodiff.Value, bound float64) {
	if v.Shape().Size() > maxSize {
		v = autodiff.SumKeep(v, longest(v.Shape()))
		bound *= maxSize
	}
	switch {
	case bound > 64:
		v, bound = autodiff.Tanh(autodiff.Scale(v, 4/bound)), 1
	case bound > 4:
		v, bound = autodiff.Scale(v, 2/bound), 2
	}
	r.values, r.bound[v] = append(r.values, v), max(bound, r.bound[v])
}

func longest(s autodiff.Shape) int {
	axis := 0
	for i, d := range s {
		if d > s[axis] {
			axis = i
		}
	}
	return axis
}

// shape draws a shape of a rank.
func (r *generator) shape(rank int) autodiff.Shape {
	s := make(autodiff.Shape, rank)
	for i := range s {
		s[i] = 1 + r.src.IntN(4)
	}
	for s.Size() > maxSize/2 {
		s[longest(s)]--
	}
	return s
}

// input adds a float input.
func (r *generator) input(shape autodiff.Shape) *autodiff.Value {
	v := r.Graph.Input(fmt.Sprintf("x%d", len(r.Inputs)), r.dtype, shape...)
	r.Inputs, r.Wrt = append(r.Inputs, v), append(r.Wrt, v)
	r.values, r.bound[v] = append(r.values, v), 1
	return v
}

// indices adds an input of indices below a limit.
func (r *generator) indices(shape autodiff.Shape, limit int) *autodiff.Value {
	v := r.Graph.Input(fmt.Sprintf("i%d", len(r.Inputs)), autodiff.Int32, shape...)
	r.Inputs, r.limit[v] = append(r.Inputs, v), limit
	return v
}

// any is some value, rather a late one.
func (r *generator) any() *autodiff.Value {
	n := len(r.values)
	if r.src.IntN(2) == 0 {
		n = min(n, 3)
		return r.values[len(r.values)-1-r.src.IntN(n)]
	}
	return r.values[r.src.IntN(n)]
}

// of is some value of the shape: one that exists, an input, a literal, or a
// transposed input.
func (r *generator) of(shape autodiff.Shape) *autodiff.Value {
	var fitting []*autodiff.Value
	for _, v := range r.values {
		if v.Shape().Equal(shape) {
			fitting = append(fitting, v)
		}
	}
	switch choice := r.src.IntN(6); {
	case len(fitting) > 0 && choice > 0:
		return fitting[r.src.IntN(len(fitting))]
	case choice == 0:
		a := autodiff.NewArray(r.dtype, shape...)
		for i := range shape.Size() {
			a.Set(i, float64(r.src.IntN(17)-8)/8)
		}
		return r.bounded(r.Graph.Literal(a), 1)
	case choice == 1 && len(shape) > 1:
		perm := r.permutation(len(shape))
		from := make(autodiff.Shape, len(shape))
		for i, p := range perm {
			from[p] = shape[i]
		}
		return r.bounded(autodiff.Transpose(r.input(from), perm...), 1)
	}
	return r.input(shape)
}

// ofRank is some value of the rank.
func (r *generator) ofRank(rank int) *autodiff.Value {
	if v := r.any(); len(v.Shape()) == rank {
		return v
	}
	return r.of(r.shape(rank))
}

// leaf is an input of the shape.
func (r *generator) leaf(shape autodiff.Shape) *autodiff.Value {
	for _, v := range r.Wrt {
		if v.Shape().Equal(shape) && r.src.IntN(3) > 0 {
			return v
		}
	}
	return r.input(shape)
}

// bounded notes a bound for a value that is no result of an operation's draw.
func (r *generator) bounded(v *autodiff.Value, bound float64) *autodiff.Value {
	r.bound[v] = max(r.bound[v], bound)
	return v
}

func (r *generator) permutation(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := r.src.IntN(i + 1)
		p[i], p[j] = p[j], p[i]
	}
	return p
}
