package cpu

import (
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/autodiff"
)

// Reading through a transposition, reshaped and stretched, can ask for more digits
// than a value has axes: here every second axis is split in two and four more
// repeat. The reference moves elements one operation at a time.
func TestPatternOfTwelveDimensions(t *testing.T) {
	b := newBuild(autodiff.Float64)
	x := b.normal(2, 2, 2, 2, 2, 2, 2, 2)
	y := autodiff.Reshape(autodiff.Transpose(x, 6, 5, 4, 3, 2, 1, 0, 7), 4, 1, 4, 1, 4, 1, 4, 1)
	matchReference(t, []*autodiff.Value{autodiff.Broadcast(y, 4, 2, 4, 2, 4, 2, 4, 2)}, b.data, Settings{Threads: 1})
}

// Random chains of movements and arithmetic of five to eight axes, against the
// reference. Some begin with the transposition, reshape and broadcast above.
func TestManyAxes(t *testing.T) {
	for seed := range uint64(800) {
		r := rand.New(rand.NewPCG(seed, 8))
		b := newBuild(autodiff.Float64)
		b.rand = r
		rank := 8 - r.IntN(4)*r.IntN(2)
		shape := make([]int, rank)
		for i := range shape {
			shape[i] = min(2, 1+r.IntN(4))
		}
		v := b.normal(shape...)
		outputs := []*autodiff.Value{v}
		for i := range 5 {
			kind := r.IntN(len(movements))
			if seed%2 == 0 {
				kind = i % len(movements)
			}
			v = movements[kind](r, v, slices.Clone(v.Shape()))
			if r.IntN(4) == 0 {
				v = autodiff.Mul(v, autodiff.Tanh(v))
			}
			if r.IntN(2) == 0 {
				outputs = append(outputs, v)
			}
		}
		outputs = append(outputs, v, autodiff.SumKeep(v, r.Perm(len(v.Shape()))[:2]...))
		if err := b.Err(); err != nil {
			t.Fatal(err)
		}
		matchReference(t, outputs, b.data, Settings{Threads: 1})
	}
}

// movements draw what moves the elements of a value of a shape: at most 4,096.
var movements = []func(r *rand.Rand, v *autodiff.Value, shape []int) *autodiff.Value{
	func(r *rand.Rand, v *autodiff.Value, shape []int) *autodiff.Value {
		return autodiff.Transpose(v, r.Perm(len(shape))...)
	},
	func(r *rand.Rand, v *autodiff.Value, shape []int) *autodiff.Value { // some neighbours become one axis, and one of length 1 beside it
		for i := 0; i+1 < len(shape); i++ {
			if r.IntN(4) > 0 {
				shape[i], shape[i+1] = shape[i]*shape[i+1], 1
				i++
			}
		}
		return autodiff.Reshape(v, shape...)
	},
	func(r *rand.Rand, v *autodiff.Value, shape []int) *autodiff.Value {
		for i := range shape {
			if autodiff.Shape(shape).Size() < 4096 && shape[i] == 1 && r.IntN(4) > 0 {
				shape[i] = 2
			}
		}
		return autodiff.Broadcast(v, shape...)
	},
	func(r *rand.Rand, v *autodiff.Value, shape []int) *autodiff.Value {
		start := make([]int, len(shape))
		for i, d := range shape {
			start[i] = r.IntN(d)
			shape[i] = 1 + r.IntN(d-start[i])
		}
		return autodiff.Slice(v, start, shape)
	},
}
