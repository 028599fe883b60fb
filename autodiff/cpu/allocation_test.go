package cpu

import (
	"runtime"
	"testing"

	"leeway/autodiff"
)

// allocations is the smallest number of allocations in one of several runs: on
// several threads a thread takes its part, and its memory, when it happens to, and
// the runtime allocates now and then for itself.
func allocations(t *testing.T, run func() error) uint64 {
	t.Helper()
	var before, after runtime.MemStats
	least := ^uint64(0)
	for range 20 {
		runtime.ReadMemStats(&before)
		if err := run(); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		least = min(least, after.Mallocs-before.Mallocs)
	}
	return least
}

// After the first run nothing is allocated: on one thread and on two, with outputs
// bound to the caller's memory, among them views and one asked for twice, which
// are copied; and the same for linearized programs.
func TestRunAllocatesNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for _, net := range tinyNetworks {
		for _, d := range floats {
			for _, threads := range []int{1, 2} {
				n := net.build(d)
				outputs := append(n.outputs(true), n.gradient[0], autodiff.Reshape(n.gradient[1], n.gradient[1].Shape().Size(), 1), n.wrt[0])
				p, err := Compile(outputs, Settings{Threads: threads})
				if err != nil {
					t.Fatal(err)
				}
				bindOutputs(t, p, outputs)
				runProgram(t, p, n.data)
				if a := allocations(t, p.Run); a != 0 {
					t.Errorf("%s %v, %d threads: %d allocations in a run", net.name, d, threads, a)
				}
				l, err := Linearize(n.product, n.outputs(false), n.v, Settings{Threads: threads})
				if err != nil {
					t.Fatal(err)
				}
				bindOutputs(t, l.Product, n.product)
				for v, a := range n.data {
					if err := l.Bind(v, a); err != nil {
						t.Fatal(err)
					}
				}
				both := func() error {
					if err := l.Base.Run(); err != nil {
						return err
					}
					return l.Product.Run()
				}
				if a := allocations(t, both); a != 0 {
					t.Errorf("%s %v, %d threads: %d allocations in linearized runs", net.name, d, threads, a)
				}
			}
		}
	}
}

// bindOutputs gives every output memory of its own.
func bindOutputs(t *testing.T, p *Program, outputs []*autodiff.Value) {
	t.Helper()
	for i, v := range outputs {
		if err := p.BindOutput(i, autodiff.NewArray(v.DType(), v.Shape()...)); err != nil {
			t.Fatal(err)
		}
	}
}
