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

	// MemoryLimit is the most bytes that one program may take for itself, as
	// [Stats].PeakBytes counts them: beyond it Compile returns an error. 0: the memory
	// of the machine, or 64 GiB where that is not known.
	MemoryLimit int

	// Profile makes runs measure the time of every kernel for [Program.Profile].
	Profile bool
}

// Compile plans the computation of the outputs. Errors are those of the graph's
// building, outputs of several graphs, more memory than the limit, and an index
// outside of its table where table and index are literals.
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
	known, err := fold(order, given, outputs, s)
	if err != nil {
		return nil, err
	}
	return compile(autodiff.Order(outputs, slices.Concat(keys(known), s.Given)...), outputs, given, known, s)
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
	p.count()
	if err := p.fit(s.MemoryLimit); err != nil {
		return nil, err
	}
	fillConstants(nodes)
	return newProgram(p, s), nil
}

func check(outputs, given []*autodiff.Value) error {
	var g *autodiff.Graph
	for i, v := range slices.Concat(outputs, given) {
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
func fillConstants(nodes []*node) {
	for _, n := range nodes {
		if n.op != autodiff.OpConstant || n.store == nil {
			continue
		}
		if n.store.last < 0 {
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

// keys lists a map's values in the order of the graph.
func keys[T any](m map[*autodiff.Value]T) []*autodiff.Value {
	var list []*autodiff.Value
	for v := range m {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b *autodiff.Value) int { return a.ID() - b.ID() })
	return list
}
