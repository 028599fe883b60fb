package bea_test

import (
	"math"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// unaware is a cyclic order that does not say that it repeats, so that every
// past step is replayed.
type unaware int

func (b unaware) At(step int) int { return step % int(b) }

// The truth is the replay of every past step, another code path, which the
// theorem's double sums confirm elsewhere. The shortcut has to agree with it for
// every rule, on every step of a cycle, with and without schedule.
func TestPeriodEqualsReplay(t *testing.T) {
	const dim, batches = 300, 3 // more than one block of coordinates
	obj, err := objective.NewSines(dim, batches, 3)
	if err != nil {
		t.Fatal(err)
	}
	theta := make([]float64, dim)
	for j := range theta {
		theta[j] = math.Sin(float64(3 * j))
	}
	regularization := optim.Regularization{WeightDecay: 0.1, L2: 0.2}
	for name, def := range map[string]optim.Definition{
		"heavy ball":      optim.HeavyBall{Beta: 0.6, Form: optim.PolyakForm},
		"nesterov":        optim.Nesterov{Beta: 0.5},
		"rmsprop":         optim.RMSProp{Beta2: 0.7, Eps: 0.05},
		"adam":            optim.Adam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05, BiasCorrection: true, Regularization: regularization},
		"adam tensorflow": optim.Adam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05, EpsMode: optim.OutsideUncorrected, BiasCorrection: true},
		"nadam":           optim.NAdam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05, EpsMode: optim.Outside},
		"lion-k":          optim.LionK{Beta1: 0.5, Beta2: 0.7, Eps: 0.05, BiasCorrection: true},
	} {
		for _, schedule := range []optim.Schedule{{}, {Kind: "cosine", Steps: 400, Final: 0.1}} {
			opt, err := optim.New(def, 0.01, schedule)
			if err != nil {
				t.Fatal(err)
			}
			short, err := bea.NewExpansion(opt, obj, nil)
			if err != nil {
				t.Fatal(err)
			}
			long, err := bea.NewExpansion(opt, obj, &bea.Settings{Order: unaware(batches)})
			if err != nil {
				t.Fatal(err)
			}
			got, want := make([]float64, dim), make([]float64, dim)
			for _, n := range aroundSettling(opt.Rule, batches) {
				if err := short.Correct(got, nil, n, theta, 0.5); err != nil {
					t.Fatal(err)
				}
				if err := long.Correct(want, nil, n, theta, 0.5); err != nil {
					t.Fatal(err)
				}
				if d, size := bea.Distance(got, want), bea.Distance(want, make([]float64, dim)); !(d <= 1e-12*size) || size == 0 {
					t.Errorf("%s, %q, step %d: differs by %g of %g", name, schedule.Kind, n, d, size)
				}
			}
		}
	}
}

// aroundSettling lists steps at which averages have not settled, where a shortcut
// taken too early shows, and those around the first at which they have. The last
// third of a memory tells nothing: there the weight of the first step, d^n, is what
// replay itself loses to rounding.
func aroundSettling(rule *optim.Rule, batches int) []int {
	memory := rule.Memory()
	steps := []int{1, batches + 1, memory / 4, memory / 2, 2*memory/3 + 1, memory, memory + batches}
	for n := 2 * memory; n < 2*memory+3*batches; n++ {
		steps = append(steps, n)
	}
	return steps
}

// twice passes the full loss off as two equal batches, so that every past step is
// replayed, batch by batch.
type twice struct{ *objective.FullBatch }

func (twice) Batches() int { return 2 }

func (o twice) Gradient(dst, theta []float64, _ int) (float64, error) {
	return o.FullBatch.Gradient(dst, theta, 0)
}

func (o twice) HVP(dst, theta, v []float64, _ int) error { return o.FullBatch.HVP(dst, theta, v, 0) }

// In full batch one product does for all once the averages have settled. Truth:
// the same loss as two equal batches, which are replayed on another code path.
func TestSteadyEqualsReplay(t *testing.T) {
	obj := objective.NewFullBatch(sines(t, 3))
	for name, def := range map[string]optim.Definition{
		"heavy ball":      optim.HeavyBall{Beta: 0.6, Form: optim.PolyakForm},
		"adam":            optim.Adam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05},
		"adam corrected":  optim.Adam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05, BiasCorrection: true},
		"adam tensorflow": optim.Adam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05, EpsMode: optim.OutsideUncorrected, BiasCorrection: true},
		"nadam":           optim.NAdam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05, EpsMode: optim.Outside},
	} {
		for _, schedule := range []optim.Schedule{{}, {Kind: "cosine", Steps: 400, Final: 0.1}} {
			opt := mustNew(t, def, 0.01, schedule)
			short := must[*bea.Expansion](t)(bea.NewExpansion(opt, obj, nil))
			long := must[*bea.Expansion](t)(bea.NewExpansion(opt, twice{obj}, &bea.Settings{Order: unaware(2)}))
			got, want := make([]float64, 4), make([]float64, 4)
			for _, n := range aroundSettling(opt.Rule, 1) {
				if err := short.Correct(got, nil, n, start, 0.5); err != nil {
					t.Fatal(err)
				}
				if err := long.Correct(want, nil, n, start, 0.5); err != nil {
					t.Fatal(err)
				}
				if e := relative(got, want); !(e <= 1e-12) {
					t.Errorf("%s, %q, step %d: differs by %.2g", name, schedule.Kind, n, e)
				}
			}
		}
	}
}
