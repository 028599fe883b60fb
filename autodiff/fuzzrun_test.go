package autodiff_test

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/autodiff"
	"leeway/autodiff/cpu"
	"leeway/autodiff/reference"
)

// compileAndRun holds what the CPU computes for a graph of any kind against the
// reference: operation by operation, from the same operands, so that no rounding of
// an earlier one decides a jump; and the whole program against its operations run
// one by one, to the bit, wherever it does not add in another order. What is too
// large to run compiles or is an error.
func compileAndRun(t *testing.T, built values, seed []byte) {
	t.Helper()
	var sound values
	for _, v := range built {
		if v != nil && v.Op() != autodiff.OpInvalid && len(v.Operands()) > 0 {
			sound = append(sound, v)
		}
	}
	sound = slices.DeleteFunc(sound, func(v *autodiff.Value) bool { return v.Graph() != sound[0].Graph() })
	if len(sound) == 0 {
		return
	}
	g := &autodiff.Graph{} // without the errors of the other values
	copies := autodiff.Rebuild(g, sound)
	outputs := make(values, len(sound))
	for i, v := range sound {
		outputs[i] = copies[v]
	}
	if err := g.Err(); err != nil {
		t.Fatalf("sound values built again: %v", err)
	}
	order := autodiff.Order(outputs)
	elements := 0
	for _, v := range order {
		elements = min(elements+v.Shape().Size(), 1<<50)
	}
	program, err := cpu.Compile(outputs, cpu.Settings{Threads: 2, MemoryLimit: 1 << 24})
	if elements > 1<<14 || len(order) > 250 {
		return
	}
	at := draw(order, seed)
	if err == nil {
		err = bindAndRun(program, at)
	}
	results := operationByOperation(t, order, at)
	if (err == nil) != (results != nil) {
		t.Fatalf("the program: %v; its operations one by one: %v", err, results != nil)
	}
	if err != nil {
		return
	}
	marked := roundedInAnotherOrder(order)
	for i, v := range outputs {
		if got, want := program.Output(i), results[v]; !marked[v] && !sameBits(got, want) {
			t.Fatalf("%s is %v in the program and %v alone", formula(v), elementsOf(got), elementsOf(want))
		}
	}
}

// draw gives all inputs numbers: halves, so that ties, kinks and zeros occur, and
// indices that seldom are outside.
func draw(order values, seed []byte) data {
	h := fnv.New64()
	h.Write(seed)
	src := rand.New(rand.NewPCG(h.Sum64(), 0))
	at := data{}
	for _, v := range order {
		if v.Op() != autodiff.OpInput {
			continue
		}
		a := autodiff.NewArray(v.DType(), v.Shape()...)
		for i := range v.Shape().Size() {
			switch {
			case v.DType().IsFloat():
				a.Set(i, float64(src.IntN(13)-6)/2)
			case src.IntN(40) == 0:
				a.Set(i, float64(src.IntN(20)-10))
			default:
				a.Set(i, float64(src.IntN(2)))
			}
		}
		at[v] = a
	}
	return at
}

func bindAndRun(p *cpu.Program, at data) error {
	for v, a := range at {
		if p.Uses(v) {
			if err := p.Bind(v, a); err != nil {
				return err
			}
		}
	}
	return p.Run()
}

// operationByOperation runs every value as a program of its own on the results of
// such programs, and compares it with the reference; nil if an index is outside of
// its table, on which both agree.
func operationByOperation(t *testing.T, order values, at data) data {
	t.Helper()
	results := data{}
	for _, v := range order {
		if a, ok := at[v]; ok {
			results[v] = a
			continue
		}
		given := data{}
		for _, o := range v.Operands() {
			given[o] = results[o]
		}
		want, errWant := reference.Evaluate(values{v}, given)
		p, err := cpu.Compile(values{v}, cpu.Settings{Threads: 1, Given: v.Operands()})
		if err == nil {
			err = bindAndRun(p, given)
		}
		if (err == nil) != (errWant == nil) {
			t.Fatalf("%v: %v; the reference: %v", v, err, errWant)
		}
		if err != nil {
			return nil
		}
		results[v] = p.Output(0)
		if scale, ok := scale(v, given); ok {
			for i := range v.Shape().Size() {
				if x, y := results[v].At(i), want[0].At(i); !agree(x, y, scale, v.DType()) {
					t.Fatalf("%v: element %d is %g, by the reference %g, from %v", v, i, x, y, operandsOf(v, given))
				}
			}
		}
	}
	return results
}

// scale is what rounding errors of an operation are relative to, beside its result:
// 0 for what rounds once, the sum of all terms for sums of them. ok is false if terms
// are so large, or infinite, that the order of adding them decides.
func scale(v *autodiff.Value, given data) (scale float64, ok bool) {
	switch op := v.Op(); {
	case op >= autodiff.OpMatMul:
		scale = 1
	case op != autodiff.OpSum && op != autodiff.OpScatterAdd && op != autodiff.OpPoolScatter:
		return 0, true
	default:
		scale = float64(v.Operands()[0].Shape().Size())
	}
	for _, o := range v.Operands() {
		largest := 0.0
		for i := range o.Shape().Size() {
			largest = max(largest, math.Abs(given[o].At(i)))
		}
		if !(largest < 1e15) {
			return 0, false
		}
		if o.DType().IsFloat() {
			scale *= largest
		}
		if v.Op() >= autodiff.OpMatMul {
			scale *= float64(o.Shape().Size())
		}
	}
	return scale, true
}

// agree reports whether two numbers are equal up to the rounding of a type.
func agree(x, y, scale float64, d autodiff.DType) bool {
	if x == y || math.IsNaN(x) && math.IsNaN(y) {
		return true
	}
	unit, least := 0x1p-52, 0x1p-1022
	if d == autodiff.Float32 {
		unit, least = 0x1p-23, 0x1p-126
	}
	return math.Abs(x-y) <= 16*unit*(max(math.Abs(y), scale)+least)
}

// roundedInAnotherOrder marks the values that a whole program may round otherwise
// than programs of single values: sums of two products, of which one adds itself to
// the other, and products with a matrix that all of a batch share; and all that
// depends on them.
func roundedInAnotherOrder(order values) map[*autodiff.Value]bool {
	marked := map[*autodiff.Value]bool{}
	for _, v := range order {
		for _, o := range v.Operands() {
			switch {
			case marked[o], v.Op() == autodiff.OpAdd && o.Op() >= autodiff.OpMatMul, v.Op() == autodiff.OpMatMul && o.Op() == autodiff.OpBroadcast:
				marked[v] = true
			}
		}
	}
	return marked
}

func sameBits(a, b autodiff.Array) bool {
	x, y := elementsOf(a), elementsOf(b)
	return slices.EqualFunc(x, y, func(x, y float64) bool {
		return math.Float64bits(x) == math.Float64bits(y) || math.IsNaN(x) && math.IsNaN(y)
	})
}

func elementsOf(a autodiff.Array) []float64 {
	list := make([]float64, a.Shape().Size())
	for i := range list {
		list[i] = a.At(i)
	}
	return list
}

func operandsOf(v *autodiff.Value, given data) (lists [][]float64) {
	for _, o := range v.Operands() {
		lists = append(lists, elementsOf(given[o]))
	}
	return lists
}
