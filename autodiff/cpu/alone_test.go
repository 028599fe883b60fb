package cpu

import (
	"math/rand/v2"
	"testing"

	"leeway/autodiff"
	"leeway/autodiff/internal/random"
)

// alone computes every value of a graph by a program of its own, from its operands
// as such programs computed them.
func alone(t failer, outputs []*autodiff.Value, data map[*autodiff.Value]autodiff.Array) map[*autodiff.Value]autodiff.Array {
	t.Helper()
	results := map[*autodiff.Value]autodiff.Array{}
	for _, v := range autodiff.Order(outputs) {
		if a, ok := data[v]; ok {
			results[v] = a
			continue
		}
		p, err := Compile([]*autodiff.Value{v}, Settings{Threads: 1, Given: v.Operands()})
		if err != nil {
			t.Fatal(err)
		}
		results[v] = runProgram(t, p, results)[0]
	}
	return results
}

// roundedInAnotherOrder marks the values that a whole program may round otherwise
// than programs of single values: sums of two products, of which one adds itself to
// the other, and products with a matrix that all of a batch share; and all that
// depends on them.
func roundedInAnotherOrder(outputs []*autodiff.Value) map[*autodiff.Value]bool {
	marked := map[*autodiff.Value]bool{}
	for _, v := range autodiff.Order(outputs) {
		for _, o := range v.Operands() {
			switch {
			case marked[o], v.Op() == autodiff.OpAdd && o.Op() >= autodiff.OpMatMul, v.Op() == autodiff.OpMatMul && o.Op() == autodiff.OpBroadcast:
				marked[v] = true
			}
		}
	}
	return marked
}

// Fusion, in-place writing and sharing memory change no bit: a whole program gives
// what every operation gives alone.
func TestFusionChangesNoBit(t *testing.T) {
	compared := 0
	for seed := range uint64(150) {
		src := rand.New(rand.NewPCG(seed, 5))
		d := floats[seed%2]
		p := random.New(src, random.Settings{DType: d, Values: 16})
		outputs := append(append([]*autodiff.Value{p.Loss}, p.Outputs...), autodiff.Gradient(p.Loss, p.Wrt...)...)
		data := p.Data(src)
		if seed%3 == 0 {
			data = p.Tied(src)
		}
		want := alone(t, outputs, data)
		marked := roundedInAnotherOrder(outputs)
		for i, got := range run(t, outputs, data, Settings{Threads: 2}) {
			if marked[outputs[i]] {
				continue
			}
			compared++
			if !sameBits(got, want[outputs[i]]) {
				t.Errorf("seed %d: %v is %s, alone %s", seed, outputs[i], head(got), head(want[outputs[i]]))
			}
		}
	}
	if compared < 200 {
		t.Errorf("only %d outputs are compared", compared)
	}
}
