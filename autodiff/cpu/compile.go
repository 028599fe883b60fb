package cpu

import (
	"fmt"
	"slices"

	"leeway/autodiff"
)

// Settings of a compilation. The zero value is usable.
type Settings struct {
	// Threads is the largest number of threads; 0 for GOMAXPROCS at each run. The
	// results do not depend on it.
	Threads int

	// Given are values that the caller provides as if they were inputs; what they
	// are computed from is not compiled.
	Given []*autodiff.Value

	// Direct computes 3 by 3 convolutions by their definition instead of Winograd's
	// algorithm, which needs fewer multiplications and rounds otherwise (its error
	// is of the same size).
	Direct bool

	// Profile makes runs measure the time of every kernel for [Program.Profile].
	Profile bool
}

// Compile plans the computation of the outputs. Errors are those of the graph's
// building, outputs of several graphs, and an index outside of its table where
// table and index are literals.
func Compile(outputs []*autodiff.Value, s Settings) (*Program, error) {
	if err := check(outputs, s.Given); err != nil {
		return nil, err
	}
	return compileChecked(outputs, s)
}

func compileChecked(outputs []*autodiff.Value, s Settings) (*Program, error) {
	order := autodiff.Order(outputs, s.Given...)
	given := map[*autodiff.Value]bool{}
	for _, v := range s.Given {
		given[v] = true
	}
	known, err := fold(order, given, outputs)
	if err != nil {
		return nil, err
	}
	return compile(autodiff.Order(outputs, append(keys(known), s.Given...)...), outputs, given, known, s)
}

// compile makes a program; the values known are literals.
func compile(order, outputs []*autodiff.Value, given map[*autodiff.Value]bool, known map[*autodiff.Value]autodiff.Array, s Settings) (*Program, error) {
	nodes, of, err := lower(order, func(v *autodiff.Value) bool {
		_, ok := known[v]
		return ok || given[v]
	})
	if err != nil {
		return nil, err
	}
	for v, a := range known {
		if n := of[v]; n != nil {
			n.op, n.attr.Literal = autodiff.OpLiteral, &a
		}
	}
	for v := range given {
		if n := of[v]; n != nil {
			n.op = autodiff.OpInput
		}
	}
	targets := make([]*node, len(outputs))
	for i, v := range outputs {
		targets[i] = of[v]
	}
	accumulate(nodes, targets)
	p := newPlan(fuse(nodes, targets), nodes, targets)
	p.fillConstants(nodes)
	p.count()
	return newProgram(p, s), nil
}

func check(outputs, given []*autodiff.Value) error {
	var g *autodiff.Graph
	for i, v := range append(append([]*autodiff.Value(nil), outputs...), given...) {
		switch {
		case v == nil:
			return fmt.Errorf("cpu: compile: value %d is nil", i)
		case v.Graph() != g && g != nil:
			return fmt.Errorf("cpu: compile: %v belongs to another graph than the first output", v)
		}
		g = v.Graph()
	}
	if g == nil {
		return fmt.Errorf("cpu: compile: there are no outputs")
	}
	if err := g.Err(); err != nil {
		return fmt.Errorf("cpu: compile: %w", err)
	}
	return nil
}

// fillConstants makes arrays of the constants that kernels read from memory.
func (p *plan) fillConstants(nodes []*node) {
	used := map[*storage]bool{}
	for _, s := range p.steps {
		for _, u := range s.uses() {
			used[u] = true
		}
	}
	for _, o := range p.outputs {
		used[o.store] = true
	}
	for _, n := range nodes {
		if n.op != autodiff.OpConstant || n.store == nil {
			continue
		}
		if !used[n.store] {
			n.store.data = autodiff.NewArray(n.dtype, 1) // never read
			continue
		}
		n.store.data = autodiff.NewArray(n.dtype, n.shape...)
		if n.attr.Number != 0 {
			for i := range n.size {
				n.store.data.Set(i, n.attr.Number)
			}
		}
	}
}

// fold computes what depends on literals alone, so that runs do not. It returns
// the arrays of values that the rest reads.
func fold(order []*autodiff.Value, given map[*autodiff.Value]bool, outputs []*autodiff.Value) (map[*autodiff.Value]autodiff.Array, error) {
	fixed := map[*autodiff.Value]bool{}
	for _, v := range order {
		op := v.Op()
		fixed[v] = !given[v] && op != autodiff.OpInput
		for _, o := range v.Operands() {
			fixed[v] = fixed[v] && fixed[o]
		}
	}
	wanted := map[*autodiff.Value]bool{}
	var need func(v *autodiff.Value)
	need = func(v *autodiff.Value) {
		switch v.Op() {
		case autodiff.OpConstant, autodiff.OpLiteral:
		case autodiff.OpBroadcast, autodiff.OpReshape, autodiff.OpStop: // free, and not worth memory
			need(v.Operands()[0])
		default:
			wanted[v] = true
		}
	}
	for _, v := range order {
		if !fixed[v] && !given[v] {
			for _, o := range v.Operands() {
				if fixed[o] {
					need(o)
				}
			}
		}
	}
	for _, v := range outputs {
		if fixed[v] {
			need(v)
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	values := keys(wanted)
	p, err := compile(autodiff.Order(values), values, nil, nil, Settings{})
	if err != nil {
		return nil, err
	}
	if err := p.Run(); err != nil {
		return nil, err
	}
	known := map[*autodiff.Value]autodiff.Array{}
	for i, v := range values {
		known[v] = p.Output(i)
	}
	return known, nil
}

// keys lists a map's values in the order of the graph.
func keys[T any](m map[*autodiff.Value]T) []*autodiff.Value {
	var list []*autodiff.Value
	for v := range m {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b *autodiff.Value) int { return a.ID() - b.ID() })
	return list
}
