package expression

import (
	"fmt"
	"math"
	"strconv"
)

// String is the expression as text that [Parse] reads back to the same
// operations; of what was parsed, the text itself. The derivatives of min and
// max contain at_least(a, b), 1 where a >= b, else 0, and pick(c, a, b), a where c
// is not 0, else b, which are no functions of the language. A derivative whose
// text would be longer than a page ends in "...".
func (e *Expression) String() string {
	if e.text != "" {
		return e.text
	}
	w := writer{graph: e.graph}
	w.write(e.root, 0)
	if len(w.text) > pageful {
		return string(w.text[:pageful]) + "..."
	}
	return string(w.text)
}

// pageful is the longest text of an expression: parts that are shared are written
// out each time, so that the text of a small expression can be endless.
const pageful = 4000

// writer writes an expression.
type writer struct {
	graph *graph
	text  []byte
}

// Levels of operators; an operand of a lower level than its place is put into
// parentheses.
const (
	levelSum = iota + 1
	levelProduct
	levelSign
	levelPower
	levelAtom
)

// words are the functions, and how the other operations are written.
var words = map[op]struct {
	text        string
	level       int
	left, right int // the least levels of the operands
}{
	opAdd: {" + ", levelSum, levelSum, levelProduct}, opSub: {" - ", levelSum, levelSum, levelProduct},
	opMul: {" * ", levelProduct, levelProduct, levelSign}, opDiv: {" / ", levelProduct, levelProduct, levelSign},
	opPow:  {"^", levelPower, levelAtom, levelPower},
	opSqrt: {text: "sqrt"}, opAbs: {text: "abs"}, opSign: {text: "sign"}, opTanh: {text: "tanh"}, opExp: {text: "exp"}, opLog: {text: "log"},
	opMin: {text: "min"}, opMax: {text: "max"}, opAtLeast: {text: "at_least"}, opPick: {text: "pick"},
}

// write writes a node where at least the level is wanted.
func (w *writer) write(x id, least int) {
	if len(w.text) > pageful {
		return
	}
	n := w.graph.nodes[x]
	switch n.op {
	case opNumber:
		v := math.Float64frombits(n.bits)
		w.group(v < 0 && least > levelSum, func() { w.text = append(w.text, strconv.FormatFloat(v, 'g', -1, 64)...) })
	case opVariable:
		w.text = append(w.text, w.graph.scope.Variables[n.a]...)
	case opScalar:
		w.text = append(w.text, w.graph.scope.Scalars[n.a]...)
	case opNeg:
		w.group(least > levelSign, func() {
			w.text = append(w.text, '-')
			w.write(n.a, levelSign)
		})
	case opSquare:
		w.group(least > levelPower, func() {
			w.write(n.a, levelAtom)
			w.text = append(w.text, "^2"...)
		})
	case opAdd, opSub, opMul, opDiv, opPow:
		o := words[n.op]
		w.group(least > o.level, func() {
			w.write(n.a, o.left)
			w.text = append(w.text, o.text...)
			w.write(n.b, o.right)
		})
	default:
		w.text = append(w.text, words[n.op].text...)
		w.group(true, func() {
			for i, operand := range n.operandsOf() {
				if i > 0 {
					w.text = append(w.text, ", "...)
				}
				w.write(operand, 0)
			}
		})
	}
}

// group puts what f writes into parentheses if asked to.
func (w *writer) group(parentheses bool, f func()) {
	if parentheses {
		w.text = append(w.text, '(')
		defer func() { w.text = append(w.text, ')') }()
	}
	f()
}

var _ fmt.Stringer = (*Expression)(nil)
