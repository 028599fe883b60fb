package cpu

import (
	"fmt"
	"unsafe"

	"leeway/autodiff"
)

// Bind gives the memory of an input, or of a value named in Settings.Given,
// without copying: the program reads it at every run. The array's type and shape
// must be the value's.
func (p *Program) Bind(v *autodiff.Value, a autodiff.Array) error {
	s := p.plan.inputs[v]
	if s == nil {
		return fmt.Errorf("cpu: bind: %v is no input of this program", v)
	}
	if a.DType() != v.DType() || !a.Shape().Equal(v.Shape()) {
		return fmt.Errorf("cpu: bind: %v takes no array of %v %v", v, a.DType(), a.Shape())
	}
	p.keep[s.id], p.address[s.id] = a, addressOf(a)
	return nil
}

// Uses reports whether the program reads the value, an input or one named in
// Settings.Given: others need not be bound, and cannot be.
func (p *Program) Uses(v *autodiff.Value) bool { return p.plan.inputs[v] != nil }

// BindOutput gives the memory that output i is written into. Without it the
// output lies in the program's own memory. The array must not overlap a bound
// input.
func (p *Program) BindOutput(i int, a autodiff.Array) error {
	if i < 0 || i >= len(p.plan.outputs) {
		return fmt.Errorf("cpu: bind output: there is no output %d among %d", i, len(p.plan.outputs))
	}
	o := p.plan.outputs[i]
	if a.DType() != o.value.DType() || !a.Shape().Equal(o.value.Shape()) {
		return fmt.Errorf("cpu: bind output %d: %v takes no array of %v %v", i, o.value, a.DType(), a.Shape())
	}
	if o.alone {
		p.keep[o.store.id], p.address[o.store.id] = a, addressOf(a)
	} else {
		p.copies[i] = a
	}
	return nil
}

// Output is output i of the last run: the memory bound to it, or the program's
// own, which is valid until the next run. It is empty before the first run.
func (p *Program) Output(i int) autodiff.Array {
	if !p.ran {
		return autodiff.Array{}
	}
	o := p.plan.outputs[i]
	if p.copies[i].Shape() != nil {
		return p.copies[i]
	}
	return arrayAt(unsafe.Add(p.address[o.store.id], o.off*o.store.dtype.Size()), o.value.DType(), o.value.Shape())
}

// copyOutput copies an output that shares its memory with other values.
func (p *Program) copyOutput(i int) {
	o := p.plan.outputs[i]
	from := arrayAt(unsafe.Add(p.address[o.store.id], o.off*o.store.dtype.Size()), o.value.DType(), o.value.Shape())
	to := p.copies[i]
	copy(to.Float32s(), from.Float32s())
	copy(to.Float64s(), from.Float64s())
	copy(to.Int32s(), from.Int32s())
}

// nameOf finds the value of a storage that is bound, for errors.
func (p *plan) nameOf(s *storage) *autodiff.Value {
	for v, t := range p.inputs {
		if s == t {
			return v
		}
	}
	return nil
}
