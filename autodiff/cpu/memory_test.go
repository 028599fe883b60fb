package cpu

import (
	"math"
	"runtime"
	"strings"
	"testing"

	"leeway/autodiff"
)

// heap is what is alive of the heap, in bytes.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one finalized
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// The memory that a program says it holds is what the runtime, which knows nothing
// of plans, sees: for a network with convolutions, with sums of columns, with a
// large literal whose preprocessing is folded. The graph is made before, and the
// plan's own structures are small beside the arrays. On one thread more runs take
// nothing more; of several a thread may take its part only then.
func TestBytesAreWhatTheHeapHolds(t *testing.T) {
	const literal = 300_000
	b := newBuild(autodiff.Float32)
	x := b.Literal(normal(b.rand, 1, b.dtype, literal/10, 10))
	for range 6 { // intermediate arrays that are not to stay
		x = autodiff.Exp(autodiff.Transpose(autodiff.Tanh(autodiff.Transpose(x, 1, 0)), 1, 0))
	}
	y := autodiff.Tanh(autodiff.Add(x, b.normal(10)))
	folded := []*autodiff.Value{autodiff.Mul(y, y), autodiff.Sum(y, 0)}
	net := convNet(autodiff.Float64, 64, 16, 64, 8, 16)
	for name, c := range map[string]struct {
		outputs []*autodiff.Value
		data    map[*autodiff.Value]autodiff.Array
	}{"folded literal": {folded, b.data}, "network": {net.outputs(true), net.data}} {
		for _, threads := range []int{1, 2} {
			before := heap()
			p, err := Compile(c.outputs, Settings{Threads: threads})
			if err != nil {
				t.Fatal(err)
			}
			runProgram(t, p, c.data)
			first := p.Bytes()
			for range 4 {
				if got, want := heap()-before, p.Bytes(); math.Abs(float64(got-want)) > float64(want)/20+200_000 {
					t.Errorf("%s, %d threads: the program holds %d bytes and says %d: %+v", name, threads, got, want, p.Stats())
				}
				runProgram(t, p, c.data)
			}
			if threads == 1 && p.Bytes() != first {
				t.Errorf("%s: %d bytes after the first run, %d after the last", name, first, p.Bytes())
			}
			if s := p.Stats(); s.PeakBytes > p.Bytes() || s.PeakBytes != s.BufferBytes+s.SumBytes+s.ScratchBytes+s.ConstantBytes {
				t.Errorf("%s: %d bytes, and stats %+v", name, p.Bytes(), s)
			}
		}
	}
	p, err := Compile(folded, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Stats().ConstantBytes; got != aligned(4*literal) {
		t.Errorf("%d bytes of constants, not the folded array alone", got)
	}
}

// What depends on literals is computed with the same settings as all else.
func TestFoldingObeysSettings(t *testing.T) {
	b := newBuild(autodiff.Float32)
	image := b.Literal(normal(b.rand, 1, b.dtype, 2, 8, 8, 16))
	kernel := b.Literal(normal(b.rand, 1, b.dtype, 3, 3, 16, 32))
	y := autodiff.Conv(image, kernel, autodiff.Window{PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1})
	x, w := b.Input("image", b.dtype, image.Shape()...), b.Input("kernel", b.dtype, kernel.Shape()...)
	b.data[x], b.data[w] = *image.Attributes().Literal, *kernel.Attributes().Literal
	z := autodiff.Conv(x, w, autodiff.Window{PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1})
	for _, direct := range []bool{false, true} {
		got := run(t, []*autodiff.Value{y, z}, b.data, Settings{Direct: direct, Threads: 1})
		if !sameBits(got[0], got[1]) {
			t.Errorf("direct %v: a convolution of literals and the same one of inputs differ", direct)
		}
	}
}

// A program that takes more memory than the limit is an error, and so is one that
// no machine could hold: of its intermediate results, constants, or literals' folded
// values. Nothing of it is allocated before.
func TestMemoryLimit(t *testing.T) {
	var g autodiff.Graph
	wide := autodiff.MatMul(g.Input("x", autodiff.Float64, 1<<21, 1), g.Input("y", autodiff.Float64, 1, 1<<20)) // 2^41 elements, 2^44 bytes
	index := g.Input("i", autodiff.Int32, 3)
	one := g.Literal(autodiff.Array64([]float64{2}, 1))
	for name, v := range map[string]*autodiff.Value{
		"intermediate results": autodiff.Sum(autodiff.Exp(wide)),
		"output":               wide,
		"constants":            autodiff.MatMul(autodiff.Exp(g.Input("z", autodiff.Float64, 1, 1<<20)), g.Constant(2, autodiff.Float64, 1<<20, 1<<21)),
		"folded":               autodiff.Gather(autodiff.Exp(autodiff.Pad(autodiff.Exp(one), []int{5}, []int{1 << 42})), index),
	} {
		before := heap()
		_, err := Compile([]*autodiff.Value{v}, Settings{})
		if err == nil || !strings.Contains(err.Error(), " GB and the limit is ") || !strings.HasSuffix(err.Error(), "Try: a smaller physical batch") {
			t.Errorf("%s: %v", name, err)
		}
		if taken := heap() - before; taken > 10<<20 {
			t.Errorf("%s: %d bytes are gone", name, taken)
		}
	}
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}

	n := mlp(autodiff.Float64, 50, 20, 16, 10)
	p, err := Compile(n.outputs(true), Settings{})
	if err != nil {
		t.Fatal(err)
	}
	need := p.Stats().PeakBytes
	if _, err := Compile(n.outputs(true), Settings{MemoryLimit: need}); err != nil {
		t.Errorf("the limit is what the program needs: %v", err)
	}
	if _, err := Compile(n.outputs(true), Settings{MemoryLimit: need - 1}); err == nil {
		t.Error("a byte less is accepted")
	}
}

func TestMachineMemory(t *testing.T) {
	if n := machineMemory(); n < 1<<28 {
		t.Errorf("this machine has %d bytes", n)
	}
	for text, want := range map[string]int{
		"MemTotal:       16318280 kB\nMemFree: 1 kB\n": 16318280 << 10,
		"MemFree: 1 kB\nMemTotal: 3 kB":                3 << 10,
		"":                                             0, "MemTotal: many": 0, "MemTotal: 0 kB": 0, "MemTotal: -5 kB": 0,
	} {
		if n, ok := memTotal(text); n != want || ok != (want > 0) {
			t.Errorf("%q is %d, %v, want %d", text, n, ok, want)
		}
	}
}
