package expression

import (
	"fmt"
	"math"
)

// op is what a node does with its operands.
type op uint8

const (
	opNumber   op = iota // value
	opVariable           // variable number a, one value a coordinate
	opScalar             // scalar number a, one value for all coordinates
	opNeg
	opSquare
	opSqrt
	opAbs
	opSign
	opTanh
	opExp
	opLog
	opAdd
	opSub
	opMul
	opDiv
	opPow
	opMin
	opMax
	opAtLeast // 1 where a >= b, else 0
	opPick    // b where a is not 0, else c
)

// operands is the number of nodes that an op reads.
func (o op) operands() int {
	switch {
	case o <= opScalar:
		return 0
	case o <= opLog:
		return 1
	case o == opPick:
		return 3
	}
	return 2
}

// id is a node of a graph. Operands have smaller ids than what reads them.
type id int32

// node is an operation. As a key of a map it stands for its value, so that equal
// parts of an expression, and of its derivatives, are one.
type node struct {
	op      op
	a, b, c id
	bits    uint64 // of a number
}

// maxNodes bounds an expression with its derivatives.
const maxNodes = 5000

// graph holds the nodes of an expression and of what is derived from it.
type graph struct {
	nodes   []node
	known   map[node]id
	slopes  map[slope]id
	scope   *Scope
	tooMany bool
}

// slope is a node and the variable that it was differentiated by.
type slope struct{ of, by id }

func newGraph(scope *Scope) *graph {
	return &graph{known: map[node]id{}, slopes: map[slope]id{}, scope: scope}
}

// intern is the node with these operands, made where there is none. Beyond
// maxNodes it is any node, and tooMany says so.
func (g *graph) intern(n node) id {
	if x, ok := g.known[n]; ok {
		return x
	}
	if len(g.nodes) >= maxNodes {
		g.tooMany = true
		return 0
	}
	x := id(len(g.nodes))
	g.nodes = append(g.nodes, n)
	g.known[n] = x
	return x
}

// overflow is the error where there are too many nodes.
func (g *graph) overflow() error {
	if !g.tooMany {
		return nil
	}
	return fmt.Errorf("expression: more than %d operations with the derivatives", maxNodes)
}

func (g *graph) number(x float64) id {
	if x == 0 {
		x = 0 // no negative zero
	}
	return g.intern(node{op: opNumber, bits: math.Float64bits(x)})
}

// value reports whether a node is a number, and which.
func (g *graph) value(x id) (float64, bool) {
	n := g.nodes[x]
	return math.Float64frombits(n.bits), n.op == opNumber
}

// is reports whether a node is the number want.
func (g *graph) is(x id, want float64) bool {
	v, ok := g.value(x)
	return ok && v == want
}

// fold is the number that an operation on numbers gives, if it is finite.
func (g *graph) fold(o op, operands ...id) (id, bool) {
	var x [3]float64
	for i, operand := range operands {
		v, ok := g.value(operand)
		if !ok {
			return 0, false
		}
		x[i] = v
	}
	v := apply(o, x[0], x[1], x[2])
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	return g.number(v), true
}

// apply is an operation on single numbers.
func apply(o op, a, b, c float64) float64 {
	switch o {
	case opNeg:
		return -a
	case opSquare:
		return a * a
	case opSqrt:
		return math.Sqrt(a)
	case opAbs:
		return math.Abs(a)
	case opSign:
		return sign(a)
	case opTanh:
		return math.Tanh(a)
	case opExp:
		return math.Exp(a)
	case opLog:
		return math.Log(a)
	case opAdd:
		return a + b
	case opSub:
		return a - b
	case opMul:
		return a * b
	case opDiv:
		return a / b
	case opPow:
		return math.Pow(a, b)
	case opMin:
		return min(a, b)
	case opMax:
		return max(a, b)
	case opAtLeast:
		if a >= b {
			return 1
		}
		return 0
	case opPick:
		if a != 0 {
			return b
		}
		return c
	}
	panic("expression: no operation") // a value, which has no operands
}

func sign(x float64) float64 {
	if x == 0 || x != x {
		return x
	}
	return math.Copysign(1, x)
}
