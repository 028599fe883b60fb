package cpu

import (
	"fmt"
	"unsafe"

	"leeway/autodiff"
)

// Bind gives the memory of an input, or of a value named in Settings.Given,
// without copying: the program reads it at every run. The array's type and shape
// must be the value's. The errors are another array than that, and a value that is
// no input of this program.
func (p *Program) Bind(v *autodiff.Value, a autodiff.Array) error {
	s := p.plan.inputs[v]
	if s == nil {
		return fmt.Errorf("cpu: bind: %v is no input of this program", v)
	}
	if err := fits(a, v); err != nil {
		return fmt.Errorf("cpu: bind: %w", err)
	}
	p.keep[s.id], p.address[s.id] = a, addressOf(a)
	return nil
}

// fits is an error if the array is not one for the value.
func fits(a autodiff.Array, v *autodiff.Value) error {
	switch {
	case addressOf(a) == nil:
		return fmt.Errorf("%v takes no array without elements", v)
	case a.DType() != v.DType() || !a.Shape().Equal(v.Shape()):
		return fmt.Errorf("%v takes no array of %v %v", v, a.DType(), a.Shape())
	}
	return nil
}

// Uses reports whether the program reads the value, an input or one named in
// Settings.Given: others need not be bound, and cannot be.
func (p *Program) Uses(v *autodiff.Value) bool { return p.plan.inputs[v] != nil }

// BindOutput gives the memory that output i is written into, which must not overlap
// a bound input. Without it the output lies in the program's own memory.
//
// An output that shares its memory, because it is a view of another value, an
// input, a constant, or asked for twice, is computed in the program's memory all
// the same and copied at the end of the run.
func (p *Program) BindOutput(i int, a autodiff.Array) error {
	if i < 0 || i >= len(p.plan.outputs) {
		return fmt.Errorf("cpu: bind output: there is no output %d among %d", i, len(p.plan.outputs))
	}
	o := p.plan.outputs[i]
	if err := fits(a, o.value); err != nil {
		return fmt.Errorf("cpu: bind output %d: %w", i, err)
	}
	if o.alone {
		p.keep[o.store.id], p.address[o.store.id] = a, addressOf(a)
	} else {
		p.copies[i] = a
	}
	return nil
}

// Output is output i of the last run: the memory bound to it, or the program's
// own, which is valid until the next run. It is empty before the first run and
// after a run that failed.
func (p *Program) Output(i int) autodiff.Array {
	if !p.ran {
		return autodiff.Array{}
	}
	if p.copies[i].Shape() != nil {
		return p.copies[i]
	}
	v := p.plan.outputs[i].value
	return arrayAt(p.outputAt(i), v.DType(), v.Shape())
}

// outputAt is where the program itself has output i.
func (p *Program) outputAt(i int) unsafe.Pointer {
	o := p.plan.outputs[i]
	return unsafe.Add(p.address[o.store.id], o.off*o.store.dtype.Size())
}

// copyOutput copies an output that shares its memory with other values.
func (p *Program) copyOutput(i int) {
	o := p.plan.outputs[i]
	bytes := o.n * o.store.dtype.Size()
	copy(unsafe.Slice((*byte)(addressOf(p.copies[i])), bytes), unsafe.Slice((*byte)(p.outputAt(i)), bytes))
}
