package bea_test

import (
	"math"
	"slices"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// All order tests run to the same time in steps of horizon/coarsest, halved.
// Coarser steps are not yet in the asymptotic range.
const (
	horizon  = 0.5
	coarsest = 80
	halvings = 4
)

// smooth lists every smooth rule in every convention of eps and bias
// correction, at hyperparameters that show the asymptotic range early.
func smooth() map[string]optim.Definition {
	const beta1, beta2, eps = 0.5, 0.7, 0.05
	decayed := optim.Regularization{WeightDecay: 0.1, L2: 0.2}
	rules := map[string]optim.Definition{
		"gd":       optim.GD{Regularization: decayed},
		"nesterov": optim.Nesterov{Beta: beta1},
	}
	for _, corrected := range []bool{false, true} {
		on := map[bool]string{true: "/corrected", false: "/uncorrected"}[corrected]
		rules["heavy-ball-ema"+on] = optim.HeavyBall{Beta: beta1, BiasCorrection: corrected}
		rules["heavy-ball-polyak"+on] = optim.HeavyBall{Beta: beta1, Form: optim.PolyakForm, BiasCorrection: corrected}
		rules["lion-k"+on] = optim.LionK{Beta1: beta1, Beta2: beta2, Eps: eps, BiasCorrection: corrected}
		for _, mode := range []optim.EpsMode{optim.Inside, optim.Outside, optim.OutsideUncorrected} {
			if mode == optim.OutsideUncorrected && !corrected {
				continue // the same rule as outside
			}
			on := "/" + mode.String() + on
			rules["adam"+on] = optim.Adam{Beta1: beta1, Beta2: beta2, Eps: eps, EpsMode: mode, BiasCorrection: corrected}
			rules["adamw"+on] = optim.AdamW{Beta1: beta1, Beta2: beta2, Eps: eps, EpsMode: mode, BiasCorrection: corrected, Regularization: decayed}
			rules["nadam"+on] = optim.NAdam{Beta1: beta1, Beta2: beta2, Eps: eps, EpsMode: mode, BiasCorrection: corrected}
			rules["nadamw"+on] = optim.NAdamW{Beta1: beta1, Beta2: beta2, Eps: eps, EpsMode: mode, BiasCorrection: corrected, Regularization: decayed}
			rules["rmsprop"+on] = optim.RMSProp{Beta2: beta2, Eps: eps, EpsMode: mode, BiasCorrection: corrected}
		}
	}
	return rules
}

// The fitted orders that each process must have. Leaving the correction out
// must cost an order: that the leading flow and map do have order 1 and no more
// is what shows that the test can fail.
var (
	first  = [2]float64{0.9, 1.1}
	second = [2]float64{1.9, 2.15}
)

// orders fits the four orders of [race] over the errors at h, h/2, ...
func orders(t *testing.T, name string, errors [4][]float64) {
	t.Helper()
	var fitted [4]float64
	for i, who := range []string{"flow-1", "flow-2", "memoryless-1", "memoryless-2"} {
		band := [][2]float64{first, second}[i%2]
		if m := slices.Max(errors[i]); m < 1e-13 {
			fitted[i] = math.Inf(1)
			continue // the optimizer itself, as for gd
		}
		fitted[i] = slope(errors[i])
		if !(fitted[i] >= band[0] && fitted[i] <= band[1]) {
			t.Errorf("%s: order of %s is %.3f, want %v; errors %.3g", name, who, fitted[i], band, errors[i])
		}
	}
	t.Logf("ORDERS %s %.3f", name, fitted)
}

// Truth: the optimizer itself, run by package optim, which knows nothing of
// expansions. Random batch orders add an error of order 5/2 in h with random
// sign, which hides the second order until h is small; the root mean square over
// several orders smooths it.
func TestOrders(t *testing.T) {
	for _, batches := range []string{"full", objective.Cyclic, objective.Shuffled, objective.IID} {
		for name, def := range smooth() {
			t.Run(batches+"/"+name, func(t *testing.T) {
				t.Parallel()
				obj, seeds, coarsest := sines(t, 3), 1, coarsest
				switch batches {
				case "full":
					obj, coarsest = objective.NewFullBatch(obj), 2*coarsest
				case objective.IID:
					seeds, coarsest = 2, 3*coarsest/2
				}
				opt := constant(t, def, horizon/float64(coarsest))
				var errors [4][]float64
				for k := range halvings + 1 {
					var square [4]float64
					for seed := range seeds {
						var s *bea.Settings
						if batches != "full" {
							order := must[*objective.Order](t)(objective.NewOrder(batches, 3, uint64(seed)))
							s = &bea.Settings{Order: order}
						}
						for i, e := range race(t, opt.Halved(k), obj, s, coarsest<<k) {
							square[i] += e * e / float64(seeds)
						}
					}
					for i, q := range square {
						errors[i] = append(errors[i], math.Sqrt(q))
					}
				}
				orders(t, t.Name(), errors)
			})
		}
	}
}
