package nn

import (
	"slices"

	"leeway/autodiff"
)

// network is the graph of an architecture on a fixed number of examples.
type network struct {
	rows      int
	x, labels *autodiff.Value
	logits    *autodiff.Value
	loss      *autodiff.Value
	theta     []*autodiff.Value
	table     []Parameter
	norms     []normalisation

	// Made when they are first asked for.
	direction, gradient, product []*autodiff.Value
}

// newNetwork builds the graph. In evaluation the batch norms take running
// statistics.
func newNetwork(a Architecture, d Data, s *Settings, rows, outputs int, evaluate bool) (*network, error) {
	graph := &autodiff.Graph{}
	b := newBuilder(graph, s.DType, evaluate)
	n := &network{rows: rows}
	xType := s.DType
	if d.Tokens != nil {
		xType = autodiff.Int32
	}
	n.x = graph.Input("x", xType, append([]int{rows}, d.Shape...)...)
	n.logits = a.Logits(b, n.x, outputs)
	labels := rows * d.labelsEach()
	switch err := b.failure(); {
	case err != nil:
		return nil, err
	case n.logits == nil || n.logits.Op() == autodiff.OpInvalid || n.logits.Shape().Size() != labels*outputs || b.Dim(n.logits, -1) != outputs:
		b.Fail("the architecture %T does not return %d logits an example, or a token. Try: ending it in Linear with that many outputs", a, outputs)
		return nil, b.err
	case len(b.table) == 0:
		b.Fail("the architecture %T has no parameters. Try: a layer", a)
		return nil, b.err
	}
	n.labels = graph.Input("y", s.DType, labels, 1)
	n.loss = lossOf(s.Loss, n.logits, n.labels)
	n.theta, n.table, n.norms = b.values, b.table, b.norms
	for _, v := range autodiff.Order([]*autodiff.Value{n.loss}) {
		if v.Shape().Size() > maxElements {
			b.Fail("%d examples at once would make an array of shape %v. Try: a smaller physical batch", rows, v.Shape())
		}
	}
	return n, b.failure()
}

// maxElements is a size of arrays that is refused before memory is asked for.
const maxElements = 1 << 32

// differentiate builds the gradient, and the product with a direction if asked.
func (n *network) differentiate(product bool) {
	if n.gradient == nil {
		n.gradient = autodiff.Gradient(n.loss, n.theta...)
	}
	if product && n.product == nil {
		for i, p := range n.table {
			n.direction = append(n.direction, n.loss.Graph().Input("direction/"+p.Name, n.theta[i].DType(), p.Shape...))
		}
		n.product = autodiff.Tangent(n.gradient, n.theta, n.direction)
	}
}

// frontier are the values that the product needs and that do not depend on the
// direction, but for inputs.
func (n *network) frontier() []*autodiff.Value {
	return slices.DeleteFunc(autodiff.Frontier(n.product, n.direction), func(v *autodiff.Value) bool {
		return v.Op() == autodiff.OpInput
	})
}
