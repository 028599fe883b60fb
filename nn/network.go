package nn

import (
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
	return n, b.failure()
}

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
// direction, but for inputs, constants and literals. What is only another view of a value is left to the product: a
// broadcast array would take the memory of what it is broadcast to.
func (n *network) frontier() []*autodiff.Value {
	seen := map[*autodiff.Value]bool{}
	var cut []*autodiff.Value
	for _, v := range autodiff.Frontier(n.product, n.direction) {
		for isView(v) {
			v = v.Operands()[0]
		}
		if !seen[v] && !isLeaf(v) {
			seen[v] = true
			cut = append(cut, v)
		}
	}
	return cut
}

func isView(v *autodiff.Value) bool {
	switch v.Op() {
	case autodiff.OpBroadcast, autodiff.OpReshape, autodiff.OpStop:
		return true
	}
	return false
}

func isLeaf(v *autodiff.Value) bool { return len(v.Operands()) == 0 }
