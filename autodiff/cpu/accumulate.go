package cpu

import "leeway/autodiff"

// accumulate lets the later of two products that are only added to each other
// add itself to the earlier one: the sum then costs no pass over memory, and the
// two share one array. Tangents of products are such sums.
func accumulate(nodes, outputs []*node) {
	uses := map[*node]int{}
	for _, n := range nodes {
		for _, o := range n.in {
			uses[o]++
		}
	}
	for _, n := range outputs {
		uses[n]++
	}
	for _, n := range nodes {
		if n.op != autodiff.OpAdd || n.kind != maps || uses[n.in[0]] > 1 || uses[n.in[1]] > 1 {
			continue
		}
		earlier, ok0 := n.in[0].product()
		later, ok1 := n.in[1].product()
		if !ok0 || !ok1 || earlier == later {
			continue
		}
		if earlier.order > later.order {
			earlier, later = later, earlier
		}
		if later.onto != nil {
			continue
		}
		later.onto = earlier
		n.kind, n.of, n.offset = view, later, 0
	}
}

// product is the bilinear operation that computes a node, perhaps by adding to
// another one.
func (n *node) product() (p *node, ok bool) {
	if n.kind == view && n.op == autodiff.OpAdd {
		n = n.of
	}
	switch n.op {
	case autodiff.OpMatMul, autodiff.OpConv, autodiff.OpConvInputGrad, autodiff.OpConvWeightGrad:
		return n, n.kind == separate
	}
	return nil, false
}
