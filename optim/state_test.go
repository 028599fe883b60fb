package optim_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/optim"
	"pgregory.net/rapid"
)

// dims are around the borders of the blocks in which a step works.
var dims = []int{1, 2, 511, 512, 513, 1024, 2000}

// drawRule is a kind's default with another place of eps, correction and
// regularization, where it has them.
func drawRule(t *rapid.T) *optim.Rule {
	def, err := optim.Default(rapid.SampledFrom(optim.Kinds()).Draw(t, "kind"))
	if err != nil {
		t.Fatal(err)
	}
	if f := field(def, "bias_correction"); f.IsValid() {
		f.SetBool(rapid.Bool().Draw(t, "bias correction"))
	}
	if f := field(def, "eps_mode"); f.IsValid() {
		f.SetInt(int64(rapid.IntRange(0, 2).Draw(t, "eps mode")))
	}
	if f := field(def, "eps"); f.IsValid() {
		f.SetFloat(rapid.SampledFrom([]float64{1e-6, 0.1}).Draw(t, "eps"))
	}
	if f := field(def, "form"); f.IsValid() {
		f.SetInt(int64(rapid.IntRange(0, 1).Draw(t, "form")))
	}
	regularization := []float64{0, 0.1}
	setRegularization(def, optim.Regularization{
		WeightDecay: rapid.SampledFrom(regularization).Draw(t, "weight decay"),
		L2:          rapid.SampledFrom(regularization).Draw(t, "l2"),
	})
	rule, err := def.Rule()
	if err != nil {
		t.Fatal(err)
	}
	return rule
}

// run is theta and the directions after the given gradients, one row a step.
func run(state *optim.State, theta []float64, gradients [][]float64) (directions [][]float64) {
	for _, g := range gradients {
		f := make([]float64, len(theta))
		state.StepDirection(f, theta, g)
		directions = append(directions, f)
	}
	return directions
}

// normal is rows of standard normal numbers.
func normal(rng *rand.Rand, rows, dim int) [][]float64 {
	x := make([][]float64, rows)
	for i := range x {
		x[i] = make([]float64, dim)
		for j := range x[i] {
			x[i][j] = rng.NormFloat64()
		}
	}
	return x
}

// A State of many coordinates takes, to the bit, the steps of one State per
// coordinate: neither blocks nor neighbours matter. It leaves the gradient as it
// was, and its directions are the steps' own.
func TestBlocksDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := optim.Optimizer{Rule: drawRule(t), LR: 0.05, Schedule: optim.Schedule{Kind: "polynomial", Power: 0.5}}
		dim := rapid.SampledFrom(dims).Draw(t, "dim")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		start, gradients := normal(rng, 1, dim)[0], normal(rng, 5, dim)
		theta := slices.Clone(start)
		kept := make([][]float64, len(gradients))
		for n, g := range gradients {
			kept[n] = slices.Clone(g)
		}
		directions := run(optim.NewState(opt, dim), theta, gradients)
		for n := range gradients {
			if !same(gradients[n], kept[n]) {
				t.Fatalf("step %d changed the gradient", n)
			}
		}
		column := make([][]float64, len(gradients))
		for j := range dim {
			for n, g := range gradients {
				column[n] = g[j : j+1]
			}
			alone := []float64{start[j]}
			f := run(optim.NewState(opt, 1), alone, column)
			if !same(alone, theta[j:j+1]) {
				t.Fatalf("coordinate %d of %d ends at %v, alone at %v", j, dim, theta[j], alone[0])
			}
			x := start[j]
			for n := range gradients {
				if f[n][0] != directions[n][j] {
					t.Fatalf("step %d, coordinate %d: direction %v, alone %v", n, j, directions[n][j], f[n][0])
				}
				x -= opt.StepSize(n) * f[n][0]
			}
			if x != theta[j] {
				t.Fatalf("coordinate %d: the directions lead to %v, the steps to %v", j, x, theta[j])
			}
		}
	})
}

// Truth: the definition of an average as a weighted sum over all gradients so
// far, in place of the recursion; one coordinate at a time.
func TestStepsAgainstWeightedSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := drawRule(t)
		dim := rapid.SampledFrom(dims).Draw(t, "dim")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		start, gradients := normal(rng, 1, dim)[0], normal(rng, 12, dim)
		theta := slices.Clone(start)
		run(optim.NewState(optim.Optimizer{Rule: rule, LR: 0.01}, dim), theta, gradients)
		// Around the borders of a block, and at the ends.
		for _, j := range []int{0, 510, 511, 512, 513, dim - 1} {
			if j >= dim {
				continue
			}
			x, past := start[j], []float64(nil)
			for n := range gradients {
				past = append(past, gradients[n][j]+rule.L2*x)
				x -= 0.01 * weightedSums(rule, x, past)
			}
			if !near(theta[j], x, 1e-12) {
				t.Errorf("coordinate %d of %d ends at %v, weighted sums give %v", j, dim, theta[j], x)
			}
		}
	})
}

