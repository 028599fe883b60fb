package reference

import (
	"fmt"
	"math"

	"leeway/autodiff"
)

// rows is the number of rows of a table and the length of one.
func rows(table autodiff.Shape) (n, length int) { return table[0], table[1:].Size() }

func gather(table, index array, shape autodiff.Shape) (array, error) {
	y := zeros(shape)
	n, length := rows(table.shape)
	for i, r := range index.x {
		if r < 0 || int(r) >= n {
			return y, fmt.Errorf("index %v at place %d of a table of %d rows", r, i, n)
		}
		copy(y.x[i*length:(i+1)*length], table.x[int(r)*length:])
	}
	return y, nil
}

func scatterAdd(x, index array, shape autodiff.Shape) (array, error) {
	y := zeros(shape)
	n, length := rows(shape)
	for i, r := range index.x {
		if r < 0 || int(r) >= n {
			return y, fmt.Errorf("index %v at place %d of a table of %d rows", r, i, n)
		}
		for j := range length {
			y.x[int(r)*length+j] += x.x[i*length+j]
		}
	}
	return y, nil
}

// argMaxPool: the first maximum in row-major order, where a NaN is larger than all
// before it.
func argMaxPool(x array, w autodiff.Window, shape autodiff.Shape) array {
	y := zeros(shape)
	each(shape, func(i []int) {
		best, position := math.Inf(-1), 0
		for kh := range w.KernelH {
			for kw := range w.KernelW {
				e := x.x[at(x.shape, []int{i[0], i[1]*w.StrideH + kh, i[2]*w.StrideW + kw, i[3]})]
				if e > best || math.IsNaN(e) {
					best, position = e, kh*w.KernelW+kw
				}
			}
		}
		y.x[at(shape, i)] = float64(position)
	})
	return y
}

// inWindow is the place in the image that a window's position stands for.
func inWindow(image autodiff.Shape, w autodiff.Window, i []int, position float64) (int, error) {
	p := int(position)
	if p < 0 || p >= w.KernelH*w.KernelW {
		return 0, fmt.Errorf("position %d in a window of %d by %d at %v", p, w.KernelH, w.KernelW, i)
	}
	return at(image, []int{i[0], i[1]*w.StrideH + p/w.KernelW, i[2]*w.StrideW + p%w.KernelW, i[3]}), nil
}

func poolGather(x, position array, w autodiff.Window, shape autodiff.Shape) (y array, err error) {
	y = zeros(shape)
	each(shape, func(i []int) {
		here := at(shape, i)
		from, e := inWindow(x.shape, w, i, position.x[here])
		if e != nil {
			err = e
			return
		}
		y.x[here] = x.x[from]
	})
	return y, err
}

func poolScatter(x, position array, w autodiff.Window, shape autodiff.Shape) (y array, err error) {
	y = zeros(shape)
	each(x.shape, func(i []int) {
		here := at(x.shape, i)
		to, e := inWindow(shape, w, i, position.x[here])
		if e != nil {
			err = e
			return
		}
		y.x[to] += x.x[here]
	})
	return y, err
}
