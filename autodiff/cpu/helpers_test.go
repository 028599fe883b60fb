package cpu

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"leeway/autodiff"
	"leeway/autodiff/reference"
)

// small makes blocks and rows so small that arrays of a few elements have many
// blocks and pieces, until the test ends.
func small(t testing.TB, block, row int) {
	b, m, s := blockBytes, maxRow, serialBelow
	blockBytes, maxRow, serialBelow = block, row, 0
	t.Cleanup(func() { blockBytes, maxRow, serialBelow = b, m, s })
}

// poisoned makes a program write NaN over buffers when the plan says that they
// are dead, and over all of them before the first kernel.
func poisoned(p *Program) *Program {
	overwrite := func(at, n int) {
		words := unsafe.Slice((*uint64)(p.arenaAt), p.plan.bytes/8)[at/8 : (at+n)/8]
		for i := range words {
			words[i] = math.MaxUint64 // NaN in both types, and no index
		}
	}
	alive := func(s *storage, k int) bool { return s.origin == fromBuffer && s.first <= k && s.last > k }
	p.poison = func(k int) {
		for _, s := range p.plan.storages {
			if s.origin != fromBuffer || s.last != k {
				continue
			}
			free := true
			for _, o := range p.plan.storages {
				if alive(o, k) && o.offset < s.offset+s.bytes && s.offset < o.offset+o.bytes {
					free = false
				}
			}
			if free {
				overwrite(s.offset, s.bytes)
			}
		}
	}
	overwrite(0, p.plan.bytes)
	return p
}

// run compiles and runs the outputs on the data, with poisoned memory.
func run(t failer, outputs []*autodiff.Value, data map[*autodiff.Value]autodiff.Array, s Settings) []autodiff.Array {
	t.Helper()
	p, err := Compile(outputs, s)
	if err != nil {
		t.Fatal(err)
	}
	return runProgram(t, poisoned(p), data)
}

func runProgram(t failer, p *Program, data map[*autodiff.Value]autodiff.Array) []autodiff.Array {
	t.Helper()
	for v, a := range data {
		if p.Uses(v) {
			if err := p.Bind(v, a); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	results := make([]autodiff.Array, len(p.plan.outputs))
	for i := range results {
		results[i] = p.Output(i)
	}
	return results
}

// matchReference holds the executor against the reference evaluator: an
// independent implementation by plain loops in float64, one function for each
// operation. Elements may differ by the tolerance of the type times the largest
// element of the array or 0.01.
func matchReference(t failer, outputs []*autodiff.Value, data map[*autodiff.Value]autodiff.Array, s Settings) {
	t.Helper()
	want, err := reference.Evaluate(outputs, data)
	if err != nil {
		t.Fatal(err)
	}
	got := run(t, outputs, data, s)
	for i, v := range outputs {
		if d := difference(got[i], want[i]); !(d <= tolerance(v.DType())) {
			t.Fatalf("output %d, %v: differs from the reference by %.2g\ngot  %v\nwant %v", i, v, d, head(got[i]), head(want[i]))
		}
	}
}

func tolerance(d autodiff.DType) float64 {
	return map[autodiff.DType]float64{autodiff.Float32: 3e-5, autodiff.Float64: 1e-12}[d]
}

// difference is the largest difference of elements, relative to the largest
// element or 0.01; NaN equals NaN and infinities equal themselves.
func difference(a, b autodiff.Array) float64 {
	if a.DType() != b.DType() || !a.Shape().Equal(b.Shape()) {
		return math.NaN()
	}
	scale, worst := 0.01, 0.0 // what cancels leaves the rounding errors of terms of order one
	for i := range a.Shape().Size() {
		if x := math.Abs(b.At(i)); !math.IsInf(x, 0) && !math.IsNaN(x) {
			scale = max(scale, x)
		}
	}
	for i := range a.Shape().Size() {
		x, y := a.At(i), b.At(i)
		if x == y || x != x && y != y {
			continue
		}
		if d := math.Abs(x-y) / scale; d > worst || d != d {
			worst = d
		}
	}
	return worst
}

func head(a autodiff.Array) string {
	s := fmt.Sprint(a.Shape())
	for i := range min(12, a.Shape().Size()) {
		s += fmt.Sprintf(" %.6g", a.At(i))
	}
	return s
}

// sameBits reports whether two arrays are equal to the bit.
func sameBits(a, b autodiff.Array) bool {
	for i := range a.Shape().Size() {
		if math.Float64bits(a.At(i)) != math.Float64bits(b.At(i)) {
			return false
		}
	}
	return a.DType() == b.DType() && a.Shape().Equal(b.Shape())
}

// normal fills an array with normal numbers times a scale.
func normal(r *rand.Rand, scale float64, d autodiff.DType, shape ...int) autodiff.Array {
	a := autodiff.NewArray(d, shape...)
	for i := range a.Shape().Size() {
		a.Set(i, scale*r.NormFloat64())
	}
	return a
}

// indices fills an array with numbers below n.
func indices(r *rand.Rand, n int, shape ...int) autodiff.Array {
	a := autodiff.NewArray(autodiff.Int32, shape...)
	for i := range a.Shape().Size() {
		a.Set(i, float64(r.IntN(n)))
	}
	return a
}

var floats = []autodiff.DType{autodiff.Float32, autodiff.Float64}

// failer is a test: of package testing, or a property of package rapid.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}