// weightedSums is F from all gradients of one coordinate so far.
func weightedSums(rule *optim.Rule, theta float64, past []float64) float64 {
	n := len(past) - 1
	p := point{theta: theta}
	for _, a := range rule.Averages {
		s, total, q := 0.0, 0.0, []float64{0}
		for k, g := range past {
			a.Of.Apply(q, []float64{g})
			s += a.Weight(n-k) * q[0]
			total += a.Weight(n - k)
		}
		if a.Corrected {
			s /= total
		}
		p.s, p.total = append(p.s, s), append(p.total, total)
	}
	return p.direction(rule.Readout)
}

// A state saved and restored goes on to the same bits; one restored without its
// memories or its steps does not.
func TestRestoredStateContinues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := optim.Optimizer{Rule: drawRule(t), LR: 0.05}
		dim, before := rapid.SampledFrom(dims).Draw(t, "dim"), rapid.IntRange(1, 5).Draw(t, "steps before")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		theta, gradients := normal(rng, 1, dim)[0], normal(rng, 10, dim)
		state := optim.NewState(opt, dim)
		run(state, theta, gradients[:before])

		resumed, restored := slices.Clone(theta), optim.NewState(opt, dim)
		restored.SetSteps(state.Steps())
		for i := range opt.Rule.Averages {
			if n := copy(restored.Memory(i), state.Memory(i)); n != 0 && n != dim {
				t.Fatalf("memory %d has %d of %d coordinates", i, n, dim)
			}
		}
		run(state, theta, gradients[before:])
		run(restored, resumed, gradients[before:])
		if !same(theta, resumed) || state.Steps() != 10 || restored.Steps() != 10 {
			t.Errorf("restored after step %d the path ends elsewhere", before)
		}
	})
	// The negative half, for Adam.
	opt := mustNew(t, optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-8, BiasCorrection: true}, 0.05)
	theta, g := []float64{1}, [][]float64{{1}, {2}, {3}}
	run(optim.NewState(opt, 1), theta, g)
	forgot := []float64{1}
	run(optim.NewState(opt, 1), forgot, g[:2])
	run(optim.NewState(opt, 1), forgot, g[2:])
	if math.Abs(theta[0]-forgot[0]) < 1e-4 {
		t.Errorf("a state that forgot its memory ends at %v, as one that did not", forgot[0])
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	const dim = 1200
	for _, kind := range optim.Kinds() {
		def, _ := optim.Default(kind)
		setRegularization(def, optim.Regularization{WeightDecay: 0.1, L2: 0.1})
		if f := field(def, "eps_mode"); f.IsValid() {
			f.SetInt(int64(optim.OutsideUncorrected))
		}
		rng := rand.New(rand.NewPCG(1, 1))
		x := normal(rng, 3, dim)
		opt, err := optim.New(def, 0.1, optim.Schedule{Kind: "cosine", Steps: 10, Warmup: 2})
		if err != nil {
			t.Fatal(err)
		}
		state := optim.NewState(opt, dim)
		if n := testing.AllocsPerRun(20, func() {
			state.Step(x[0], x[1])
			state.StepDirection(x[2], x[0], x[1])
		}); n != 0 {
			t.Errorf("%s: %v allocations in two steps", kind, n)
		}
	}
}

func TestStepPanicsOnWrongLengths(t *testing.T) {
	state := optim.NewState(mustNew(t, optim.GD{}, 0.1), 3)
	for _, c := range [][3]int{{3, 2, 3}, {3, 3, 4}, {2, 3, 3}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("direction, parameters and gradient of lengths %v: no panic", c)
				}
			}()
			state.StepDirection(make([]float64, c[0], 3), make([]float64, c[1]), make([]float64, c[2]))
		}()
	}
	if state.Steps() != 0 {
		t.Error("a refused step was counted")
	}
	empty := optim.NewState(mustNew(t, optim.Adam{}, 0.1), 0)
	if empty.Step(nil, nil); empty.Steps() != 1 {
		t.Error("no parameters, no step")
	}
}

// same reports whether two vectors have the same bits.
func same(x, y []float64) bool {
	for j := range x {
		if math.Float64bits(x[j]) != math.Float64bits(y[j]) {
			return false
		}
	}
	return len(x) == len(y)
}
