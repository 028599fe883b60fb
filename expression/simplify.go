package expression

// unary is o(a), simplified.
func (g *graph) unary(o op, a id) id {
	if x, ok := g.fold(o, a); ok {
		return x
	}
	n := g.nodes[a]
	switch {
	case o == opNeg && n.op == opNeg:
		return n.a
	case (o == opAbs || o == opSquare) && n.op == opNeg:
		a = n.a
	}
	return g.intern(node{op: o, a: a})
}

func (g *graph) neg(a id) id  { return g.unary(opNeg, a) }
func (g *graph) sqrt(a id) id { return g.unary(opSqrt, a) }

// negated reports whether a node is -x, and x.
func (g *graph) negated(a id) (id, bool) {
	n := g.nodes[a]
	return n.a, n.op == opNeg
}

// commuting is o(a, b) for an o whose operands may change places: numbers come
// second.
func (g *graph) commuting(o op, a, b id) id {
	_, first := g.value(a)
	_, second := g.value(b)
	if first && !second || first == second && a > b {
		a, b = b, a
	}
	return g.intern(node{op: o, a: a, b: b})
}

func (g *graph) add(a, b id) id {
	if x, ok := g.fold(opAdd, a, b); ok {
		return x
	}
	if g.is(a, 0) {
		return b
	}
	if g.is(b, 0) {
		return a
	}
	if x, ok := g.negated(b); ok {
		return g.sub(a, x)
	}
	if x, ok := g.negated(a); ok {
		return g.sub(b, x)
	}
	return g.commuting(opAdd, a, b)
}

func (g *graph) sub(a, b id) id {
	if x, ok := g.fold(opSub, a, b); ok {
		return x
	}
	switch {
	case a == b:
		return g.number(0)
	case g.is(a, 0):
		return g.neg(b)
	case g.is(b, 0):
		return a
	}
	if x, ok := g.negated(b); ok {
		return g.add(a, x)
	}
	return g.intern(node{op: opSub, a: a, b: b})
}

func (g *graph) mul(a, b id) id {
	if x, ok := g.fold(opMul, a, b); ok {
		return x
	}
	for range 2 {
		switch {
		case g.is(a, 0):
			return g.number(0)
		case g.is(a, 1):
			return b
		case g.is(a, -1):
			return g.neg(b)
		}
		if x, ok := g.negated(a); ok {
			return g.neg(g.mul(x, b))
		}
		a, b = b, a
	}
	if a == b {
		return g.unary(opSquare, a)
	}
	return g.commuting(opMul, a, b)
}

func (g *graph) div(a, b id) id {
	if x, ok := g.fold(opDiv, a, b); ok {
		return x
	}
	_, number := g.value(b)
	switch {
	case g.is(a, 0) && !number: // 0/0 stays what it is
		return a
	case g.is(b, 1):
		return a
	case g.is(b, -1):
		return g.neg(a)
	}
	if x, ok := g.negated(a); ok {
		return g.neg(g.div(x, b))
	}
	if x, ok := g.negated(b); ok {
		return g.neg(g.div(a, x))
	}
	return g.intern(node{op: opDiv, a: a, b: b})
}

// wholePowers is the largest exponent that becomes products.
const wholePowers = 16

func (g *graph) pow(a, b id) id {
	if x, ok := g.fold(opPow, a, b); ok {
		return x
	}
	exponent, ok := g.value(b)
	switch {
	case !ok:
	case exponent == 0:
		return g.number(1)
	case exponent < 0 && exponent >= -wholePowers && 2*exponent == float64(int(2*exponent)):
		return g.div(g.number(1), g.pow(a, g.number(-exponent)))
	case exponent == 0.5:
		return g.sqrt(a)
	case exponent == 1.5:
		return g.mul(a, g.sqrt(a))
	case exponent > 0 && exponent <= wholePowers && exponent == float64(int(exponent)):
		return g.whole(a, int(exponent))
	}
	return g.intern(node{op: opPow, a: a, b: b})
}

// whole is a^n by squares, n >= 1.
func (g *graph) whole(a id, n int) id {
	if n == 1 {
		return a
	}
	square := g.unary(opSquare, g.whole(a, n/2))
	if n%2 == 1 {
		return g.mul(square, a)
	}
	return square
}

// extreme is min or max.
func (g *graph) extreme(o op, a, b id) id {
	if x, ok := g.fold(o, a, b); ok {
		return x
	}
	if a == b {
		return a
	}
	return g.intern(node{op: o, a: a, b: b})
}

func (g *graph) atLeast(a, b id) id {
	if x, ok := g.fold(opAtLeast, a, b); ok {
		return x
	}
	return g.intern(node{op: opAtLeast, a: a, b: b})
}

// pick is x where the mask is not 0, and y elsewhere.
func (g *graph) pick(mask, x, y id) id {
	if v, ok := g.value(mask); ok {
		if v != 0 {
			return x
		}
		return y
	}
	if x == y {
		return x
	}
	return g.intern(node{op: opPick, a: mask, b: x, c: y})
}

// make is any operation, simplified.
func (g *graph) make(o op, a, b, c id) id {
	switch o {
	case opAdd:
		return g.add(a, b)
	case opSub:
		return g.sub(a, b)
	case opMul:
		return g.mul(a, b)
	case opDiv:
		return g.div(a, b)
	case opPow:
		return g.pow(a, b)
	case opMin, opMax:
		return g.extreme(o, a, b)
	case opAtLeast:
		return g.atLeast(a, b)
	case opPick:
		return g.pick(a, b, c)
	}
	return g.unary(o, a)
}
