package cpu

import (
	"fmt"
	"math"
	"math/rand/v2"

	"leeway/autodiff"
)

// network is a loss with its gradient and a Hessian-vector product, and data for
// all inputs.
type network struct {
	loss                      *autodiff.Value
	wrt, gradient, v, product []*autodiff.Value
	data                      map[*autodiff.Value]autodiff.Array
	graph                     *autodiff.Graph
	rand                      *rand.Rand
	dtype                     autodiff.DType
}

func newNetwork(d autodiff.DType) *network {
	return &network{
		graph: &autodiff.Graph{}, dtype: d, rand: rand.New(rand.NewPCG(1, 2)),
		data: map[*autodiff.Value]autodiff.Array{},
	}
}

func (n *network) input(name string, scale float64, shape ...int) *autodiff.Value {
	v := n.graph.Input(name, n.dtype, shape...)
	n.data[v] = normal(n.rand, scale, n.dtype, shape...)
	return v
}

func (n *network) parameter(scale float64, shape ...int) *autodiff.Value {
	w := n.input(fmt.Sprint("w", len(n.wrt)), scale, shape...)
	n.wrt = append(n.wrt, w)
	return w
}

// crossEntropy is the mean over rows of log-sum-exp minus the label's logit.
func (n *network) crossEntropy(logits *autodiff.Value) *autodiff.Value {
	rows, classes := logits.Shape()[0], logits.Shape()[1]
	flat := autodiff.NewArray(autodiff.Int32, rows)
	for i := range rows {
		flat.Set(i, float64(i*classes+n.rand.IntN(classes)))
	}
	picked := autodiff.Gather(autodiff.Reshape(logits, rows*classes), n.graph.Literal(flat))
	return autodiff.Sub(autodiff.Mean(autodiff.LogSumExp(logits)), autodiff.Mean(picked))
}

// finish derives the loss.
func (n *network) finish(loss *autodiff.Value) *network {
	n.loss = loss
	n.gradient = autodiff.Gradient(loss, n.wrt...)
	for i, w := range n.wrt {
		n.v = append(n.v, n.input(fmt.Sprint("v", i), 1, w.Shape()...))
	}
	n.product = autodiff.Tangent(n.gradient, n.wrt, n.v)
	if err := n.graph.Err(); err != nil {
		panic(err)
	}
	return n
}

func (n *network) outputs(hvp bool) []*autodiff.Value {
	outputs := append([]*autodiff.Value{n.loss}, n.gradient...)
	if hvp {
		outputs = append(outputs, n.product...)
	}
	return outputs
}

// mlp is a perceptron with layers of the given sizes, tanh between.
func mlp(d autodiff.DType, rows int, sizes ...int) *network {
	n := newNetwork(d)
	h := n.input("x", 1, rows, sizes[0])
	for i, size := range sizes[1:] {
		if i > 0 {
			h = autodiff.Tanh(h)
		}
		w := n.parameter(1/math.Sqrt(float64(sizes[i])), sizes[i], size)
		h = autodiff.Add(autodiff.MatMul(h, w), n.parameter(0.1, size))
	}
	return n.finish(n.crossEntropy(h))
}

// convNet has pairs of 3x3 convolutions with ReLU and a pool after each pair,
// then one hidden layer.
func convNet(d autodiff.DType, images, side, hidden int, channels ...int) *network {
	n := newNetwork(d)
	x := n.input("x", 1, images, side, side, 3)
	c := 3
	for _, o := range channels {
		for range 2 {
			w := n.parameter(1/math.Sqrt(float64(9*c)), 3, 3, c, o)
			x = autodiff.Conv(x, w, autodiff.Window{PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1})
			x = autodiff.ReLU(autodiff.Add(x, n.parameter(0.1, o)))
			c = o
		}
		x = autodiff.MaxPool(x, autodiff.Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2})
	}
	features := x.Shape().Size() / images
	h := autodiff.Reshape(autodiff.Transpose(x, 0, 3, 1, 2), images, features)
	h = autodiff.ReLU(autodiff.Add(autodiff.MatMul(h, n.parameter(1/math.Sqrt(float64(features)), features, hidden)), n.parameter(0.1, hidden)))
	return n.finish(n.crossEntropy(autodiff.Add(autodiff.MatMul(h, n.parameter(1/math.Sqrt(float64(hidden)), hidden, 10)), n.parameter(0.1, 10))))
}

// attention is one pre-norm block of a causal transformer with embedding,
// layer norms, GELU, and cross-entropy of the next token.
func attention(d autodiff.DType, batch, tokens, width, heads, vocabulary int) *network {
	n := newNetwork(d)
	ids := n.graph.Input("tokens", autodiff.Int32, batch, tokens)
	n.data[ids] = indices(n.rand, vocabulary, batch, tokens)
	x := autodiff.Add(autodiff.Gather(n.parameter(1, vocabulary, width), ids), n.parameter(0.5, tokens, width))
	scale := 1 / math.Sqrt(float64(width))
	norm := func(x *autodiff.Value) *autodiff.Value {
		y, _, _ := autodiff.Standardize(x, 1e-5, len(x.Shape())-1)
		return autodiff.Add(autodiff.Mul(y, n.parameter(1, width)), n.parameter(0.1, width))
	}
	dense := func(x *autodiff.Value, out int) *autodiff.Value {
		in := x.Shape()[len(x.Shape())-1]
		flat := autodiff.Reshape(x, batch*tokens, in)
		return autodiff.Add(autodiff.MatMul(flat, n.parameter(scale, in, out)), n.parameter(0.1, out))
	}
	size := width / heads
	split := func(x *autodiff.Value) *autodiff.Value {
		return autodiff.Transpose(autodiff.Reshape(x, batch, tokens, heads, size), 0, 2, 1, 3)
	}
	h := norm(x)
	q, k, v := split(dense(h, width)), split(dense(h, width)), split(dense(h, width))
	scores := autodiff.Scale(autodiff.MatMul(q, autodiff.Transpose(k, 0, 1, 3, 2)), 1/math.Sqrt(float64(size)))
	mask := autodiff.NewArray(d, tokens, tokens)
	for i := range tokens {
		for j := range i + 1 {
			mask.Set(i*tokens+j, 1)
		}
	}
	scores = autodiff.Where(n.graph.Literal(mask), scores, n.graph.Constant(-1e9, d))
	mixed := autodiff.Transpose(autodiff.MatMul(autodiff.Softmax(scores), v), 0, 2, 1, 3)
	x = autodiff.Add(x, autodiff.Reshape(dense(autodiff.Reshape(mixed, batch, tokens, width), width), batch, tokens, width))
	f := autodiff.GELU(dense(norm(x), 4*width))
	x = autodiff.Add(x, autodiff.Reshape(dense(f, width), batch, tokens, width))
	return n.finish(n.crossEntropy(dense(norm(x), vocabulary)))
}
