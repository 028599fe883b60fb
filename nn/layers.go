package nn

import (
	"math"

	"leeway/autodiff"
)

// Linear is x W' + bias over the last axis, with parameters name.weight [outputs
// inputs] and name.bias [outputs], initialised as PyTorch's nn.Linear.
func (b *Builder) Linear(name string, x *autodiff.Value, outputs int) *autodiff.Value {
	y := b.LinearNoBias(name, x, outputs)
	bias := b.Parameter(name+".bias", uniform(1/math.Sqrt(float64(b.Dim(x, -1)))), outputs)
	return autodiff.Add(y, bias)
}

// LinearNoBias is x W' over the last axis, with parameter name.weight alone.
func (b *Builder) LinearNoBias(name string, x *autodiff.Value, outputs int) *autodiff.Value {
	if !b.fits("linear layer", name, x, 0) {
		return b.invalid()
	}
	return b.timesTransposed(x, b.Parameter(name+".weight", layerInit, outputs, b.Dim(x, -1)))
}

// timesTransposed is x w' over the last axis of x: one matrix product, however
// many leading axes x has.
func (b *Builder) timesTransposed(x, w *autodiff.Value) *autodiff.Value {
	if !b.fits("linear layer", "", x, 0) {
		return b.invalid()
	}
	shape := append([]int(nil), x.Shape()...)
	inputs := shape[len(shape)-1]
	flat := autodiff.Reshape(x, x.Shape().Size()/inputs, inputs)
	y := autodiff.MatMul(flat, autodiff.Transpose(w, 1, 0))
	shape[len(shape)-1] = b.Dim(w, 0)
	return autodiff.Reshape(y, shape...)
}

// Convolution says how a convolution's kernel lies and moves.
type Convolution struct {
	// Kernel is the kernel's height and width, by default 3.
	Kernel int
	// Stride in both directions, by default 1.
	Stride int
	// Padding is the number of zeros on every side. A 3x3 kernel with stride 1
	// and padding 1 keeps the size of the image ("same").
	Padding int
	// NoBias leaves out the bias.
	NoBias bool
	// Init of the weights; the zero value is PyTorch's default.
	Init Init
}

// Conv is a two-dimensional convolution of images [N H W C], with parameters
// name.weight [outputs C kernel kernel] and name.bias [outputs], initialised as
// PyTorch's nn.Conv2d.
func (b *Builder) Conv(name string, x *autodiff.Value, outputs int, c Convolution) *autodiff.Value {
	if !b.fits("convolution", name, x, 4) {
		return b.invalid()
	}
	k, stride, inputs := c.Kernel, c.Stride, b.Dim(x, 3)
	if k == 0 {
		k = 3
	}
	if stride == 0 {
		stride = 1
	}
	if min(k, stride) < 1 || c.Padding < 0 {
		return b.Fail("convolution %q has kernel %d, stride %d and padding %d. Try: positive numbers, or 0 for the defaults", name, c.Kernel, c.Stride, c.Padding)
	}
	if h, w := b.Dim(x, 1)+2*c.Padding, b.Dim(x, 2)+2*c.Padding; h < k || w < k {
		return b.Fail("the kernel of convolution %q, %dx%d, exceeds its image, %dx%d. Try: larger images or fewer layers", name, k, k, h, w)
	}
	if c.Init.Kind == "" {
		c.Init = layerInit
	}
	w := b.Parameter(name+".weight", c.Init, outputs, inputs, k, k)
	y := autodiff.Conv(x, autodiff.Transpose(w, 2, 3, 1, 0), autodiff.Window{
		StrideH: stride, StrideW: stride,
		PadTop: c.Padding, PadBottom: c.Padding, PadLeft: c.Padding, PadRight: c.Padding,
	})
	if c.NoBias {
		return y
	}
	return autodiff.Add(y, b.Parameter(name+".bias", uniform(1/math.Sqrt(float64(inputs*k*k))), outputs))
}

// MaxPool is the largest element of windows size x size, side by side. Rows and
// columns that fill no window are left out.
func (b *Builder) MaxPool(x *autodiff.Value, size int) *autodiff.Value {
	if !b.fits("max pool", "", x, 4) {
		return b.invalid()
	}
	if h, w := b.Dim(x, 1), b.Dim(x, 2); size < 1 {
		return b.Fail("a max pool of %dx%d. Try: a size of at least 1", size, size)
	} else if h < size || w < size {
		return b.Fail("images have shrunk to %dx%d before a %dx%d max pool. Try: larger images or fewer blocks", h, w, size, size)
	}
	return autodiff.MaxPool(x, autodiff.Window{KernelH: size, KernelW: size, StrideH: size, StrideW: size})
}

// Flatten is x as rows [N features]. Images are put into channels-first order
// first, as PyTorch has them.
func (b *Builder) Flatten(x *autodiff.Value) *autodiff.Value {
	if !b.fits("flatten", "", x, 0) {
		return b.invalid()
	}
	if len(x.Shape()) == 4 {
		x = autodiff.Transpose(x, 0, 3, 1, 2)
	}
	n := b.Dim(x, 0)
	return autodiff.Reshape(x, n, x.Shape().Size()/n)
}

// GlobalAveragePool is the mean over the places of images [N H W C] or of
// sequences [N T C].
func (b *Builder) GlobalAveragePool(x *autodiff.Value) *autodiff.Value {
	switch {
	case !b.fits("global average pool", "", x, 0):
		return b.invalid()
	case len(x.Shape()) == 4:
		return autodiff.Mean(x, 1, 2)
	case len(x.Shape()) == 3:
		return autodiff.Mean(x, 1)
	}
	return b.Fail("global average pool takes images or sequences, not %v. Try: a layer of images before it", x.Shape())
}

// Embedding takes rows of a table by Int32 tokens, with parameter name.weight
// [rows features], normal with deviation 1 as PyTorch's nn.Embedding. The table
// is returned as well, for heads that share it.
func (b *Builder) Embedding(name string, tokens *autodiff.Value, rows, features int) (y, table *autodiff.Value) {
	if b.err == nil && (tokens == nil || tokens.DType() != autodiff.Int32) {
		b.Fail("embedding %q takes tokens. Try: data of tokens", name)
	}
	if b.err != nil {
		return b.invalid(), b.invalid()
	}
	table = b.Parameter(name+".weight", Init{Kind: Normal, Std: 1}, rows, features)
	return autodiff.Gather(table, tokens), table
}
