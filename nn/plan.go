package nn

import (
	"fmt"
	"sync"

	"leeway/autodiff"
	"leeway/autodiff/cpu"
)

// kind says what a program computes.
type kind int

const (
	kindGradient kind = iota // loss, gradient
	kindProduct              // product
	kindBoth                 // loss, gradient, product
	kindBase                 // loss, gradient, frontier: once a linearization
	kindLinear               // product, from the frontier: once a direction
	kindNorms                // mean and variance of every batch norm
	kindLogits               // logits in evaluation
	kindJudge                // the same, and the loss in evaluation
	kindLoss                 // loss
	kindExamples             // gradient by the examples' values
)

// planKey names a program: every number of examples has its own.
type planKey struct {
	kind kind
	rows int
}

// plan is a program that clones share, and the values that are bound in it.
type plan struct {
	net       *network
	direction []*autodiff.Value // that a product is taken along
	frontier  []*autodiff.Value // kindBase and kindLinear
	prototype *cpu.Program
	taken     bool // the prototype serves an objective; others clone it
}

// plans compiles programs when they are first needed.
type plans struct {
	mu       sync.Mutex
	networks map[planKey]*network // by kindLogits or kindGradient, and rows
	plans    map[planKey]*plan
}

func newPlans() *plans {
	return &plans{networks: map[planKey]*network{}, plans: map[planKey]*plan{}}
}

// plan returns the program of the given kind for a number of examples.
func (m *model) plan(k kind, rows int) (*plan, error) {
	m.plans.mu.Lock()
	defer m.plans.mu.Unlock()
	key := planKey{k, rows}
	if p := m.plans.plans[key]; p != nil {
		return p, nil
	}
	net, err := m.network(k == kindLogits || k == kindJudge, rows)
	if err != nil {
		return nil, err
	}
	p := &plan{net: net}
	outputs, given := p.outputs(k)
	if p.prototype, err = cpu.Compile(outputs, cpu.Settings{Threads: m.settings.Threads, Given: given, Profile: m.settings.Profile}); err != nil {
		return nil, fmt.Errorf("nn: %w", err)
	}
	m.plans.plans[key] = p
	return p, nil
}

// network returns the graph for a number of examples; the lock is held.
func (m *model) network(evaluate bool, rows int) (*network, error) {
	key := planKey{kindGradient, rows}
	if evaluate {
		key.kind = kindLogits
	}
	if n := m.plans.networks[key]; n != nil {
		return n, nil
	}
	n, err := newNetwork(m.settings.Architecture, m.data, &m.settings, rows, m.outputs, evaluate)
	if err != nil {
		return nil, err
	}
	m.plans.networks[key] = n
	return n, nil
}

// outputs are what a kind of program computes, and what it is given for it.
func (p *plan) outputs(k kind) (outputs, given []*autodiff.Value) {
	n := p.net
	switch k {
	case kindLogits:
		return []*autodiff.Value{n.logits}, nil
	case kindJudge:
		return []*autodiff.Value{n.logits, n.loss}, nil
	case kindLoss:
		return []*autodiff.Value{n.loss}, nil
	case kindExamples:
		return autodiff.Gradient(n.loss, n.x), nil
	case kindNorms:
		for _, s := range n.norms {
			outputs = append(outputs, s.mean, s.variance)
		}
		return outputs, nil
	}
	n.differentiate(k != kindGradient)
	if k != kindGradient {
		p.direction = n.direction // the network's own may be written while others read
	}
	switch k {
	case kindProduct:
		return n.product, nil
	case kindLinear:
		p.frontier = n.frontier()
		return n.product, p.frontier
	}
	outputs = append([]*autodiff.Value{n.loss}, n.gradient...)
	switch k {
	case kindBoth:
		outputs = append(outputs, n.product...)
	case kindBase:
		p.frontier = n.frontier()
		outputs = append(outputs, p.frontier...)
	}
	return outputs, nil
}

// program returns a program of the plan for one objective alone.
func (m *model) program(p *plan) *cpu.Program {
	m.plans.mu.Lock()
	defer m.plans.mu.Unlock()
	if p.taken {
		return p.prototype.Clone()
	}
	p.taken = true
	return p.prototype
}

// run is a plan with memory of its own.
type run struct {
	*plan
	program *cpu.Program
}

// bind gives an input's memory, if the program needs the input.
func (r *run) bind(v *autodiff.Value, a autodiff.Array) error {
	if !r.program.Uses(v) {
		return nil
	}
	return r.program.Bind(v, a)
}

// bindAll gives the memory of several inputs.
func (r *run) bindAll(vs []*autodiff.Value, as []autodiff.Array) error {
	for i, v := range vs {
		if err := r.bind(v, as[i]); err != nil {
			return err
		}
	}
	return nil
}

// bindResults gives the memory that outputs are written into, from the first one
// on.
func (r *run) bindResults(first int, as []autodiff.Array) error {
	for i, a := range as {
		if err := r.program.BindOutput(first+i, a); err != nil {
			return fmt.Errorf("nn: results: %w", err)
		}
	}
	return nil
}
