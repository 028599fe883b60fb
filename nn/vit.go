package nn

import (
	"fmt"
	"math"

	"leeway/autodiff"
)

// SimpleViT is a vision transformer: square patches, embedded linearly between
// two layer norms; sine and cosine positions that are not learned; pre-norm blocks
// of attention and a GELU perceptron; a last layer norm; the mean over patches; a
// linear head. The defaults are those of Cattaneo, Klusowski and Shigida, "On the
// Implicit Bias of Adam" (ICML 2024).
//
// It is SimpleViT of the Python package vit-pytorch in its later versions (earlier
// ones have the last norm behind the mean, as linear_head.0), with the same names:
// to_patch_embedding.{1,2,3}, transformer.norm, transformer.layers.0.0.norm,
// .0.0.to_qkv and .0.0.to_out (no biases), .0.1.net.{0,1,3}, ..., linear_head.
//
// Source: Beyer, Zhai and Kolesnikov, "Better plain ViT baselines for ImageNet-1k"
// (2022).
type SimpleViT struct {
	// Patch is the side of a patch in pixels, by default 4.
	Patch int
	// Dim is the dimension of the embedding, by default 512, a multiple of 4.
	Dim int
	// Depth is the number of blocks, by default 6.
	Depth int
	// Heads of each attention, by default 16, and their dimension, by default 64.
	Heads, HeadDim int
	// MLPDim is the width of the perceptrons' hidden layer, by default 1024.
	MLPDim int
}

// Logits implements [Architecture].
func (v SimpleViT) Logits(b *Builder, x *autodiff.Value, outputs int) *autodiff.Value {
	for _, d := range []struct {
		field     *int
		otherwise int
	}{{&v.Patch, 4}, {&v.Dim, 512}, {&v.Depth, 6}, {&v.Heads, 16}, {&v.HeadDim, 64}, {&v.MLPDim, 1024}} {
		if *d.field == 0 {
			*d.field = d.otherwise
		}
	}
	if !b.fits("vision transformer", "", x, 4) {
		return b.invalid()
	}
	n, h, w, c, p := b.Dim(x, 0), b.Dim(x, 1), b.Dim(x, 2), b.Dim(x, 3), v.Patch
	switch {
	case min(v.Patch, v.Dim, v.Depth, v.Heads, v.HeadDim, v.MLPDim) < 1:
		return b.Fail("a vision transformer with a negative size: %+v. Try: positive numbers", v)
	case h%p != 0 || w%p != 0:
		return b.Fail("patches of %dx%d do not tile images of %dx%d. Try: a patch that divides both sides", p, p, h, w)
	case v.Dim%4 != 0 || v.Dim < 8:
		return b.Fail("a vision transformer of dimension %d. Try: a multiple of 4 from 8 on, which its positions need", v.Dim)
	}
	rows, columns := h/p, w/p
	x = autodiff.Transpose(autodiff.Reshape(x, n, rows, p, columns, p, c), 0, 1, 3, 2, 4, 5)
	x = autodiff.Reshape(x, n, rows*columns, p*p*c)
	x = b.LayerNorm("to_patch_embedding.1", x)
	x = b.Linear("to_patch_embedding.2", x, v.Dim)
	x = b.LayerNorm("to_patch_embedding.3", x)
	// The last norm stands before the blocks in the state dict.
	norm := b.lateNorm("transformer.norm", v.Dim)
	x = autodiff.Add(x, b.graph.Literal(sinCosPositions(b.dtype, rows, columns, v.Dim)))
	for i := range v.Depth {
		name := fmt.Sprintf("transformer.layers.%d.", i)
		y := b.LinearNoBias(name+"0.to_qkv", b.LayerNorm(name+"0.norm", x), 3*v.Heads*v.HeadDim)
		y = b.LinearNoBias(name+"0.to_out", b.Attention(y, v.Heads, false), v.Dim)
		x = autodiff.Add(x, y)
		y = b.Linear(name+"1.net.1", b.LayerNorm(name+"1.net.0", x), v.MLPDim)
		y = b.Linear(name+"1.net.3", b.Activation(GELU, y), v.Dim)
		x = autodiff.Add(x, y)
	}
	return b.Linear("linear_head", b.GlobalAveragePool(norm(x)), outputs)
}

// sinCosPositions are the positions of a grid, [1 rows*columns dim]: a quarter of
// the dimensions each for the sine and cosine of the column and those of the row,
// with wavelengths from 1 to 10000.
func sinCosPositions(dtype autodiff.DType, rows, columns, dim int) autodiff.Array {
	a, quarter := autodiff.NewArray(dtype, 1, rows*columns, dim), dim/4
	for y := range rows {
		for x := range columns {
			at := (y*columns + x) * dim
			for j := range quarter {
				omega := math.Pow(10000, -float64(j)/float64(quarter-1))
				sx, cx := math.Sincos(float64(x) * omega)
				sy, cy := math.Sincos(float64(y) * omega)
				for part, value := range []float64{sx, cx, sy, cy} {
					a.Set(at+part*quarter+j, value)
				}
			}
		}
	}
	return a
}
