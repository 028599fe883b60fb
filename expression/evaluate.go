package expression

import (
	"fmt"
	"math"

	"leeway/autodiff/cpu/vec"
)

// block is the number of coordinates that a program works on at a time, so that
// its registers stay in the first-level cache.
const block = 512

// room is the workspace of one evaluation.
type room struct {
	views  [][]float64 // variables, results, registers; cut to the block
	single []float64   // constants, scalars, and what is computed of them
	memory []float64   // of the registers
}

func (p *Program) newRoom() *room {
	r := &room{
		views:  make([][]float64, p.variables+p.results+p.registers),
		single: make([]float64, len(p.constants)+p.scalars+len(p.scalarCode)),
		memory: make([]float64, block*p.registers),
	}
	copy(r.single, p.constants)
	return r
}

// Evaluate writes expression k to dst[k] for all coordinates: variables[i] holds
// variable i of the scope in every coordinate, scalars[i] is scalar i. Variables
// that no expression uses may be nil. A program of one expression may write over
// one of its variables. It panics if the numbers of arguments or their lengths
// are wrong.
func (p *Program) Evaluate(dst, variables [][]float64, scalars []float64) {
	if len(dst) != p.results || len(variables) != p.variables || len(scalars) != p.scalars {
		panic(fmt.Sprintf("expression: %d results, %d variables and %d scalars, want %d, %d and %d",
			len(dst), len(variables), len(scalars), p.results, p.variables, p.scalars))
	}
	r, _ := p.rooms.Get().(*room)
	if r == nil {
		r = p.newRoom()
	}
	copy(r.single[len(p.constants):], scalars)
	for _, in := range p.scalarCode {
		r.single[in.dst] = apply(in.op, r.single[in.a], r.single[in.b], r.single[in.c])
	}
	for low, length := 0, len(dst[0]); low < length; low += block {
		p.part(r, dst, variables, low, min(low+block, length))
	}
	clear(r.views) // the caller's memory is not ours to keep
	p.rooms.Put(r)
}

// part evaluates the coordinates from low to high, a block at most.
func (p *Program) part(r *room, dst, variables [][]float64, low, high int) {
	for i, v := range variables {
		if v != nil {
			r.views[i] = v[low:high]
		}
	}
	for i, v := range dst {
		r.views[p.variables+i] = v[low:high]
	}
	for i := range p.registers {
		r.views[p.variables+p.results+i] = r.memory[i*block : i*block+high-low]
	}
	for i := range p.code {
		p.code[i].run(r)
	}
	for _, c := range p.copies {
		to := r.views[p.variables+c.result]
		if c.single {
			fill(to, r.single[c.from])
		} else {
			copy(to, r.views[c.from])
		}
	}
}

// run does one operation on a block.
func (in *instruction) run(r *room) {
	dst := r.views[in.dst]
	switch in.form {
	case singleRight:
		singleOnRight(in.op, dst, r.views[in.a], r.single[in.b])
		return
	case singleLeft:
		singleOnLeft(in.op, dst, r.single[in.a], r.views[in.b])
		return
	}
	if in.op == opNumber {
		fill(dst, r.single[in.a])
		return
	}
	a := r.views[in.a]
	f := vec.Float64
	switch in.op {
	case opNeg:
		f.Neg(dst, a)
	case opSquare:
		f.Square(dst, a)
	case opSqrt:
		f.Sqrt(dst, a)
	case opAbs:
		f.Abs(dst, a)
	case opSign:
		f.Sign(dst, a)
	case opTanh:
		f.Tanh(dst, a)
	case opExp:
		f.Exp(dst, a)
	case opLog:
		f.Log(dst, a)
	case opPick:
		f.Where(dst, a, r.views[in.b], r.views[in.c])
	default:
		both(in.op, dst, a, r.views[in.b])
	}
}

// both is an operation on two vectors.
func both(o op, dst, a, b []float64) {
	f := vec.Float64
	switch o {
	case opAdd:
		f.Add(dst, a, b)
	case opSub:
		f.Sub(dst, a, b)
	case opMul:
		f.Mul(dst, a, b)
	case opDiv:
		f.Div(dst, a, b)
	case opMax:
		f.Max(dst, a, b)
	case opAtLeast:
		f.GreaterEqual(dst, a, b)
	case opMin:
		for j, x := range a {
			dst[j] = min(x, b[j])
		}
	case opPow:
		for j, x := range a {
			dst[j] = math.Pow(x, b[j])
		}
	}
}

// singleOnRight is an operation on a vector and a number.
func singleOnRight(o op, dst, a []float64, b float64) {
	f := vec.Float64
	switch o {
	case opAdd:
		f.AddScalar(dst, a, b)
	case opSub:
		f.SubScalar(dst, a, b)
	case opMul:
		f.MulScalar(dst, a, b)
	case opDiv:
		f.DivScalar(dst, a, b)
	case opPow:
		for j, x := range a {
			dst[j] = math.Pow(x, b)
		}
	}
}

// singleOnLeft is an operation on a number and a vector.
func singleOnLeft(o op, dst []float64, a float64, b []float64) {
	f := vec.Float64
	switch o {
	case opAdd:
		f.AddScalar(dst, b, a)
	case opSub:
		f.ScalarSub(dst, a, b)
	case opMul:
		f.MulScalar(dst, b, a)
	case opDiv:
		f.ScalarDiv(dst, a, b)
	case opPow:
		for j, x := range b {
			dst[j] = math.Pow(a, x)
		}
	}
}

func fill(dst []float64, x float64) {
	for j := range dst {
		dst[j] = x
	}
}
