package autodiff_test

import (
	"math/rand/v2"

	"leeway/autodiff"
	"leeway/autodiff/internal/random"
)

type shapes = []autodiff.Shape

// operation is one way to use an operation of the package, on float inputs of
// the shapes. Smooth ones have every derivative at every point; the others are
// differentiated away from their kinks.
type operation struct {
	name   string
	inputs shapes
	smooth bool
	build  func(x []*autodiff.Value) *autodiff.Value
}

type values = []*autodiff.Value

func one(f func(*autodiff.Value) *autodiff.Value) func(values) *autodiff.Value {
	return func(x values) *autodiff.Value { return f(x[0]) }
}

func two(f func(a, b *autodiff.Value) *autodiff.Value) func(values) *autodiff.Value {
	return func(x values) *autodiff.Value { return f(x[0], x[1]) }
}

// positive makes numbers of at least 0.5.
func positive(x *autodiff.Value) *autodiff.Value { return autodiff.Shift(autodiff.Mul(x, x), 0.5) }

func index(x *autodiff.Value, shape []int, elements ...int32) *autodiff.Value {
	return x.Graph().Literal(autodiff.Indices(elements, shape...))
}

var (
	vector  = shapes{{5}}
	strided = autodiff.Window{StrideH: 2, StrideW: 1, PadTop: 1, PadLeft: 2, PadRight: 1}
	pooling = autodiff.Window{KernelH: 2, KernelW: 3, StrideH: 2, StrideW: 1} // windows overlap
)

