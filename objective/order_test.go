package objective_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"leeway/objective"
)

var kinds = []string{objective.Cyclic, objective.Shuffled, objective.IID}

// Whatever order the steps are asked for in, a clone too, each gives the batch
// that a sequential walk from step 0 gives.
func TestOrderIsAFunctionOfTheStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		batches, seed := rapid.IntRange(1, 20).Draw(t, "batches"), rapid.Uint64().Draw(t, "seed")
		walk := make([]int, 100)
		o := must(objective.NewOrder(kind, batches, seed))
		for i := range walk {
			if walk[i] = o.At(i); walk[i] < 0 || walk[i] >= batches {
				t.Fatalf("step %d visits %d of %d", i, walk[i], batches)
			}
		}
		jump, clone := must(objective.NewOrder(kind, batches, seed)), o.Clone()
		for _, i := range rapid.SliceOf(rapid.IntRange(0, 99)).Draw(t, "steps") {
			if jump.At(i) != walk[i] || clone.At(i) != walk[i] {
				t.Fatalf("step %d visits %d and %d, in sequence %d", i, jump.At(i), clone.At(i), walk[i])
			}
		}
	})
}

func TestCyclicAndShuffledEpochs(t *testing.T) {
	const batches, epochs = 7, 500
	cyclic, shuffled := must(objective.NewOrder("", batches, 1)), must(objective.NewOrder(objective.Shuffled, batches, 1))
	other := must(objective.NewOrder(objective.Shuffled, batches, 2))
	place := [batches][batches]int{} // how often batch k comes i-th
	repeats, moved := 0, 0
	before := make([]int, batches)
	for e := range epochs {
		epoch := make([]int, batches)
		for i := range epoch {
			if cyclic.At(e*batches+i) != i {
				t.Fatal("cyclic is not cyclic")
			}
			epoch[i] = shuffled.At(e*batches + i)
			place[epoch[i]][i]++
			if other.At(e*batches+i) != epoch[i] {
				moved++
			}
		}
		if slices.Equal(epoch, before) {
			repeats++
		}
		copy(before, epoch)
		if slices.Sort(epoch); !slices.Equal(epoch, []int{0, 1, 2, 3, 4, 5, 6}) {
			t.Fatalf("epoch %d is no permutation: %v", e, epoch)
		}
	}
	if repeats > 3 || moved < epochs {
		t.Errorf("%d epochs repeat the one before, %d steps differ under another seed", repeats, moved)
	}
	// 49 counts of mean 500/7; chi-square with 36 degrees of freedom stays
	// below 78 with probability 0.9999. The seed is fixed, so this cannot flake.
	chi := 0.0
	for _, row := range place {
		for _, n := range row {
			chi += math.Pow(float64(n)-epochs/7.0, 2) / (epochs / 7.0)
		}
	}
	if chi > 78 {
		t.Errorf("places are not uniform: chi-square %.1f", chi)
	}
}

// Frequencies of single steps and of pairs of neighbouring steps, which a
// generator reseeded by the step number could easily correlate. Fixed seeds.
func TestIIDFrequencies(t *testing.T) {
	const batches, steps = 5, 50000
	for seed := range uint64(4) {
		o := must(objective.NewOrder(objective.IID, batches, seed))
		var single [batches]int
		var pair [batches][batches]int
		last := o.At(0)
		for i := 1; i <= steps; i++ {
			k := o.At(i)
			single[k]++
			pair[last][k]++
			last = k
		}
		chi1, chi2 := 0.0, 0.0
		for i := range batches {
			chi1 += math.Pow(float64(single[i])-steps/5.0, 2) / (steps / 5.0)
			for j := range batches {
				chi2 += math.Pow(float64(pair[i][j])-steps/25.0, 2) / (steps / 25.0)
			}
		}
		// 0.9999 quantiles: 23.5 with 4 degrees of freedom, 58.6 with 24.
		if chi1 > 23.5 || chi2 > 58.6 {
			t.Errorf("seed %d: chi-square %.1f of steps, %.1f of pairs", seed, chi1, chi2)
		}
	}
}

func TestOrderDoesNotAllocate(t *testing.T) {
	for _, kind := range kinds {
		o, step := must(objective.NewOrder(kind, 4, 1)), 0
		if n := testing.AllocsPerRun(100, func() { o.At(step); step++ }); n != 0 {
			t.Errorf("%s: %v allocations a step", kind, n)
		}
	}
}

func TestOrderErrors(t *testing.T) {
	if _, err := objective.NewOrder("random", 3, 0); err == nil || !strings.Contains(err.Error(), "Try: cyclic, shuffled or iid") {
		t.Errorf("unknown kind: %v", err)
	}
	if _, err := objective.NewOrder(objective.IID, 0, 0); err == nil {
		t.Error("no batches are accepted")
	}
	o := must(objective.NewOrder("", 3, 0))
	if o.Kind() != objective.Cyclic || o.Batches() != 3 {
		t.Errorf("kind %q of %d batches", o.Kind(), o.Batches())
	}
	defer func() {
		if recover() == nil {
			t.Error("a negative step does not panic")
		}
	}()
	o.At(-1)
}
