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
			for n := 2 * opt.Rule.Memory(); n < 2*opt.Rule.Memory()+3*batches; n++ {
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
