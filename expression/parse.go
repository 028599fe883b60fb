package expression

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/internal/spelling"
)

// Scope says which names an expression may use.
type Scope struct {
	// Variables have a value for each coordinate, Scalars one for all. Their
	// order is that of the arguments of [Program.Evaluate].
	Variables, Scalars []string
	// Constants are put into the expression as numbers.
	Constants map[string]float64
	// Elsewhere are names that exist but may not be used here, with the reason,
	// for messages.
	Elsewhere map[string]string
	// Try is said of a name that resembles no other; empty is a list of names.
	Try string
}

// maxNesting bounds parentheses within parentheses.
const maxNesting = 50

// functions are the functions with the number of their arguments; those of min
// and max are two or more.
var functions = map[string]struct {
	op        op
	arguments int
}{
	"sqrt": {opSqrt, 1}, "abs": {opAbs, 1}, "sign": {opSign, 1}, "tanh": {opTanh, 1}, "exp": {opExp, 1}, "log": {opLog, 1},
	"min": {opMin, 2}, "max": {opMax, 2},
}

// Functions are the names of all functions, which are not free for other use.
func Functions() []string {
	return []string{"sqrt", "abs", "sign", "tanh", "exp", "log", "min", "max"}
}

// IsName reports whether text has the form of a name: letters, digits and
// underscores, no digit first, and no function.
func IsName(text string) bool {
	if text == "" || !letter(text[0]) || slices.Contains(Functions(), text) {
		return false
	}
	for i := range len(text) {
		if c := text[i]; !letter(c) && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// Parse reads an expression. Errors are of type [*Error].
func Parse(text string, scope Scope) (*Expression, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := &parser{text: text, tokens: tokens, graph: newGraph(&scope)}
	root, err := p.sum()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, p.leftover(t)
	}
	if p.graph.overflow() != nil {
		return nil, at(text, 0, fmt.Sprintf("more than %d operations", maxNodes), "a shorter expression")
	}
	return &Expression{text: text, graph: p.graph, root: root}, nil
}

// parser is a parser by recursive descent.
type parser struct {
	text    string
	tokens  []token
	next    int
	nesting int
	graph   *graph
}

func (p *parser) peek() token { return p.tokens[p.next] }

// take reports whether the next token is the operator, and passes it.
func (p *parser) take(operators ...string) (string, bool) {
	t := p.peek()
	if t.kind != operator || !slices.Contains(operators, t.text) {
		return "", false
	}
	p.next++
	return t.text, true
}

func (p *parser) fail(t token, what, try string) error { return at(p.text, t.offset, what, try) }

// found is a token in words.
func found(t token) string {
	if t.kind == end {
		return "the end"
	}
	return fmt.Sprintf("%q", t.text)
}

// leftover is the error about a token after which nothing should come.
func (p *parser) leftover(t token) error {
	switch {
	case t.text == ")":
		return p.fail(t, "a ) without its (", "removing it, or a ( before")
	case t.text == ",":
		return p.fail(t, "a comma outside a function", "min(a, b) or max(a, b)")
	}
	return p.fail(t, "want an operator before "+found(t), "* for a product")
}

// deeper counts a level of nesting; the caller takes it back.
func (p *parser) deeper(t token) error {
	if p.nesting++; p.nesting > maxNesting {
		return p.fail(t, fmt.Sprintf("nested more than %d deep", maxNesting), "a simpler expression")
	}
	return nil
}

func (p *parser) sum() (id, error) {
	x, err := p.product()
	for err == nil {
		o, ok := p.take("+", "-")
		if !ok {
			break
		}
		var y id
		if y, err = p.product(); err != nil {
			break
		}
		if o == "+" {
			x = p.graph.add(x, y)
		} else {
			x = p.graph.sub(x, y)
		}
	}
	return x, err
}

func (p *parser) product() (id, error) {
	x, err := p.factor()
	for err == nil {
		t := p.peek()
		o, ok := p.take("*", "/")
		if !ok {
			break
		}
		var y id
		if y, err = p.factor(); err != nil {
			break
		}
		if o == "*" {
			x = p.graph.mul(x, y)
			continue
		}
		if p.graph.is(y, 0) {
			return x, p.fail(t, "a division by zero", "a denominator that is not 0")
		}
		x = p.graph.div(x, y)
	}
	return x, err
}

func (p *parser) factor() (id, error) {
	t := p.peek()
	o, ok := p.take("-", "+")
	if !ok {
		return p.power()
	}
	if err := p.deeper(t); err != nil {
		return 0, err
	}
	defer func() { p.nesting-- }()
	x, err := p.factor()
	if err == nil && o == "-" {
		x = p.graph.neg(x)
	}
	return x, err
}

func (p *parser) power() (id, error) {
	x, err := p.atom()
	if err != nil {
		return 0, err
	}
	t := p.peek()
	if _, ok := p.take("^"); !ok {
		return x, nil
	}
	if err := p.deeper(t); err != nil {
		return 0, err
	}
	defer func() { p.nesting-- }()
	y, err := p.factor()
	if err != nil {
		return 0, err
	}
	return p.checked(t, p.graph.pow(x, y))
}

// checked refuses what is made of numbers alone and is no finite number, such as
// log(0).
func (p *parser) checked(t token, x id) (id, error) {
	n := p.graph.nodes[x]
	var v [3]float64
	for i, operand := range []id{n.a, n.b, n.c}[:n.op.operands()] {
		w, ok := p.graph.value(operand)
		if !ok {
			return x, nil
		}
		v[i] = w
	}
	if n.op.operands() == 0 {
		return x, nil
	}
	return x, p.fail(t, fmt.Sprintf("this is %v, not a finite number", apply(n.op, v[0], v[1], v[2])), "other numbers")
}

func (p *parser) atom() (id, error) {
	t := p.peek()
	switch {
	case t.kind == numeral:
		p.next++
		return p.graph.number(t.value), nil
	case t.kind == name:
		p.next++
		return p.named(t)
	case t.text == "(":
		p.next++
		return p.parenthesis(t)
	case t.kind == end && len(p.tokens) == 1:
		return 0, p.fail(t, "the expression is empty", "a formula such as m / sqrt(v + eps)")
	}
	return 0, p.fail(t, "want a number, a name or a ( instead of "+found(t), "an operand there")
}

// parenthesis reads a sum and the ) that belongs to the parenthesis t.
func (p *parser) parenthesis(t token) (id, error) {
	if err := p.deeper(t); err != nil {
		return 0, err
	}
	defer func() { p.nesting-- }()
	x, err := p.sum()
	if err != nil {
		return 0, err
	}
	return x, p.closed(t)
}

// closed passes the ) that belongs to the parenthesis t.
func (p *parser) closed(t token) error {
	if _, ok := p.take(")"); ok {
		return nil
	}
	next := p.peek()
	switch {
	case next.kind == end:
		return p.fail(t, "a ( without its )", "a ) after what belongs to it")
	case next.text == ",":
		return p.fail(next, "a comma outside min and max", "min(a, b) or max(a, b)")
	}
	return p.leftover(next)
}

// named is the value of a name, or the call of a function.
func (p *parser) named(t token) (id, error) {
	open := p.peek()
	_, call := p.take("(")
	if f, ok := functions[t.text]; ok {
		if !call {
			return 0, p.fail(t, t.text+" is a function", t.text+"(...)")
		}
		return p.call(t, open, f.op, f.arguments)
	}
	x, err := p.variable(t)
	if err == nil && call {
		err = p.fail(open, fmt.Sprintf("%s is a value, not a function", t.text), "* for a product")
	}
	return x, err
}

// call reads the arguments of a function.
func (p *parser) call(t, open token, o op, arguments int) (id, error) {
	if err := p.deeper(open); err != nil {
		return 0, err
	}
	defer func() { p.nesting-- }()
	var list []id
	for {
		x, err := p.sum()
		if err != nil {
			return 0, err
		}
		list = append(list, x)
		if _, ok := p.take(","); !ok {
			break
		}
		if arguments == 1 {
			return 0, p.fail(p.tokens[p.next-1], t.text+" takes one argument", t.text+"(x)")
		}
	}
	if err := p.closed(open); err != nil {
		return 0, err
	}
	if len(list) < arguments {
		return 0, p.fail(t, t.text+" takes two or more arguments", t.text+"(a, b)")
	}
	x := list[0]
	if arguments == 1 {
		return p.checked(t, p.graph.unary(o, x))
	}
	for _, y := range list[1:] {
		x = p.graph.extreme(o, x, y)
	}
	return x, nil
}

// variable is the node of a name.
func (p *parser) variable(t token) (id, error) {
	scope := p.graph.scope
	if x, ok := p.graph.lookup(t.text); ok {
		return x, nil
	}
	if x, ok := scope.Constants[t.text]; ok {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, p.fail(t, fmt.Sprintf("the constant %s is %v", t.text, x), "a finite number")
		}
		return p.graph.number(x), nil
	}
	if reason, ok := scope.Elsewhere[t.text]; ok {
		return 0, p.fail(t, t.text+" cannot stand here", reason)
	}
	names := scope.names()
	try := scope.Try
	if try == "" {
		try = "one of " + strings.Join(names, ", ")
	}
	if other := elsewhere[t.text]; other != "" {
		try = other
	} else if near := spelling.Nearest(t.text, append(names, Functions()...)); near != "" {
		try = near + " (there are " + strings.Join(names, ", ") + ")"
	}
	return 0, p.fail(t, fmt.Sprintf("unknown name %q", t.text), try)
}

// elsewhere are names that users bring from other languages, and what they are here.
var elsewhere = map[string]string{
	"pow": "x^y for pow(x, y)", "power": "x^y for power(x, y)", "square": "x^2 for square(x)",
	"clip": "min(max(x, low), high) for clip(x, low, high)", "clamp": "min(max(x, low), high) for clamp(x, low, high)",
	"maximum": "max(x, y)", "minimum": "min(x, y)", "sgn": "sign(x)", "ln": "log(x), which is the natural one", "rsqrt": "1/sqrt(x)",
	"where": "a mixture by sign, max or min: there are no conditions",
}

// names are all names of a scope, in order.
func (s *Scope) names() []string {
	var constants []string
	for c := range s.Constants {
		constants = append(constants, c)
	}
	slices.Sort(constants)
	return slices.Concat(s.Variables, s.Scalars, constants)
}

// lookup is the node of a variable or scalar.
func (g *graph) lookup(name string) (id, bool) {
	if i := slices.Index(g.scope.Variables, name); i >= 0 {
		return g.intern(node{op: opVariable, a: id(i)}), true
	}
	if i := slices.Index(g.scope.Scalars, name); i >= 0 {
		return g.intern(node{op: opScalar, a: id(i)}), true
	}
	return 0, false
}
