package random

import "leeway/autodiff"

func gather(r *generator) (*autodiff.Value, float64) {
	table := r.any()
	if len(table.Shape()) == 0 {
		table = r.of(r.shape(2))
	}
	index := r.indices(r.shape(r.src.IntN(3)), table.Shape()[0])
	return autodiff.Gather(table, index), r.bound[table]
}

func scatter(r *generator) (*autodiff.Value, float64) {
	x := r.any()
	index := x.Shape()[:r.src.IntN(len(x.Shape())+1)]
	rows := 1 + r.src.IntN(4)
	return autodiff.ScatterAdd(x, r.indices(index, rows), rows), r.bound[x] * float64(index.Size())
}

// image is a value of rank 4 or a new one with sides that leave a kernel room.
func (r *generator) image(height, width int) autodiff.Shape {
	return autodiff.Shape{1 + r.src.IntN(2), height + r.src.IntN(3), width + r.src.IntN(3), 1 + r.src.IntN(2)}
}

func (r *generator) window() autodiff.Window {
	return autodiff.Window{
		KernelH: 1 + r.src.IntN(3), KernelW: 1 + r.src.IntN(3),
		StrideH: r.src.IntN(4), StrideW: r.src.IntN(4),
	}
}

func pooled(image autodiff.Shape, w autodiff.Window) autodiff.Shape {
	h, v := (image[1]-w.KernelH)/max(w.StrideH, 1)+1, (image[2]-w.KernelW)/max(w.StrideW, 1)+1
	return autodiff.Shape{image[0], h, v, image[3]}
}

// pool is a maximum over the windows of a leaf, or elements of any value at the
// positions of a leaf's maxima or of an input.
func pool(r *generator) (*autodiff.Value, float64) {
	w := r.window()
	shape := r.image(w.KernelH, w.KernelW)
	switch r.src.IntN(3) {
	case 0:
		return autodiff.MaxPool(r.leaf(shape), w), 1
	case 1:
		x := r.of(shape)
		return autodiff.PoolGather(x, autodiff.ArgMaxPool(r.leaf(shape), w), w), r.bound[x]
	}
	x := r.of(shape)
	return autodiff.PoolGather(x, r.indices(pooled(shape, w), w.KernelH*w.KernelW), w), r.bound[x]
}

func poolScatter(r *generator) (*autodiff.Value, float64) {
	w := r.window()
	shape := r.image(w.KernelH, w.KernelW)
	y := r.of(pooled(shape, w))
	position := r.indices(y.Shape(), w.KernelH*w.KernelW)
	if r.src.IntN(2) == 0 {
		position = autodiff.ArgMaxPool(r.leaf(shape), w)
	}
	return autodiff.PoolScatter(y, position, shape[1], shape[2], w), r.bound[y] * 9
}

// matMul multiplies batches of matrices, either side stored transposed or as a
// matrix that all of the batch share.
func matMul(r *generator) (*autodiff.Value, float64) {
	rank := 2 + r.src.IntN(2)*r.src.IntN(3)
	a := r.ofRank(rank)
	shape := append(autodiff.Shape{}, a.Shape()...)
	shape[rank-2], shape[rank-1] = shape[rank-1], 1+r.src.IntN(4)
	var b *autodiff.Value
	switch r.src.IntN(3) {
	case 0:
		b = r.of(shape)
	case 1:
		one := append(autodiff.Shape{}, shape...)
		for i := range rank - 2 {
			one[i] = 1
		}
		b = autodiff.Broadcast(r.bounded(r.of(one), 1), shape...)
	case 2:
		b = r.of(swapped(shape))
		b = autodiff.Transpose(b, swap(rank)...)
	}
	bound := r.bound[a] * max(1, r.bound[b]) * float64(shape[rank-2])
	switch r.src.IntN(3) {
	case 0: // (b' a')
		return autodiff.MatMul(autodiff.Transpose(b, swap(rank)...), autodiff.Transpose(a, swap(rank)...)), bound
	case 1: // a side whose stored axes are all exchanged
		c := r.of(swapped(a.Shape()))
		return autodiff.MatMul(autodiff.Transpose(c, swap(rank)...), b), float64(shape[rank-2]) * max(1, r.bound[c]) * max(1, r.bound[b])
	}
	return autodiff.MatMul(a, b), bound
}

// swap is the permutation that exchanges the last two axes.
func swap(rank int) []int {
	p := make([]int, rank)
	for i := range p {
		p[i] = i
	}
	p[rank-2], p[rank-1] = rank-1, rank-2
	return p
}

func swapped(s autodiff.Shape) autodiff.Shape {
	t := append(autodiff.Shape{}, s...)
	t[len(s)-2], t[len(s)-1] = s[len(s)-1], s[len(s)-2]
	return t
}

// convolution draws shapes that fit each other: image, kernel, result.
func (r *generator) convolution() (image, kernel, result autodiff.Shape, w autodiff.Window) {
	w = autodiff.Window{
		StrideH: r.src.IntN(4), StrideW: r.src.IntN(3),
		PadTop: r.src.IntN(3), PadBottom: r.src.IntN(3), PadLeft: r.src.IntN(3), PadRight: r.src.IntN(3),
	}
	kh, kw := 1+r.src.IntN(3), 1+r.src.IntN(3)
	image = r.image(kh, kw)
	kernel = autodiff.Shape{kh, kw, image[3], 1 + r.src.IntN(3)}
	h := (image[1]+w.PadTop+w.PadBottom-kh)/max(w.StrideH, 1) + 1
	v := (image[2]+w.PadLeft+w.PadRight-kw)/max(w.StrideW, 1) + 1
	return image, kernel, autodiff.Shape{image[0], h, v, kernel[3]}, w
}

func conv(r *generator) (*autodiff.Value, float64) {
	image, kernel, _, w := r.convolution()
	x, k := r.of(image), r.of(kernel)
	return autodiff.Conv(x, k, w), r.bound[x] * r.bound[k] * float64(kernel.Size())
}

func convInputGrad(r *generator) (*autodiff.Value, float64) {
	image, kernel, result, w := r.convolution()
	y, k := r.of(result), r.of(kernel)
	return autodiff.ConvInputGrad(y, k, image[1], image[2], w), r.bound[y] * r.bound[k] * float64(kernel.Size())
}

func convWeightGrad(r *generator) (*autodiff.Value, float64) {
	image, kernel, result, w := r.convolution()
	x, y := r.of(image), r.of(result)
	return autodiff.ConvWeightGrad(x, y, kernel[0], kernel[1], w), r.bound[x] * r.bound[y] * float64(result.Size())
}
