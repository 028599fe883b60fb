package random

import "leeway/autodiff"

// axes draws some axes of a shape, perhaps none, in any order.
func (r *generator) axes(s autodiff.Shape) []int {
	return r.permutation(len(s))[:r.src.IntN(len(s)+1)]
}

func stopped(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	return autodiff.Stop(x), r.bound[x]
}

func broadcast(r *generator) (*autodiff.Value, float64) {
	s := r.shape(r.src.IntN(5))
	small := append(autodiff.Shape{}, s...)
	for i := range small {
		if r.src.IntN(2) == 0 {
			small[i] = 1
		}
	}
	x := r.of(small)
	return autodiff.Broadcast(x, s...), r.bound[x]
}

func sum(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	axes, bound := r.axes(x.Shape()), r.bound[x]
	switch r.src.IntN(4) {
	case 0:
		return autodiff.Sum(x, axes...), bound * float64(x.Shape().Size())
	case 1:
		return autodiff.Mean(x, axes...), bound
	case 2:
		return autodiff.MeanKeep(x, axes...), bound
	}
	return autodiff.SumKeep(x, axes...), bound * float64(x.Shape().Size())
}

// largest takes a maximum of a leaf, perhaps transposed.
func largest(r *generator) (*autodiff.Value, float64) {
	x := r.leaf(r.any().Shape())
	if r.src.IntN(2) == 0 {
		x = autodiff.Transpose(x, r.permutation(len(x.Shape()))...)
	}
	return autodiff.MaxKeep(x, r.axes(x.Shape())...), 1
}

func reshape(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	shape := autodiff.Shape{}
	left := x.Shape().Size()
	for d := 2; left > 1; {
		switch {
		case left%d != 0:
			d++
		case r.src.IntN(2) == 0 && len(shape) > 0:
			shape[len(shape)-1] *= d
			left /= d
		case len(shape) < 6:
			shape = append(shape, d)
			left /= d
		}
		if r.src.IntN(6) == 0 && len(shape) < 6 {
			shape = append(shape, 1)
		}
	}
	return autodiff.Reshape(x, shape...), r.bound[x]
}

func transpose(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	if len(x.Shape()) < 2 {
		x = r.of(r.shape(2 + r.src.IntN(3)))
	}
	return autodiff.Transpose(x, r.permutation(len(x.Shape()))...), r.bound[x]
}

func slice(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	start, shape := make([]int, len(x.Shape())), make([]int, len(x.Shape()))
	for i, d := range x.Shape() {
		start[i] = r.src.IntN(d)
		shape[i] = 1 + r.src.IntN(d-start[i])
	}
	return autodiff.Slice(x, start, shape), r.bound[x]
}

func pad(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	start, shape := make([]int, len(x.Shape())), make([]int, len(x.Shape()))
	for i, d := range x.Shape() {
		start[i] = r.src.IntN(3)
		shape[i] = start[i] + d + r.src.IntN(2)
	}
	return autodiff.Pad(x, start, shape), r.bound[x]
}

func concat(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	if len(x.Shape()) == 0 {
		x = r.of(r.shape(1))
	}
	axis := r.src.IntN(len(x.Shape()))
	parts, bound := []*autodiff.Value{x}, r.bound[x]
	for range r.src.IntN(3) {
		shape := append(autodiff.Shape{}, x.Shape()...)
		shape[axis] = 1 + r.src.IntN(3)
		part := r.of(shape)
		parts, bound = append(parts, part), max(bound, r.bound[part])
	}
	return autodiff.Concat(axis, parts...), bound
}
