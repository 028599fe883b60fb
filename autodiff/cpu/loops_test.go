package cpu

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"leeway/autodiff"
)

// build is a graph with inputs of normal numbers.
type build struct {
	*autodiff.Graph
	dtype autodiff.DType
	rand  *rand.Rand
	data  map[*autodiff.Value]autodiff.Array
}

func newBuild(d autodiff.DType) *build {
	return &build{&autodiff.Graph{}, d, rand.New(rand.NewPCG(3, 4)), map[*autodiff.Value]autodiff.Array{}}
}

func (b *build) normal(shape ...int) *autodiff.Value {
	v := b.Input(fmt.Sprint("x", len(b.data)), b.dtype, shape...)
	b.data[v] = normal(b.rand, 1, b.dtype, shape...)
	return v
}

// Every elementwise operation with arrays and numbers on either side, against
// the reference evaluator.
func TestElementwise(t *testing.T) {
	for _, d := range floats {
		b := newBuild(d)
		x, y, m := b.normal(50, 60), b.normal(50, 60), b.normal(50, 60)
		positive := autodiff.Shift(autodiff.Abs(x), 0.1)
		c := b.Constant(0.75, d, 50, 60)
		s := b.normal() // a number in memory
		outputs := []*autodiff.Value{
			autodiff.Neg(x), autodiff.Exp(x), autodiff.Log(positive), autodiff.Tanh(x), autodiff.Erf(x), autodiff.Sqrt(positive),
			autodiff.Rsqrt(positive), autodiff.Sigmoid(x), autodiff.Softplus(x), autodiff.Abs(x), autodiff.Sign(x),
			autodiff.Pow(positive, 2.5), autodiff.Pow(positive, -1), autodiff.MaxConstant(x, 0.25),
			autodiff.Where(autodiff.Greater(m, c), x, y), autodiff.Where(m, x, b.Constant(0, d)), autodiff.Where(s, c, x),
		}
		for _, op := range []func(a, b *autodiff.Value) *autodiff.Value{
			autodiff.Add, autodiff.Sub, autodiff.Mul, autodiff.Div, autodiff.Greater, autodiff.Equal,
		} {
			outputs = append(outputs, op(x, y), op(x, c), op(c, x), op(x, s), op(s, x), op(s, c))
		}
		matchReference(t, outputs, b.data, Settings{})
		for _, v := range outputs { // each in a loop of its own, too
			matchReference(t, []*autodiff.Value{v}, b.data, Settings{Threads: 1})
		}
	}
}

// Sums and maxima over any axes of arrays of several blocks, so that rows,
// columns and pieces begin and end inside of each other.
func TestReductions(t *testing.T) {
	for _, shape := range []autodiff.Shape{{70000}, {37, 1000}, {1000, 37}, {5, 6000}, {3, 7, 5000}, {40, 30, 20}, {4096, 5}, {11, 12, 13, 14}, {9000, 3}} {
		for _, d := range floats {
			b := newBuild(d)
			x := b.normal(shape...)
			y := autodiff.Mul(x, autodiff.Tanh(x))
			var outputs []*autodiff.Value
			for set := 1; set < 1<<len(shape); set++ {
				var axes []int
				for i := range shape {
					if set>>i&1 == 1 {
						axes = append(axes, i)
					}
				}
				outputs = append(outputs, autodiff.SumKeep(y, axes...), autodiff.MaxKeep(y, axes...))
				// The result used again with the elements.
				outputs = append(outputs, autodiff.Sum(autodiff.Exp(autodiff.Sub(y, autodiff.MaxKeep(y, axes...))), axes...))
			}
			matchReference(t, outputs, b.data, Settings{})
			for i := range outputs {
				matchReference(t, outputs[i:i+1], b.data, Settings{Threads: 1})
			}
		}
	}
}

// Operands broadcast along any axes of arrays of several blocks.
func TestBroadcasts(t *testing.T) {
	shape := autodiff.Shape{6, 5, 12, 50}
	for _, d := range floats {
		b := newBuild(d)
		x := b.normal(shape...)
		var outputs []*autodiff.Value
		for set := range 1 << len(shape) {
			small := append(autodiff.Shape(nil), shape...)
			for i := range shape {
				if set>>i&1 == 1 {
					small[i] = 1
				}
			}
			y := b.normal(small...)
			outputs = append(outputs, autodiff.Mul(x, y), autodiff.Exp(autodiff.Broadcast(y, shape...)))
			outputs = append(outputs, autodiff.Sum(autodiff.Mul(x, autodiff.Tanh(y)), 1, 3))
		}
		matchReference(t, outputs, b.data, Settings{})
		for i := range outputs {
			matchReference(t, outputs[i:i+1], b.data, Settings{})
		}
	}
}

// Movements of arrays of several blocks: all permutations, slices, pads and
// joins, of numbers of both sizes and of indices.
func TestMovements(t *testing.T) {
	shape := autodiff.Shape{6, 7, 40, 33}
	for _, d := range []autodiff.DType{autodiff.Float32, autodiff.Float64, autodiff.Int32} {
		b := newBuild(d)
		x := b.Input("x", d, shape...)
		b.data[x] = indices(b.rand, 1000, shape...)
		if d != autodiff.Int32 {
			b.data[x] = normal(b.rand, 1, d, shape...)
		}
		var outputs []*autodiff.Value
		var permute func(done, rest []int)
		permute = func(done, rest []int) {
			if len(rest) == 0 {
				outputs = append(outputs, autodiff.Transpose(x, done...))
			}
			for i, axis := range rest {
				permute(append(done[:len(done):len(done)], axis), append(rest[:i:i], rest[i+1:]...))
			}
		}
		permute(nil, []int{0, 1, 2, 3})
		part := autodiff.Slice(x, []int{1, 2, 3, 4}, []int{3, 4, 30, 20})
		outputs = append(outputs, part,
			autodiff.Slice(x, []int{2, 0, 0, 0}, []int{1, 7, 40, 33}),
			autodiff.Slice(x, []int{2, 1, 0, 0}, []int{1, 2, 40, 33}),
			autodiff.Pad(x, []int{1, 0, 2, 3}, []int{8, 7, 45, 40}),
			autodiff.Pad(part, []int{0, 0, 1, 0}, []int{3, 4, 31, 20}),
			autodiff.Concat(0, x, x), autodiff.Concat(1, part, part, part), autodiff.Concat(3, x, x),
			autodiff.Transpose(autodiff.Slice(autodiff.Transpose(x, 0, 2, 1, 3), []int{1, 0, 2, 3}, []int{4, 40, 3, 10}), 2, 0, 1, 3),
			autodiff.Reshape(autodiff.Transpose(autodiff.Reshape(x, 42, 40*33), 1, 0), 40, 33, 42),
			autodiff.Broadcast(autodiff.Reshape(x, 1, 42*40, 33), 2, 42*40, 33),
		)
		if err := b.Err(); err != nil {
			t.Fatal(err)
		}
		matchReference(t, outputs, b.data, Settings{})
	}
}
