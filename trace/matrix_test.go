package trace

import (
	"context"
	"fmt"
	"math"
	"os"
	"testing"

	"leeway/data"
	"leeway/objective"
	"leeway/optim"
)

// bench is a built-in problem with learning rates at which the theory is in its
// asymptotic range: for rules that step by the gradient and for rules that
// normalise it.
type bench struct {
	name             string
	objective        objective.TwiceDifferentiable
	start            []float64
	linear, adaptive float64 // the largest learning rate
	steps            int     // at that rate
	eps              float64 // on the scale of squared gradients
}

func must[T any](t testing.TB) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

func benches(t testing.TB) []bench {
	t.Helper()
	load := func(name string, rows int) *data.Set {
		train, _, err := data.Load(name, data.Settings{Train: rows})
		if err != nil {
			t.Fatal(err)
		}
		return train
	}
	softmax := func(batches int) objective.TwiceDifferentiable {
		d := load("digits", 1000)
		return must[*objective.Softmax](t)(objective.NewSoftmax(d.X, d.Y, d.D, d.Classes, objective.SoftmaxSettings{Batches: batches}))
	}
	d := load("breast-cancer", 400)
	logistic := must[*objective.Linear](t)(objective.NewLinear(d.X, d.Y, d.D, objective.LinearSettings{Loss: objective.Logistic}))
	return []bench{
		{"toy", objective.Bilinear{}, []float64{2.8, 3.5}, 1e-4, 2e-3, 100, 100},
		{"cubic", objective.CubicNet{}, []float64{6.8, 6.73}, 1e-11, 1e-2, 50, 1e14},
		{"digits", softmax(1), make([]float64, 640), 0.02, 5e-4, 50, 1e-3},
		{"digits in 5 batches", softmax(5), make([]float64, 640), 0.02, 5e-4, 50, 1e-3},
		{"breast cancer", logistic, make([]float64, logistic.Dim()), 0.01, 5e-4, 50, 1e-2},
	}
}

// variant is a rule in one of its conventions.
type variant struct {
	name     string
	def      optim.Definition
	adaptive bool // normalises its steps
}

// variants are all optimizers in all conventions. eps is inside the root; the
// modes with eps outside take its root, on the scale of gradients.
func variants(eps float64, root float64) []variant {
	decay := optim.Regularization{WeightDecay: 0.1}
	coupled := optim.Regularization{L2: 1e-3}
	all := []variant{
		{"gd", optim.GD{}, false},
		{"heavy-ball ema", optim.HeavyBall{Beta: 0.5}, false},
		{"heavy-ball ema corrected", optim.HeavyBall{Beta: 0.5, BiasCorrection: true}, false},
		{"heavy-ball polyak", optim.HeavyBall{Beta: 0.5, Form: optim.PolyakForm}, false},
		{"nesterov", optim.Nesterov{Beta: 0.5}, false},
		{"sign-gd", optim.SignGD{}, true},
		{"signum", optim.Signum{Beta: 0.5}, true},
		{"lion", optim.Lion{Beta1: 0.5, Beta2: 0.7}, true},
	}
	for _, corrected := range []bool{true, false} {
		word := map[bool]string{true: "corrected", false: "uncorrected"}[corrected]
		all = append(all, variant{"lion-k " + word, optim.LionK{Beta1: 0.5, Beta2: 0.7, Eps: eps, BiasCorrection: corrected}, true})
		for _, mode := range []optim.EpsMode{optim.Inside, optim.Outside, optim.OutsideUncorrected} {
			e := eps
			if mode != optim.Inside {
				e = root
			}
			name := fmt.Sprintf(" %v %s", mode, word)
			adam := optim.Adam{Beta1: 0.5, Beta2: 0.7, Eps: e, EpsMode: mode, BiasCorrection: corrected}
			nadam := optim.NAdam{Beta1: 0.5, Beta2: 0.7, Eps: e, EpsMode: mode, BiasCorrection: corrected}
			adamW, adamL2, nadamW := optim.AdamW(adam), adam, optim.NAdamW(nadam)
			adamW.Regularization, adamL2.Regularization, nadamW.Regularization = decay, coupled, decay
			all = append(all,
				variant{"rmsprop" + name, optim.RMSProp{Beta2: 0.7, Eps: e, EpsMode: mode, BiasCorrection: corrected}, true},
				variant{"adam" + name, adam, true},
				variant{"adamw" + name, adamW, true},
				variant{"adam l2" + name, adamL2, true},
				variant{"nadam" + name, nadam, true},
				variant{"nadamw" + name, nadamW, true},
			)
		}
	}
	return all
}

// Every optimizer in every convention keeps the orders that arXiv 2309.00079 and
// 2502.02132 promise, on every built-in problem, over four halvings of the
// learning rate: flow-1 and memoryless-1 within 0.15 of 1, flow-2 and
// memoryless-2 at least 1.85. Rules without memory agree with their maps
// exactly, and rules with signs are promised nothing.
func TestOrdersOnEveryProblem(t *testing.T) {
	slow := os.Getenv("LEEWAY_SLOW") != ""
	for i, problem := range benches(t) {
		if i >= 2 && !slow {
			continue // the real data take minutes
		}
		for _, v := range variants(problem.eps, 0.3*root(problem.eps)) {
			t.Run(problem.name+"/"+v.name, func(t *testing.T) {
				t.Parallel()
				lr := problem.linear
				if v.adaptive {
					lr = problem.adaptive
				}
				s := Setup{
					Objective: must[objective.TwiceDifferentiable](t)(objective.Clone(problem.objective)),
					Start:     problem.start, Optimizer: build(t, v.def, lr), Steps: problem.steps,
					Processes:  []string{"flow-1", "flow-2", "memoryless-1", "memoryless-2"},
					Integrator: Integrator{Method: "rk4", Substeps: 1}, IgnoreRunaway: true,
				}
				check(t, s)
			})
		}
	}
}

func check(t *testing.T, s Setup) {
	t.Helper()
	v, err := Verify(context.Background(), s, 4, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("orders %v %v", v.Order, v.Verdicts)
	if !v.Passed {
		t.Errorf("%v", v.Reasons)
	}
	for process, order := range v.Order {
		if v.Promised[process] == 1 && (order < 0.85 || order > 1.15) && v.Verdicts[process] == OrderKept {
			t.Errorf("%s has order %.3f, want 1 within 0.15", process, order)
		}
	}
	for _, row := range v.Rows {
		for process, e := range row.Error {
			if ie := row.IntegrationError[process]; ie > 0.05*e && e > 1e-11 && v.Verdicts[process] == OrderKept {
				t.Errorf("h=%g: integration error %g of %s is not small against %g", row.H, ie, process, e)
			}
		}
	}
}

func root(x float64) float64 { return math.Sqrt(x) }