// operations are all of the package's, each in the forms that its derivatives
// tell apart.
var operations = []operation{
	{"neg", vector, true, one(autodiff.Neg)},
	{"exp", vector, true, one(autodiff.Exp)},
	{"log", vector, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Log(positive(x)) })},
	{"tanh", vector, true, one(autodiff.Tanh)},
	{"erf", vector, true, one(autodiff.Erf)},
	{"sqrt", vector, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Sqrt(positive(x)) })},
	{"rsqrt", vector, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Rsqrt(positive(x)) })},
	{"sigmoid", vector, true, one(autodiff.Sigmoid)},
	{"softplus", vector, true, one(autodiff.Softplus)},
	{"abs", vector, false, one(autodiff.Abs)},
	{"sign", vector, false, one(autodiff.Sign)},
	{"pow 3", vector, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Pow(x, 3) })},
	{"pow 2", vector, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Pow(x, 2) })},
	{"pow -1.3", vector, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Pow(positive(x), -1.3) })},
	{"max with a constant", vector, false, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.MaxConstant(x, 0.125) })},
	{"relu", vector, false, one(autodiff.ReLU)},
	{"gelu", vector, true, one(autodiff.GELU)},
	{"scale", vector, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Scale(x, -1.5) })},
	{"shift", vector, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Shift(x, -1.5) })},

	{"add", shapes{{2, 3}, {2, 3}}, true, two(autodiff.Add)},
	{"add, broadcast", shapes{{2, 1, 3}, {4, 1}}, true, two(autodiff.Add)},
	{"sub", shapes{{2, 3}, {2, 3}}, true, two(autodiff.Sub)},
	{"sub, broadcast", shapes{{3}, {2, 3}}, true, two(autodiff.Sub)},
	{"mul", shapes{{2, 3}, {2, 3}}, true, two(autodiff.Mul)},
	{"mul, broadcast", shapes{{2, 3}, {2, 1}}, true, two(autodiff.Mul)},
	{"mul by itself", vector, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Mul(x, x) })},
	{"div", shapes{{2, 3}, {2, 3}}, true, two(func(a, b *autodiff.Value) *autodiff.Value { return autodiff.Div(a, positive(b)) })},
	{"div, broadcast", shapes{{2, 3}, {3}}, true, two(func(a, b *autodiff.Value) *autodiff.Value { return autodiff.Div(a, positive(b)) })},
	{"greater", shapes{{5}, {5}}, false, two(autodiff.Greater)},
	{"equal", shapes{{5}, {5}}, false, two(autodiff.Equal)},
	{"where", shapes{{2, 3}, {2, 1}, {3}}, false, func(x values) *autodiff.Value {
		return autodiff.Where(autodiff.Greater(x[0], x[0].Graph().Constant(0, x[0].DType())), x[1], x[2])
	}},

	{"broadcast", shapes{{1, 3, 1}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Broadcast(x, 2, 3, 2) })},
	{"sum", shapes{{2, 3, 2}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.SumKeep(x, 2, 0) })},
	{"sum, axes dropped", shapes{{2, 3, 2}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Sum(x, 1) })},
	{"mean", shapes{{2, 3, 2}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.MeanKeep(x, 1) })},
	{"mean of all", shapes{{2, 3, 2}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Mean(x) })},
	{"max", shapes{{2, 3, 2}}, false, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.MaxKeep(x, 0, 1) })},
	{"reshape", shapes{{2, 6}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Reshape(x, 3, 4) })},
	{"transpose", shapes{{2, 3, 4}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Transpose(x, 2, 0, 1) })},
	{"slice", shapes{{3, 4}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Slice(x, []int{1, 0}, []int{2, 3}) })},
	{"pad", shapes{{2, 2}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.Pad(x, []int{1, 0}, []int{3, 4}) })},
	{"concat", shapes{{2, 1}, {2, 3}}, true, func(x values) *autodiff.Value { return autodiff.Concat(1, x[0], x[1], x[0]) }},
	{"standardize", shapes{{3, 4}}, true, one(func(x *autodiff.Value) *autodiff.Value {
		y, mean, variance := autodiff.Standardize(x, 0.1, 1)
		return autodiff.Add(y, autodiff.Mul(mean, variance))
	})},
	{"log-sum-exp", shapes{{2, 4}}, true, one(autodiff.LogSumExp)},
	{"softmax", shapes{{2, 4}}, true, one(autodiff.Softmax)},

	{"gather", shapes{{3, 2}}, true, one(func(x *autodiff.Value) *autodiff.Value {
		return autodiff.Gather(x, index(x, []int{2, 2}, 2, 0, 2, 1))
	})},
	{"gather of numbers", shapes{{3}}, true, one(func(x *autodiff.Value) *autodiff.Value {
		return autodiff.Gather(x, index(x, nil, 2))
	})},
	{"scatter-add", shapes{{4, 2}}, true, one(func(x *autodiff.Value) *autodiff.Value {
		return autodiff.ScatterAdd(x, index(x, []int{4}, 2, 0, 2, 1), 5)
	})},
	{"max pool", shapes{{2, 4, 5, 2}}, false, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.MaxPool(x, pooling) })},
	{"pool gather", shapes{{1, 4, 4, 1}}, true, one(func(x *autodiff.Value) *autodiff.Value {
		return autodiff.PoolGather(x, index(x, []int{1, 2, 2, 1}, 0, 5, 2, 3), pooling)
	})},
	{"pool scatter", shapes{{1, 2, 2, 1}}, true, one(func(x *autodiff.Value) *autodiff.Value {
		return autodiff.PoolScatter(x, index(x, []int{1, 2, 2, 1}, 0, 5, 2, 3), 4, 4, pooling)
	})},

	{"matmul", shapes{{3, 4}, {4, 2}}, true, two(autodiff.MatMul)},
	{"matmul, a transposed", shapes{{4, 3}, {4, 2}}, true, two(func(a, b *autodiff.Value) *autodiff.Value {
		return autodiff.MatMul(autodiff.Transpose(a, 1, 0), b)
	})},
	{"matmul, b transposed", shapes{{3, 4}, {2, 4}}, true, two(func(a, b *autodiff.Value) *autodiff.Value {
		return autodiff.MatMul(a, autodiff.Transpose(b, 1, 0))
	})},
	{"matmul, both transposed, batch", shapes{{2, 4, 3}, {2, 2, 4}}, true, two(func(a, b *autodiff.Value) *autodiff.Value {
		return autodiff.MatMul(autodiff.Transpose(a, 0, 2, 1), autodiff.Transpose(b, 0, 2, 1))
	})},
	{"matmul, b shared", shapes{{2, 3, 4}, {1, 4, 2}}, true, two(func(a, b *autodiff.Value) *autodiff.Value {
		return autodiff.MatMul(a, autodiff.Broadcast(b, 2, 4, 2))
	})},
	{"matmul by itself", shapes{{3, 3}}, true, one(func(x *autodiff.Value) *autodiff.Value { return autodiff.MatMul(x, x) })},
	{"conv", shapes{{2, 4, 4, 2}, {2, 3, 2, 3}}, true, two(func(x, w *autodiff.Value) *autodiff.Value {
		return autodiff.Conv(x, w, strided)
	})},
	{"conv of one pixel", shapes{{2, 3, 2, 2}, {1, 1, 2, 3}}, true, two(func(x, w *autodiff.Value) *autodiff.Value {
		return autodiff.Conv(x, w, autodiff.Window{})
	})},
	{"conv input gradient", shapes{{2, 2, 5, 3}, {2, 3, 2, 3}}, true, two(func(y, w *autodiff.Value) *autodiff.Value {
		return autodiff.ConvInputGrad(y, w, 4, 4, strided)
	})},
	{"conv weight gradient", shapes{{2, 4, 4, 2}, {2, 2, 5, 3}}, true, two(func(x, y *autodiff.Value) *autodiff.Value {
		return autodiff.ConvWeightGrad(x, y, 2, 3, strided)
	})},
}

