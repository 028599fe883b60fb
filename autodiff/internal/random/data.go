package random

import "leeway/autodiff"

// Data draws elements for the inputs. Floats lie between -1 and 1; the elements
// of one input are distinct, and they stay 1/2048 away from those of other inputs
// and from multiples of 1/64, so that no kink or jump is near. Indices are in
// their range.
func (p *Program) Data(src Source) map[*autodiff.Value]autodiff.Array {
	return p.data(src, func(a autodiff.Array, input int) {
		n := a.Shape().Size()
		cells := make([]int, max(128, n)) // each at most once: a partial shuffle
		for i := range cells {
			cells[i] = i
		}
		for i := range n {
			j := i + src.IntN(len(cells)-i)
			cells[i], cells[j] = cells[j], cells[i]
			// A cell is 1/64 wide; each input has its own place in it, of 31.
			a.Set(i, (float64(cells[i])+float64(1+input%31)/32)/64-1)
		}
	})
}

// Tied draws floats of -1, 0 and 1: ties, kinks and exact zeros.
func (p *Program) Tied(src Source) map[*autodiff.Value]autodiff.Array {
	return p.data(src, func(a autodiff.Array, _ int) {
		for i := range a.Shape().Size() {
			a.Set(i, float64(src.IntN(3)-1))
		}
	})
}

func (p *Program) data(src Source, fill func(a autodiff.Array, input int)) map[*autodiff.Value]autodiff.Array {
	data := map[*autodiff.Value]autodiff.Array{}
	for n, v := range p.Inputs {
		a := autodiff.NewArray(v.DType(), v.Shape()...)
		if limit, ok := p.limit[v]; ok {
			for i := range v.Shape().Size() {
				a.Set(i, float64(src.IntN(limit)))
			}
		} else {
			fill(a, n)
		}
		data[v] = a
	}
	return data
}

// Like draws an array of a value's type and shape with elements between -1 and
// 1: directions and cotangents.
func Like(src Source, v *autodiff.Value) autodiff.Array {
	a := autodiff.NewArray(v.DType(), v.Shape()...)
	for i := range v.Shape().Size() {
		a.Set(i, float64(src.IntN(256)+src.IntN(256)-255)/256)
	}
	return a
}
