package autodiff_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"leeway/autodiff"
	"leeway/autodiff/internal/random"
)

// network is a small network of a usual kind with its loss.
type network struct {
	graph      *autodiff.Graph
	x, labels  *autodiff.Value // labels one-hot
	parameters []*autodiff.Value
	loss       *autodiff.Value
}

func (n *network) parameter(shape ...int) *autodiff.Value {
	p := n.graph.Input(fmt.Sprintf("parameter %d", len(n.parameters)), n.x.DType(), shape...)
	n.parameters = append(n.parameters, p)
	return p
}

func (n *network) linear(x *autodiff.Value, outputs int) *autodiff.Value {
	shape := append(make([]int, len(x.Shape())-2), x.Shape()[len(x.Shape())-1], outputs)
	for i := range shape[:len(shape)-2] {
		shape[i] = 1
	}
	w := n.parameter(shape...)
	copy(shape, x.Shape()[:len(shape)-2])
	return autodiff.Add(autodiff.MatMul(x, autodiff.Broadcast(w, shape...)), n.parameter(outputs))
}

func (n *network) crossEntropy(logits *autodiff.Value) {
	n.labels = n.graph.Input("labels", logits.DType(), logits.Shape()...)
	correct := autodiff.Sum(autodiff.Mul(logits, n.labels), 1)
	lse := autodiff.Reshape(autodiff.LogSumExp(logits), logits.Shape()[0])
	n.loss = autodiff.Mean(autodiff.Sub(lse, correct))
}

func begin(g *autodiff.Graph, shape ...int) *network {
	n := &network{graph: g}
	n.x = g.Input("x", autodiff.Float64, shape...)
	return n
}

func mlp(g *autodiff.Graph, rows, inputs int, widths ...int) *network {
	n := begin(g, rows, inputs)
	h := n.x
	for i, w := range widths {
		if h = n.linear(h, w); i < len(widths)-1 {
			h = autodiff.Tanh(h)
		}
	}
	n.crossEntropy(h)
	return n
}

// cnn has two convolutions, of which one has kernels of one pixel, a pool and a
// dense layer.
func cnn(g *autodiff.Graph, rows, side int, activation func(*autodiff.Value) *autodiff.Value) *network {
	n := begin(g, rows, side, side, 2)
	same := autodiff.Window{PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1}
	h := activation(autodiff.Add(autodiff.Conv(n.x, n.parameter(3, 3, 2, 3), same), n.parameter(3)))
	h = activation(autodiff.Add(autodiff.Conv(h, n.parameter(1, 1, 3, 4), autodiff.Window{}), n.parameter(4)))
	h = autodiff.MaxPool(h, autodiff.Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2})
	h = autodiff.Reshape(h, rows, h.Shape().Size()/rows)
	n.crossEntropy(n.linear(h, 3))
	return n
}

// attention is a pre-norm block with two heads and a classifier on its mean.
func attention(g *autodiff.Graph, rows, tokens, width int) *network {
	n := begin(g, rows, tokens, width)
	norm := func(x *autodiff.Value) *autodiff.Value {
		y, _, _ := autodiff.Standardize(x, 1e-5, 2)
		return autodiff.Add(autodiff.Mul(y, n.parameter(width)), n.parameter(width))
	}
	heads := 2
	qkv := n.linear(norm(n.x), 3*width)
	part := func(i int) *autodiff.Value { // [rows heads tokens width/heads]
		p := autodiff.Slice(qkv, []int{0, 0, i * width}, []int{rows, tokens, width})
		return autodiff.Transpose(autodiff.Reshape(p, rows, tokens, heads, width/heads), 0, 2, 1, 3)
	}
	scores := autodiff.Scale(autodiff.MatMul(part(0), autodiff.Transpose(part(1), 0, 1, 3, 2)), 1/math.Sqrt(float64(width/heads)))
	h := autodiff.MatMul(autodiff.Softmax(scores), part(2))
	h = autodiff.Reshape(autodiff.Transpose(h, 0, 2, 1, 3), rows, tokens, width)
	h = autodiff.Add(n.x, n.linear(h, width))
	h = autodiff.Add(h, n.linear(autodiff.GELU(n.linear(norm(h), 2*width)), width))
	n.crossEntropy(n.linear(autodiff.Mean(norm(h), 1), 3))
	return n
}

// normalized is a perceptron with a batch norm behind its first layer and a layer
// norm behind its second.
func normalized(g *autodiff.Graph, rows, inputs, width int) *network {
	n := begin(g, rows, inputs)
	norm := func(x *autodiff.Value, axis int) *autodiff.Value {
		y, _, _ := autodiff.Standardize(x, 1e-2, axis)
		return autodiff.Add(autodiff.Mul(y, n.parameter(width)), n.parameter(width))
	}
	h := autodiff.Softplus(norm(n.linear(n.x, width), 0))
	n.crossEntropy(n.linear(norm(autodiff.Tanh(n.linear(h, width)), 1), 2))
	return n
}

// inputs draws images, parameters and labels.
func (n *network) inputs(seed uint64) data {
	src := rand.New(rand.NewPCG(seed, 0))
	d := data{n.x: random.Like(src, n.x)}
	for _, p := range n.parameters {
		d[p] = random.Like(src, p)
	}
	y := autodiff.NewArray(n.labels.DType(), n.labels.Shape()...)
	for classes, i := n.labels.Shape()[1], 0; i < n.labels.Shape()[0]; i++ {
		y.Set(i*classes+src.IntN(classes), 1)
	}
	d[n.labels] = y
	return d
}

// directions adds one input for each parameter.
func (n *network) directions(name string) []*autodiff.Value {
	d := make([]*autodiff.Value, len(n.parameters))
	for i, p := range n.parameters {
		d[i] = n.graph.Input(fmt.Sprintf("%s %d", name, i), p.DType(), p.Shape()...)
	}
	return d
}
