package cpu

import "leeway/autodiff"

// fold computes what depends on literals alone, so that runs do not. It returns
// the arrays of values that the rest reads.
func fold(order []*autodiff.Value, given map[*autodiff.Value]bool, outputs []*autodiff.Value, s Settings) (map[*autodiff.Value]autodiff.Array, error) {
	values := foldable(order, given, outputs)
	if len(values) == 0 {
		return nil, nil
	}
	p, err := compile(autodiff.Order(values), values, nil, nil, Settings{Threads: s.Threads, Direct: s.Direct, MemoryLimit: s.MemoryLimit})
	if err != nil {
		return nil, err
	}
	known := map[*autodiff.Value]autodiff.Array{}
	for i, v := range values {
		// Arrays of their own: the program's memory holds all that leads to them, and is
		// given back.
		known[v] = autodiff.NewArray(v.DType(), v.Shape()...)
		if err := p.BindOutput(i, known[v]); err != nil {
			return nil, err
		}
	}
	return known, p.Run()
}

// foldable lists the values that depend on literals alone and that the rest, or the
// caller, reads.
func foldable(order []*autodiff.Value, given map[*autodiff.Value]bool, outputs []*autodiff.Value) []*autodiff.Value {
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
	return keys(wanted)
}
