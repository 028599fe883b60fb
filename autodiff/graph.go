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
	plain  bool // build every value as it is asked for: what tests compare with
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

// Input is an array given from outside at every run. The inputs of one graph
// have different names.
func (g *Graph) Input(name string, dtype DType, shape ...int) *Value {
	if g.inputs[name] != nil {
		return g.fail("input %q: the graph has an input of this name already", name)
	}
	if !Shape(shape).valid() || dtype > Int32 {
		return g.fail("input %q: shape %v of %v: every axis must be at least 1 and there are at most 8", name, Shape(shape), dtype)
	}
	v := g.build(&Value{op: OpInput, dtype: dtype, shape: clone(shape), attr: Attributes{Name: name}})
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
	switch {
	case x == 0:
		x = 0 // also where it is -0, so that there is one zero
	case dtype == Float32:
		x = float64(float32(x))
	case dtype == Int32 && x != float64(int32(x)):
		return g.fail("constant: %v is no int32", x)
	}
	return g.build(&Value{op: OpConstant, dtype: dtype, shape: clone(shape), attr: Attributes{Number: x}})
}

// Literal is an array known when the graph is built. The graph keeps it; it must
// not change.
func (g *Graph) Literal(a Array) *Value {
	if a.empty() {
		return g.fail("literal: the array has no elements")
	}
	return g.build(&Value{op: OpLiteral, dtype: a.dtype, shape: clone(a.shape), attr: Attributes{Literal: &a}})
}

// build adds a value whose operands fit, or returns one that equals it: the same
// value if it exists, else a simpler one if a rule knows it.
func (g *Graph) build(v *Value) *Value {
	v.graph = g
	key := v.key()
	if old := g.index[key]; old != nil {
		return old
	}
	if g.index == nil {
		g.index = map[string]*Value{}
	}
	if s := g.simpler(v); s != nil {
		g.index[key] = s
		return s
	}
	v.id = len(g.values)
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
	b = strconv.AppendUint(b, math.Float64bits(v.attr.Number), 10)
	b = strconv.AppendBool(b, v.attr.TransA)
	b = strconv.AppendBool(b, v.attr.TransB)
	if v.attr.Literal != nil {
		b = fmt.Appendf(b, "%p %p %p", v.attr.Literal.f32, v.attr.Literal.f64, v.attr.Literal.i32)
	}
	return string(append(b, v.attr.Name...))
}
