package cpu

import (
	"testing"

	"leeway/autodiff"
)

// kernels counts loops and other kernels, and the arrays in memory.
func kernels(t *testing.T, outputs ...*autodiff.Value) (loops, others, arrays int) {
	t.Helper()
	p, err := Compile(outputs, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.plan.storages {
		if s.origin == fromBuffer {
			arrays++
		}
	}
	s := p.Stats()
	return s.Loops, s.Kernels - s.Loops, arrays
}

// How many passes over memory things take. The counts follow from the data flow:
// a sum that all elements of its row wait for is no reason for another pass, one
// that all elements of the array wait for is.
func TestFusion(t *testing.T) {
	type graph = func(b *build) []*autodiff.Value
	for _, c := range []struct {
		name                  string
		graph                 graph
		loops, others, arrays int
	}{
		{"a chain of elementwise operations", func(b *build) []*autodiff.Value {
			x := b.normal(100, 10)
			return []*autodiff.Value{autodiff.Exp(autodiff.Neg(autodiff.Mul(x, autodiff.Tanh(x))))}
		}, 1, 0, 1},
		{"softmax", func(b *build) []*autodiff.Value {
			return []*autodiff.Value{autodiff.Softmax(b.normal(100, 10))}
		}, 1, 0, 1},
		{"softmax and its pullback", func(b *build) []*autodiff.Value {
			x, c := b.normal(100, 10), b.normal(100, 10)
			y := autodiff.Softmax(x)
			return append(autodiff.Pullback([]*autodiff.Value{y}, []*autodiff.Value{c}, []*autodiff.Value{x}), y)
		}, 1, 0, 2},
		{"layer norm", func(b *build) []*autodiff.Value {
			x := b.normal(100, 64)
			y, _, _ := autodiff.Standardize(x, 1e-5, 1)
			return []*autodiff.Value{autodiff.Add(autodiff.Mul(y, b.normal(64)), b.normal(64))}
		}, 1, 0, 1},
		{"batch norm: the mean, the variance, the result, and two loops over channels", func(b *build) []*autodiff.Value {
			y, _, _ := autodiff.Standardize(b.normal(1000, 64), 1e-5, 0)
			return []*autodiff.Value{y}
		}, 5, 0, 5},
		{"a bias's gradient beside the array that it sums", func(b *build) []*autodiff.Value {
			x, c, w := b.normal(100, 64), b.normal(100, 64), b.normal(64, 8)
			d := autodiff.Mul(c, autodiff.Greater(x, b.Constant(0, b.dtype, 100, 64)))
			return []*autodiff.Value{autodiff.MatMul(d, w), autodiff.Sum(d, 0)}
		}, 1, 1, 3},
		{"ReLU's mask is computed again, not stored", func(b *build) []*autodiff.Value {
			x, w := b.normal(100, 64), b.normal(64, 64)
			y := autodiff.ReLU(autodiff.Add(x, b.normal(64)))
			z := autodiff.MatMul(y, w)
			return append(autodiff.Pullback([]*autodiff.Value{z}, []*autodiff.Value{b.normal(100, 64)}, []*autodiff.Value{x, w}), z)
		}, 2, 3, 5},
		{"an exponential is not computed twice", func(b *build) []*autodiff.Value {
			x, w := b.normal(64, 64), b.normal(64, 64)
			e := autodiff.Exp(x)
			h := autodiff.MatMul(autodiff.MatMul(autodiff.Add(e, w), w), w)
			return []*autodiff.Value{autodiff.Mul(autodiff.MatMul(autodiff.MatMul(autodiff.MatMul(h, w), w), w), e)}
		}, 2, 5, 8},
		{"views and broadcasts are free", func(b *build) []*autodiff.Value {
			x := b.normal(6, 4)
			y := autodiff.Reshape(autodiff.Broadcast(autodiff.Reshape(autodiff.Slice(x, []int{2, 0}, []int{3, 4}), 12, 1), 12, 5), 60)
			return []*autodiff.Value{autodiff.Mul(y, y)}
		}, 1, 0, 1},
		{"an input is its own output", func(b *build) []*autodiff.Value {
			return []*autodiff.Value{autodiff.Reshape(b.normal(6, 4), 24)}
		}, 0, 0, 0},
		{"pooling finds maxima and positions at once", func(b *build) []*autodiff.Value {
			return []*autodiff.Value{autodiff.MaxPool(b.normal(2, 4, 4, 3), autodiff.Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2})}
		}, 0, 1, 2},
		{"a matrix repeated over a batch is read once", func(b *build) []*autodiff.Value {
			x, w := b.normal(5, 6, 7), b.normal(7, 3)
			return []*autodiff.Value{autodiff.MatMul(x, autodiff.Broadcast(autodiff.Reshape(w, 1, 7, 3), 5, 7, 3))}
		}, 0, 1, 1},
		{"a matrix of repeated rows is laid out", func(b *build) []*autodiff.Value {
			x, y := b.normal(2, 4, 2), b.normal(2, 1, 3)
			return []*autodiff.Value{autodiff.MatMul(x, autodiff.Broadcast(y, 2, 2, 3))}
		}, 1, 1, 2},
		{"a sum of products takes no pass", func(b *build) []*autodiff.Value {
			x, w, v := b.normal(6, 5), b.normal(5, 4), b.normal(6, 5)
			return []*autodiff.Value{autodiff.Add(autodiff.Add(autodiff.MatMul(x, w), autodiff.MatMul(v, w)), autodiff.MatMul(autodiff.Exp(v), w))}
		}, 1, 3, 2},
		{"a product used twice is not added to", func(b *build) []*autodiff.Value {
			x, w, v := b.normal(6, 5), b.normal(5, 4), b.normal(6, 5)
			p := autodiff.MatMul(x, w)
			return []*autodiff.Value{autodiff.Add(p, autodiff.MatMul(v, w)), p}
		}, 1, 2, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBuild(autodiff.Float64)
			outputs := c.graph(b)
			matchReference(t, outputs, b.data, Settings{})
			if loops, others, arrays := kernels(t, outputs...); loops != c.loops || others != c.others || arrays != c.arrays {
				t.Errorf("%d loops, %d other kernels and %d arrays, not %d, %d and %d", loops, others, arrays, c.loops, c.others, c.arrays)
			}
		})
	}
}

// What depends on literals alone is computed when compiling.
func TestLiteralsAreFolded(t *testing.T) {
	b := newBuild(autodiff.Float64)
	l := b.Literal(normal(b.rand, 1, b.dtype, 3, 4))
	twice := autodiff.MatMul(autodiff.Exp(l), autodiff.Transpose(l, 1, 0))
	x := b.normal(3, 3)
	outputs := []*autodiff.Value{autodiff.Add(x, twice), twice, autodiff.Reshape(autodiff.Sum(l), 1), b.Constant(3, b.dtype, 2), l}
	matchReference(t, outputs, b.data, Settings{})
	if loops, others, _ := kernels(t, outputs[:2]...); loops != 1 || others != 0 {
		t.Errorf("%d loops and %d other kernels are left, not one addition", loops, others)
	}
}
