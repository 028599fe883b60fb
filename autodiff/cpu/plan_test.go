package cpu

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"leeway/autodiff"
	"leeway/autodiff/internal/random"
)

// Two buffers that are alive together never share memory, unless one loop hands
// the other on in place; every storage is written before it is read. The check
// recomputes lifetimes from the kernels alone.
func TestPlanKeepsLiveBuffersApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		g := random.New(src, random.Settings{DType: autodiff.Float64, Values: 30})
		p, err := Compile(append(autodiff.Gradient(g.Loss, g.Wrt...), g.Loss), Settings{})
		if err != nil {
			t.Fatal(err)
		}
		plan := p.plan
		last := map[*storage]int{}
		for k, s := range plan.steps {
			for _, u := range s.uses() {
				if u.origin == fromBuffer && u.first > k {
					t.Fatalf("kernel %d uses a buffer that kernel %d writes first", k, u.first)
				}
				last[u] = k
			}
		}
		for _, o := range plan.outputs {
			last[o.store] = len(plan.steps)
		}
		for i, a := range plan.storages {
			for _, b := range plan.storages[:i] {
				if a.origin != fromBuffer || b.origin != fromBuffer {
					continue
				}
				apart := a.offset+a.bytes <= b.offset || b.offset+b.bytes <= a.offset
				if !apart && a.first < last[b] && b.first < last[a] {
					t.Fatalf("buffers alive in kernels %d to %d and %d to %d overlap", a.first, last[a], b.first, last[b])
				}
				inPlace := a.joined != nil || b.joined != nil
				if !apart && !inPlace && a.first <= last[b] && b.first <= last[a] {
					t.Fatalf("buffers that kernel %d needs at once overlap", max(a.first, b.first))
				}
			}
		}
	})
}

// A buffer that is to be written over another one lies where that one does, also
// where kernels run in another order than the graph's, which is rare: some of these
// graphs have it.
func TestBuffersAreWrittenOver(t *testing.T) {
	joined, backwards := 0, 0
	for seed := range uint64(600) {
		g := random.New(rand.New(rand.NewPCG(seed, 2)), random.Settings{DType: autodiff.Float64, Values: 30})
		p, err := Compile(append(autodiff.Gradient(g.Loss, g.Wrt...), g.Loss), Settings{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.plan.storages {
			if s.joined == nil {
				continue
			}
			joined++
			if s.joined.id > s.id {
				backwards++
			}
			if s.offset != s.joined.offset {
				t.Errorf("seed %d: a buffer of kernel %d was to be written over another one, and is not", seed, s.first)
			}
		}
	}
	if backwards == 0 {
		t.Errorf("of %d buffers none comes before the one that it is written over", joined)
	}
}

// chain is a sequence of matrix products with an activation after each.
func chain(length int) (outputs []*autodiff.Value, data map[*autodiff.Value]autodiff.Array) {
	b := newBuild(autodiff.Float64)
	x, w := b.normal(64, 64), b.normal(64, 64)
	b.data[w] = normal(b.rand, 0.1, b.dtype, 64, 64)
	for range length {
		x = autodiff.Tanh(autodiff.MatMul(x, w))
	}
	return []*autodiff.Value{x}, b.data
}

// A chain needs two buffers whatever its length: the product is written beside
// its operand, the activation over the product.
func TestBuffersAreReused(t *testing.T) {
	outputs, data := chain(20)
	matchReference(t, outputs, data, Settings{})
	p, err := Compile(outputs, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	s := p.Stats()
	if array := 64 * 64 * 8; s.BufferBytes != 2*array || s.BytesWithoutReuse != 40*array {
		t.Errorf("a chain of 20 products takes %d bytes of %d, not 2 arrays of 40", s.BufferBytes, s.BytesWithoutReuse)
	}
}

// The poisoning that all tests run under finds a plan that is wrong: here a
// buffer is declared dead one kernel too early.
func TestPoisonFindsWrongPlan(t *testing.T) {
	b := newBuild(autodiff.Float64)
	x, w := b.normal(8, 8), b.normal(8, 8)
	h := autodiff.MatMul(x, w)
	y := autodiff.Add(autodiff.MatMul(autodiff.MatMul(h, w), w), h)
	p, err := Compile([]*autodiff.Value{y}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	early := p.plan.steps[0].node.store
	early.last--
	got := runProgram(t, poisoned(p), b.data)[0]
	if x := got.At(0); x == x {
		t.Error("a buffer that was destroyed too early went unnoticed")
	}
}
