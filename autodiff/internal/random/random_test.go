package random_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/autodiff"
	"leeway/autodiff/internal/random"
	"leeway/autodiff/reference"
)

// TestPrograms: every drawn graph is valid, finite, of order one, the same for
// the same choices; every operation of the set occurs.
func TestPrograms(t *testing.T) {
	seen := map[autodiff.Op]int{}
	for seed := range uint64(400) {
		s := random.Settings{DType: autodiff.DType(seed % 2), Values: 1 + int(seed%24), Differentiable: seed%3 == 0}
		p := random.New(rand.New(rand.NewPCG(seed, 1)), s)
		if err := p.Graph.Err(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, v := range autodiff.Order([]*autodiff.Value{p.Loss}) {
			seen[v.Op()]++
		}
		data := p.Data
		if seed%2 == 0 {
			data = p.Tied
		}
		out, err := reference.Evaluate(append(p.Outputs, p.Loss), data(rand.New(rand.NewPCG(seed, 2))))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i, a := range out {
			for j := range a.Shape().Size() {
				if x := a.At(j); !(math.Abs(x) <= 200) {
					t.Errorf("seed %d: output %d element %d is %g", seed, i, j, x)
				}
			}
		}
		again := random.New(rand.New(rand.NewPCG(seed, 1)), s)
		if again.Loss.String() != p.Loss.String() || len(again.Inputs) != len(p.Inputs) {
			t.Errorf("seed %d: another program from the same choices", seed)
		}
	}
	for op := autodiff.OpInput; op <= autodiff.OpConvWeightGrad; op++ {
		if seen[op] == 0 {
			t.Errorf("operation %v never occurs", op)
		}
	}
}

// TestDataStaysAwayFromKinks: what Data promises, on programs' own inputs.
func TestDataStaysAwayFromKinks(t *testing.T) {
	for seed := range uint64(50) {
		src := rand.New(rand.NewPCG(seed, 3))
		p := random.New(src, random.Settings{DType: autodiff.Float64})
		data := p.Data(src)
		var all [][]float64
		for _, v := range p.Wrt {
			all = append(all, data[v].Float64s())
		}
		for i, x := range all {
			for j, a := range x {
				if r := math.Abs(a*64 - math.Round(a*64)); r < 1.0/32 {
					t.Fatalf("seed %d: %g is near a multiple of 1/64", seed, a)
				}
				for k, y := range all[:min(i+1, 31)] {
					for l, b := range y {
						if (i != k || j != l) && math.Abs(a-b) < 1.0/2049 {
							t.Fatalf("seed %d: %g and %g are too near", seed, a, b)
						}
					}
				}
			}
		}
	}
}

func TestBytes(t *testing.T) {
	src := random.Bytes([]byte{7, 8})
	if a, b, c := src.IntN(5), src.IntN(5), src.IntN(5); a != 2 || b != 3 || c != 0 {
		t.Errorf("choices %d %d %d, want 2 3 0", a, b, c)
	}
	if err := random.New(random.Bytes([]byte("any bytes make a graph")), random.Settings{}).Graph.Err(); err != nil {
		t.Error(err)
	}
}
