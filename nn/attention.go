package nn

import (
	"math"

	"leeway/autodiff"
)

// masked is the score of a place that attention must not look at. Its
// exponential is exactly 0 in both types, as that of minus infinity, but it makes
// no NaN where it is multiplied by 0.
const masked = -1e30

// Attention is scaled dot-product attention of several heads. qkv [N T 3*inner]
// holds queries, keys and values side by side, each head by head; the result is
// [N T inner]. A causal one looks at no place behind its own.
//
// Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.
func (b *Builder) Attention(qkv *autodiff.Value, heads int, causal bool) *autodiff.Value {
	if !b.fits("attention", "", qkv, 3) {
		return b.invalid()
	}
	n, t, inner := b.Dim(qkv, 0), b.Dim(qkv, 1), b.Dim(qkv, 2)/3
	if heads < 1 || inner*3 != b.Dim(qkv, 2) || inner%heads != 0 {
		return b.Fail("%d features do not divide among %d heads. Try: a dimension that is a multiple of the heads", inner, heads)
	}
	d := inner / heads
	// One transposition brings the three to [3 N heads T d]; each is then a
	// contiguous part of it.
	parts := autodiff.Transpose(autodiff.Reshape(qkv, n, t, 3, heads, d), 2, 0, 3, 1, 4)
	part := func(i int) *autodiff.Value {
		one := autodiff.Slice(parts, []int{i, 0, 0, 0, 0}, []int{1, n, heads, t, d})
		return autodiff.Reshape(one, n*heads, t, d)
	}
	query, key, value := part(0), part(1), part(2)
	scores := autodiff.Scale(autodiff.MatMul(query, autodiff.Transpose(key, 0, 2, 1)), 1/math.Sqrt(float64(d)))
	if causal {
		scores = autodiff.Where(b.lowerTriangle(t), scores, b.graph.Constant(masked, b.dtype, 1, 1, 1))
	}
	mixed := autodiff.MatMul(autodiff.Softmax(scores), value) // [N*heads T d]
	mixed = autodiff.Transpose(autodiff.Reshape(mixed, n, heads, t, d), 0, 2, 1, 3)
	return autodiff.Reshape(mixed, n, t, inner)
}

// lowerTriangle is [1 t t], 1 where a place may look.
func (b *Builder) lowerTriangle(t int) *autodiff.Value {
	mask := autodiff.NewArray(b.dtype, 1, t, t)
	for i := range t {
		for j := range i + 1 {
			mask.Set(i*t+j, 1)
		}
	}
	return b.graph.Literal(mask)
}
