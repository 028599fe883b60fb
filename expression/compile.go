package expression

import "sync"

// Program evaluates one or several expressions together. It allocates nothing
// once it has been used, and any number of goroutines may use it at once.
type Program struct {
	variables, scalars, results int
	code                        []instruction
	copies                      []copying
	registers                   int
	constants                   []float64 // at the beginning of the single values
	scalarCode                  []instruction
	rooms                       sync.Pool // of *room
}

// instruction is an operation on vectors, or of the scalar code on single
// values. A vector operand is an index into room.views, a single one into
// room.single.
type instruction struct {
	op      op
	form    form
	dst     int
	a, b, c int
}

// form says which operands are single values.
type form uint8

const (
	vectors     form = iota // all operands are vectors
	singleRight             // b is a single value
	singleLeft              // a is a single value
)

// copying fills a result with what is no operation: a variable, or a single
// value.
type copying struct {
	result int
	from   int
	single bool
}

// compiler lays out the nodes of several expressions.
type compiler struct {
	*Program
	graph    *graph
	needed   []bool
	single   []bool // the node has one value for all coordinates
	place    []int  // of each node: index into views, or into single
	lastUse  []id   // the last node that reads it
	free     []int  // registers
	resultOf map[id]int
}

// Compile makes a program that evaluates expressions, which must have been
// derived from one: each common part is computed once. It panics if there are
// none or if they are not of one origin.
func Compile(expressions ...*Expression) *Program {
	g := expressions[0].graph
	c := &compiler{
		Program: &Program{variables: len(g.scope.Variables), scalars: len(g.scope.Scalars), results: len(expressions)},
		graph:   g, needed: make([]bool, len(g.nodes)), single: make([]bool, len(g.nodes)),
		place: make([]int, len(g.nodes)), lastUse: make([]id, len(g.nodes)), resultOf: map[id]int{},
	}
	for i, e := range expressions {
		if e.graph != g {
			panic("expression: expressions of different origins in one program")
		}
		g.reach(e.root, c.needed)
		if _, ok := c.resultOf[e.root]; !ok {
			c.resultOf[e.root] = i
		}
	}
	c.classify()
	c.layOut()
	c.finish(expressions)
	return c.Program
}

// classify finds which nodes have one value for all coordinates, gives the single
// ones their places, and finds the last uses of the others.
func (c *compiler) classify() {
	var computed []id
	for i, n := range c.graph.nodes {
		x := id(i)
		if !c.needed[x] {
			continue
		}
		c.single[x] = n.op != opVariable
		for _, operand := range n.operandsOf() {
			c.single[x] = c.single[x] && c.single[operand]
			c.lastUse[operand] = x
		}
		switch {
		case n.op == opNumber:
			v, _ := c.graph.value(x)
			c.place[x] = len(c.constants)
			c.constants = append(c.constants, v)
		case c.single[x]:
			computed = append(computed, x)
		}
	}
	// Single values lie behind the constants: scalars, then what is computed.
	next := len(c.constants) + c.scalars
	for _, x := range computed {
		n := c.graph.nodes[x]
		if n.op == opScalar {
			c.place[x] = len(c.constants) + int(n.a)
			continue
		}
		c.place[x] = next
		next++
		c.scalarCode = append(c.scalarCode, instruction{op: n.op, dst: c.place[x], a: c.place[n.a], b: c.place[n.b], c: c.place[n.c]})
	}
}

// layOut writes the vector code. Views are numbered: variables, results,
// registers.
func (c *compiler) layOut() {
	for i, n := range c.graph.nodes {
		x := id(i)
		switch {
		case !c.needed[x] || c.single[x]:
			continue
		case n.op == opVariable:
			c.place[x] = int(n.a)
			continue
		}
		in, borrowed := c.instruction(n)
		// What is read here for the last time makes room for the result: all
		// operations are elementwise.
		for _, register := range borrowed {
			c.release(register)
		}
		for _, operand := range n.operandsOf() {
			if c.lastUse[operand] == x && !c.single[operand] {
				c.lastUse[operand] = -1 // an operand that stands twice is released once
				c.release(c.place[operand])
			}
		}
		if result, ok := c.resultOf[x]; ok {
			c.place[x] = c.variables + result
		} else {
			c.place[x] = c.register()
		}
		in.dst = c.place[x]
		c.code = append(c.code, in)
	}
}

// instruction is what computes a node. Single operands of operations that have no
// form for them are spread out into registers, which it borrows.
func (c *compiler) instruction(n node) (in instruction, borrowed []int) {
	in = instruction{op: n.op, a: c.place[n.a], b: c.place[n.b], c: c.place[n.c]}
	arithmetic := n.op == opAdd || n.op == opSub || n.op == opMul || n.op == opDiv || n.op == opPow
	operands := n.operandsOf()
	if arithmetic && c.single[operands[1]] {
		in.form = singleRight
		return in, nil
	}
	if arithmetic && c.single[operands[0]] {
		in.form = singleLeft
		return in, nil
	}
	for i, place := range []*int{&in.a, &in.b, &in.c}[:len(operands)] {
		if c.single[operands[i]] {
			register := c.register()
			c.code = append(c.code, instruction{op: opNumber, dst: register, a: *place})
			*place = register
			borrowed = append(borrowed, register)
		}
	}
	return in, borrowed
}

// register is a free register, as an index into views.
func (c *compiler) register() int {
	if k := len(c.free); k > 0 {
		r := c.free[k-1]
		c.free = c.free[:k-1]
		return r
	}
	c.registers++
	return c.variables + c.results + c.registers - 1
}

// release gives a register back; other views are nobody's to give.
func (c *compiler) release(view int) {
	if view >= c.variables+c.results {
		c.free = append(c.free, view)
	}
}

// finish lists the results that no instruction writes.
func (c *compiler) finish(expressions []*Expression) {
	for i, e := range expressions {
		n := c.graph.nodes[e.root]
		switch {
		case c.single[e.root]:
			c.copies = append(c.copies, copying{i, c.place[e.root], true})
		case n.op == opVariable, c.resultOf[e.root] != i:
			c.copies = append(c.copies, copying{i, c.place[e.root], false})
		}
	}
}
