package reference

import (
	"math"

	"leeway/autodiff"
)

// each calls visit with the index of every element of the shape, in row-major
// order. The slice is reused.
func each(shape autodiff.Shape, visit func(index []int)) {
	index := make([]int, len(shape))
	for range shape.Size() {
		visit(index)
		for i := len(shape) - 1; i >= 0; i-- {
			if index[i]++; index[i] < shape[i] {
				break
			}
			index[i] = 0
		}
	}
}

// at is the place of an index in a row-major array.
func at(shape autodiff.Shape, index []int) int {
	flat := 0
	for i, n := range index {
		flat = flat*shape[i] + n
	}
	return flat
}

// folded is an index with the axes of length 1 of a smaller array at 0: where a
// broadcast reads, and where a reduction writes.
func folded(small autodiff.Shape, index []int) []int {
	out := make([]int, len(index))
	for i, n := range index {
		if small[i] > 1 {
			out[i] = n
		}
	}
	return out
}

func constant(number float64, shape autodiff.Shape) array {
	y := zeros(shape)
	for i := range y.x {
		y.x[i] = number
	}
	return y
}

func elementwise(op autodiff.Op, attr autodiff.Attributes, in []array) array {
	y := zeros(in[0].shape)
	args := make([]float64, len(in))
	for i := range y.x {
		for j := range in {
			args[j] = in[j].x[i]
		}
		y.x[i] = autodiff.Scalar(op, attr, args...)
	}
	return y
}

func broadcast(x array, shape autodiff.Shape) array {
	y := zeros(shape)
	each(shape, func(index []int) {
		y.x[at(shape, index)] = x.x[at(x.shape, folded(x.shape, index))]
	})
	return y
}

func sum(x array, shape autodiff.Shape) array {
	y := zeros(shape)
	each(x.shape, func(index []int) {
		y.x[at(shape, folded(shape, index))] += x.x[at(x.shape, index)]
	})
	return y
}

func largest(x array, shape autodiff.Shape) array {
	y := constant(math.Inf(-1), shape)
	each(x.shape, func(index []int) {
		to := at(shape, folded(shape, index))
		y.x[to] = max(y.x[to], x.x[at(x.shape, index)])
	})
	return y
}

// transpose: axis i of the result is axis perm[i] of x.
func transpose(x array, perm []int, shape autodiff.Shape) array {
	y := zeros(shape)
	from := make([]int, len(perm))
	each(shape, func(index []int) {
		for i, p := range perm {
			from[p] = index[i]
		}
		y.x[at(shape, index)] = x.x[at(x.shape, from)]
	})
	return y
}

func slice(x array, start []int, shape autodiff.Shape) array {
	y := zeros(shape)
	from := make([]int, len(start))
	each(shape, func(index []int) {
		for i := range from {
			from[i] = start[i] + index[i]
		}
		y.x[at(shape, index)] = x.x[at(x.shape, from)]
	})
	return y
}

func pad(x array, start []int, shape autodiff.Shape) array {
	y := zeros(shape)
	to := make([]int, len(start))
	each(x.shape, func(index []int) {
		for i := range to {
			to[i] = start[i] + index[i]
		}
		y.x[at(shape, to)] = x.x[at(x.shape, index)]
	})
	return y
}

func concat(in []array, axis int, shape autodiff.Shape) array {
	y := zeros(shape)
	to := make([]int, len(shape))
	before := 0
	for _, x := range in {
		each(x.shape, func(index []int) {
			copy(to, index)
			to[axis] += before
			y.x[at(shape, to)] = x.x[at(x.shape, index)]
		})
		before += x.shape[axis]
	}
	return y
}
