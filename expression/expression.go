package expression

// Expression is a formula, or what was derived from one. One goroutine at a time
// may use it and what was derived from it; compiled programs are free of that.
type Expression struct {
	text  string // as parsed; empty for what was derived
	graph *graph
	root  id
}

// from is another expression of the same graph, or why it could not be made.
func (e *Expression) from(root id) (*Expression, error) {
	if err := e.graph.overflow(); err != nil {
		return nil, err
	}
	return &Expression{graph: e.graph, root: root}, nil
}

// Derivative is the exact derivative by a variable or scalar of the scope. It
// panics if there is none of that name, and fails if the derivatives of this
// expression have become larger than anything sensible.
func (e *Expression) Derivative(name string) (*Expression, error) {
	return e.from(e.graph.derive(e.root, e.graph.mustLookup(name)))
}

// With is the expression with a number in the place of a variable or scalar. It
// panics if there is none of that name.
func (e *Expression) With(name string, value float64) (*Expression, error) {
	x := e.graph.mustLookup(name)
	return e.from(e.graph.replace(e.root, map[id]id{x: e.graph.number(value)}))
}

// Uses reports whether the expression depends on a variable or scalar.
func (e *Expression) Uses(name string) bool {
	x, ok := e.graph.lookup(name)
	return ok && e.graph.any(e.root, func(n id) bool { return n == x })
}

// Number is the value of an expression that depends on nothing.
func (e *Expression) Number() (float64, bool) { return e.graph.value(e.root) }

// Equal reports whether two expressions are the same operations on the same names,
// which can be seen without calculating.
func (e *Expression) Equal(other *Expression) bool {
	return alike(e.graph, e.root, other.graph, other.root, map[id]id{})
}

// alike compares node x of g with node y of h. known are the nodes of h that those
// of g were found to be.
func alike(g *graph, x id, h *graph, y id, known map[id]id) bool {
	if same, ok := known[x]; ok {
		return same == y
	}
	n, m := g.nodes[x], h.nodes[y]
	if n.op != m.op {
		return false
	}
	switch n.op {
	case opNumber:
		return n.bits == m.bits
	case opVariable:
		return g.scope.Variables[n.a] == h.scope.Variables[m.a]
	case opScalar:
		return g.scope.Scalars[n.a] == h.scope.Scalars[m.a]
	}
	other := m.operandsOf()
	for i, operand := range n.operandsOf() {
		if !alike(g, operand, h, other[i], known) {
			return false
		}
	}
	known[x] = y
	return true
}

// Jumps reports whether sign of something that is no constant is in it: then it
// has jumps, where it has no derivative.
func (e *Expression) Jumps() bool { return e.has(opSign) }

// Bends reports whether abs, min or max is in it: then it may have kinks.
func (e *Expression) Bends() bool { return e.has(opAbs, opMin, opMax) }

func (e *Expression) has(ops ...op) bool {
	return e.graph.any(e.root, func(x id) bool {
		for _, o := range ops {
			if e.graph.nodes[x].op == o {
				return true
			}
		}
		return false
	})
}

// Factor writes the expression as name times the rest, which may depend on name
// as well, if name is one of the factors of its numerator: m of m/sqrt(v + eps),
// with the rest 1/sqrt(v + eps).
func (e *Expression) Factor(name string) (rest *Expression, ok bool, err error) {
	root, ok := e.graph.factor(e.root, e.graph.mustLookup(name), map[id]bool{})
	if !ok {
		return nil, false, nil
	}
	rest, err = e.from(root)
	return rest, err == nil, err
}

// factor is x / by, if that is a matter of leaving a factor out. without are the
// nodes of which that is known not to be so: parts that are shared would be looked
// at again and again.
func (g *graph) factor(x, by id, without map[id]bool) (id, bool) {
	if x == by {
		return g.number(1), true
	}
	if without[x] {
		return 0, false
	}
	n := g.nodes[x]
	switch n.op {
	case opNeg:
		if rest, ok := g.factor(n.a, by, without); ok {
			return g.neg(rest), true
		}
	case opSquare:
		if rest, ok := g.factor(n.a, by, without); ok {
			return g.mul(rest, n.a), true
		}
	case opMul:
		if rest, ok := g.factor(n.a, by, without); ok {
			return g.mul(rest, n.b), true
		}
		if rest, ok := g.factor(n.b, by, without); ok {
			return g.mul(n.a, rest), true
		}
	case opDiv:
		if rest, ok := g.factor(n.a, by, without); ok {
			return g.div(rest, n.b), true
		}
	}
	without[x] = true
	return 0, false
}

func (g *graph) mustLookup(name string) id {
	x, ok := g.lookup(name)
	if !ok {
		panic("expression: no variable called " + name)
	}
	return x
}

// operandsOf are the nodes that a node reads.
func (n node) operandsOf() []id { return []id{n.a, n.b, n.c}[:n.op.operands()] }

// reach marks the nodes that root is made of.
func (g *graph) reach(root id, seen []bool) {
	if seen[root] {
		return
	}
	seen[root] = true
	for _, x := range g.nodes[root].operandsOf() {
		g.reach(x, seen)
	}
}

// any reports whether f holds for a node that root is made of.
func (g *graph) any(root id, f func(id) bool) bool {
	seen := make([]bool, len(g.nodes))
	g.reach(root, seen)
	for x, yes := range seen {
		if yes && f(id(x)) {
			return true
		}
	}
	return false
}

// replace is root with other nodes in the place of some; known grows with what
// follows from that.
func (g *graph) replace(root id, known map[id]id) id {
	if x, ok := known[root]; ok {
		return x
	}
	n := g.nodes[root]
	x := root
	if count := n.op.operands(); count > 0 {
		var operands [3]id
		for i, operand := range n.operandsOf() {
			operands[i] = g.replace(operand, known)
		}
		if operands != [3]id{n.a, n.b, n.c} {
			x = g.make(n.op, operands[0], operands[1], operands[2])
		}
	}
	known[root] = x
	return x
}