// scene is an operation in a graph, with numbers for everything.
type scene struct {
	g       *autodiff.Graph
	x       values // inputs
	y, loss *autodiff.Value
	data    data
	src     random.Source
}

// stage builds an operation with the loss sum(c (y + tanh(y))), which has all
// derivatives by y.
func (o operation) stage(seed uint64) *scene {
	s := &scene{g: &autodiff.Graph{}, data: data{}, src: rand.New(rand.NewPCG(seed, 9))}
	for i, shape := range o.inputs {
		s.x = append(s.x, s.input("x", shape, i))
	}
	s.y = o.build(s.x)
	c := s.input("c", s.y.Shape(), 0)
	s.loss = autodiff.Sum(autodiff.Mul(c, autodiff.Add(s.y, autodiff.Tanh(s.y))))
	return s
}

// input adds an input with random elements, distinct and away from kinks.
func (s *scene) input(name string, shape autodiff.Shape, i int) *autodiff.Value {
	v := s.g.Input(name+string(rune('0'+i)), autodiff.Float64, shape...)
	a := autodiff.NewArray(autodiff.Float64, shape...)
	taken := map[int]bool{}
	for j := range shape.Size() {
		cell := s.src.IntN(128)
		for taken[cell] {
			cell = (cell + 1) % 128
		}
		taken[cell] = true
		a.Set(j, (float64(cell)+float64(i+1)/8)/64-1)
	}
	s.data[v] = a
	return v
}

// likes adds one input like each value.
func (s *scene) likes(name string, like values) values {
	out := make(values, len(like))
	for i, v := range like {
		out[i] = s.input(name, v.Shape(), i)
	}
	return out
}

// along evaluates values at x moved by h times the directions.
func (s *scene) along(t fataler, outputs, directions values, h float64) []autodiff.Array {
	t.Helper()
	moved := data{}
	for v, a := range s.data {
		moved[v] = a
	}
	for i, x := range s.x {
		a := autodiff.NewArray(autodiff.Float64, x.Shape()...)
		for j := range x.Shape().Size() {
			a.Set(j, s.data[x].At(j)+h*s.data[directions[i]].At(j))
		}
		moved[x] = a
	}
	return must(t, outputs, moved)
}

// differences is the derivative of the outputs along the directions by central
// differences with two steps, so that their error is of fourth order.
func (s *scene) differences(t fataler, outputs, directions values, h float64) []autodiff.Array {
	t.Helper()
	p, m := s.along(t, outputs, directions, h), s.along(t, outputs, directions, -h)
	p2, m2 := s.along(t, outputs, directions, 2*h), s.along(t, outputs, directions, -2*h)
	d := make([]autodiff.Array, len(outputs))
	for i, v := range outputs {
		d[i] = autodiff.NewArray(autodiff.Float64, v.Shape()...)
		for j := range v.Shape().Size() {
			d[i].Set(j, (8*(p[i].At(j)-m[i].At(j))-(p2[i].At(j)-m2[i].At(j)))/(12*h))
		}
	}
	return d
}
