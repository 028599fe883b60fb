package autodiff

import (
	"fmt"
	"math"
	"strconv"
)

// Graph holds values in the order in which they were built, so that every
// operand comes before its users. The zero Graph is ready. A graph serves one
// goroutine at a time.
type Graph struct {
	values []*Value
	index  map[string]*Value // by what a value is: equal values are one
	inputs map[string]*Value
	err    error
}

// Value is one array of a graph. Values are made by this package's functions
// and never change.
type Value struct {
	graph    *Graph
	id       int
	op       Op
	dtype    DType
	shape    Shape
	operands []*Value
	attr     Attributes
}

// Err is the first error of building: it names the operation and the shapes.
func (g *Graph) Err() error { return g.err }

// ID is the value's place in the order of building: operands have smaller ones.
func (v *Value) ID() int { return v.id }

// Op is the operation that computes the value.
func (v *Value) Op() Op { return v.op }

// DType is the type of the elements.
func (v *Value) DType() DType { return v.dtype }

// Shape is the value's shape; the caller does not change it.
func (v *Value) Shape() Shape { return v.shape }

// Operands are what the value is computed from; the caller does not change them.
func (v *Value) Operands() []*Value { return v.operands }

// Attributes are what the operation needs beside its operands.
func (v *Value) Attributes() Attributes { return v.attr }

// Graph is the graph that holds the value.
func (v *Value) Graph() *Graph { return v.graph }

// String writes the value for errors and debugging: "%7 = matmul(%3, %5) float32 [2000 128]".
func (v *Value) String() string {
	if v == nil {
		return "nil value"
	}
	s := fmt.Sprintf("%%%d = %v", v.id, v.op)
	if v.op == OpInput {
		s += " " + strconv.Quote(v.attr.Name)
	}
	for i, o := range v.operands {
		s += map[bool]string{true: "(", false: ", "}[i == 0] + "%" + strconv.Itoa(o.id)
	}
	if len(v.operands) > 0 {
		s += ")"
	}
	return fmt.Sprintf("%s %v %v", s, v.dtype, v.shape)
}

// Input is an array given from outside at every run. Two inputs of one graph
// have different names.
func (g *Graph) Input(name string, dtype DType, shape ...int) *Value {
	if g.inputs[name] != nil {
		return g.fail("input %q: the graph has an input of this name already", name)
	}
	if !Shape(shape).valid() || dtype > Int32 {
		return g.fail("input %q: shape %v of %v: every axis must be at least 1 and there are at most 8", name, Shape(shape), dtype)
	}
	v := g.intern(&Value{op: OpInput, dtype: dtype, shape: clone(shape), attr: Attributes{Name: name}})
	if g.inputs == nil {
		g.inputs = map[string]*Value{}
	}
	g.inputs[name] = v
	return v
}

// Constant is an array whose elements are all the same number.
func (g *Graph) Constant(x float64, dtype DType, shape ...int) *Value {
	if !Shape(shape).valid() || dtype > Int32 {
		return g.fail("constant: shape %v of %v: every axis must be at least 1 and there are at most 8", Shape(shape), dtype)
	}
	if dtype == Float32 {
		x = float64(float32(x))
	}
	return g.intern(&Value{op: OpConstant, dtype: dtype, shape: clone(shape), attr: Attributes{Number: x}})
}

// Literal is an array known when the graph is built. The graph keeps it; it must
// not change.
func (g *Graph) Literal(a Array) *Value {
	if !a.shape.valid() {
		return g.fail("literal: shape %v: every axis must be at least 1 and there are at most 8", a.shape)
	}
	return g.intern(&Value{op: OpLiteral, dtype: a.dtype, shape: clone(a.shape), attr: Attributes{Literal: &a}})
}

// intern adds the value, or returns the one that is equal to it.
func (g *Graph) intern(v *Value) *Value {
	key := v.key()
	if old := g.index[key]; old != nil {
		return old
	}
	if g.index == nil {
		g.index = map[string]*Value{}
	}
	v.graph, v.id = g, len(g.values)
	g.values = append(g.values, v)
	g.index[key] = v
	return v
}

// key writes what makes two values equal.
func (v *Value) key() string {
	b := make([]byte, 0, 64)
	put := func(xs ...int) {
		for _, x := range xs {
			b = strconv.AppendInt(b, int64(x), 36)
			b = append(b, ' ')
		}
		b = append(b, ';')
	}
	put(int(v.op), int(v.dtype))
	put(v.shape...)
	for _, o := range v.operands {
		put(o.id)
	}
	put(v.attr.Axes...)
	put(v.attr.Start...)
	w := v.attr.Window
	put(w.KernelH, w.KernelW, w.StrideH, w.StrideW, w.PadTop, w.PadBottom, w.PadLeft, w.PadRight)
	b = strconv.AppendUint(b, math.Float64bits(v.attr.Number), 36)
	b = strconv.AppendBool(b, v.attr.TransA)
	b = strconv.AppendBool(b, v.attr.TransB)
	if v.attr.Literal != nil {
		b = fmt.Appendf(b, "%p %p %p", v.attr.Literal.f32, v.attr.Literal.f64, v.attr.Literal.i32)
	}
	return string(append(b, v.attr.Name...))
}

// fail records the first error and returns an invalid value.
func (g *Graph) fail(format string, args ...any) *Value {
	if g.err == nil {
		g.err = fmt.Errorf("autodiff: "+format, args...)
	}
	return &Value{graph: g, id: -1, op: OpInvalid}
}

// together returns the graph of the operands; ok is false, with the reason
// recorded, if one is missing, invalid, or of another graph.
func together(op Op, operands ...*Value) (g *Graph, ok bool) {
	for _, o := range operands {
		if o != nil {
			g = o.graph
			break
		}
	}
	if g == nil {
		g = &Graph{}
	}
	for i, o := range operands {
		switch {
		case o == nil:
			g.fail("%v: operand %d is nil", op, i)
			return g, false
		case o.op == OpInvalid:
			g.fail("%v: operand %d is invalid", op, i)
			return g, false
		case o.graph != g:
			g.fail("%v: operand %d %v belongs to another graph", op, i, o.shape)
			return g, false
		}
	}
	return g, len(operands) > 0
}

func clone(s []int) Shape { return append(Shape{}, s...) }
