package expression

// derive is the derivative of node x by the variable or scalar by.
func (g *graph) derive(x, by id) id {
	if x == by {
		return g.number(1)
	}
	n := g.nodes[x]
	if n.op.operands() == 0 {
		return g.number(0)
	}
	key := slope{x, by}
	if d, ok := g.slopes[key]; ok {
		return d
	}
	d := g.chain(x, n, by)
	g.slopes[key] = d
	return d
}

// chain is the derivative of an operation by the chain rule.
func (g *graph) chain(x id, n node, by id) id {
	zero, half := g.number(0), g.number(0.5)
	a, b := n.a, n.b
	da, db := zero, zero
	if n.op != opPick {
		da = g.derive(a, by)
		if n.op.operands() == 2 {
			db = g.derive(b, by)
		}
		if da == zero && db == zero {
			return zero
		}
	}
	switch n.op {
	case opNeg:
		return g.neg(da)
	case opSquare:
		return g.mul(g.mul(a, g.number(2)), da)
	case opSqrt:
		return g.div(g.mul(half, da), x)
	case opAbs:
		return g.mul(g.unary(opSign, a), da)
	case opTanh:
		return g.mul(g.sub(g.number(1), g.unary(opSquare, x)), da)
	case opExp:
		return g.mul(x, da)
	case opLog:
		return g.div(da, a)
	case opAdd:
		return g.add(da, db)
	case opSub:
		return g.sub(da, db)
	case opMul:
		return g.add(g.mul(da, b), g.mul(a, db))
	case opDiv:
		return g.sub(g.div(da, b), g.div(g.mul(x, db), b))
	case opPow:
		return g.derivePow(x, a, b, da, db)
	case opMin:
		return g.pick(g.atLeast(b, a), da, db)
	case opMax:
		return g.pick(g.atLeast(a, b), da, db)
	case opPick:
		return g.pick(a, g.derive(b, by), g.derive(n.c, by))
	}
	return zero // sign and atLeast are constant in pieces
}

// derivePow is b a^(b-1) a' + a^b log(a) b' for x = a^b.
func (g *graph) derivePow(x, a, b, da, db id) id {
	base := g.mul(g.mul(b, g.pow(a, g.sub(b, g.number(1)))), da)
	if g.is(db, 0) {
		return base
	}
	return g.add(base, g.mul(g.mul(x, g.unary(opLog, a)), db))
}
