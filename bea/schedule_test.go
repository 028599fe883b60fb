package bea_test

import (
	"testing"

	"leeway/objective"
	"leeway/optim"
)

// The theorems stay true under a schedule that is a function of time: past steps
// count with their own learning rates. Truth: the optimizer itself.
func TestOrdersUnderSchedules(t *testing.T) {
	rules := smooth()
	for _, name := range []string{
		"gd", "nesterov", "heavy-ball-ema/uncorrected", "lion-k/corrected", "rmsprop/inside/uncorrected",
		"adam/inside/corrected", "adamw/outside/corrected", "nadamw/outside_uncorrected/corrected",
	} {
		for kind, schedule := range schedules(2 * coarsest) {
			if kind == "constant" {
				continue
			}
			for _, batches := range []int{1, 3} {
				t.Run(name+"/"+kind, func(t *testing.T) {
					t.Parallel()
					opt := mustNew(t, rules[name], horizon/(2*coarsest), schedule)
					obj := sines(t, 3)
					if batches == 1 {
						obj = objective.NewFullBatch(obj)
					}
					var errors [4][]float64
					for k := range halvings + 1 {
						for i, e := range race(t, opt.Halved(k), obj, nil, 2*coarsest<<k) {
							errors[i] = append(errors[i], e)
						}
					}
					orders(t, t.Name(), errors)
				})
			}
		}
	}
}

// Sign rules have no order where a gradient changes sign, but while none does
// their maps are the optimizer, bit for bit, and so are their flows but for the
// rounding of the integrator.
func TestSignRulesAreExact(t *testing.T) {
	for name, def := range map[string]optim.Definition{
		"sign-gd": optim.SignGD{}, "signum": optim.Signum{Beta: 0.9}, "lion": optim.Lion{Beta1: 0.9, Beta2: 0.99},
	} {
		opt := constant(t, def, 0.005)
		worst := race(t, opt, objective.NewFullBatch(sines(t, 3)), nil, 40)
		for i, who := range []string{"flow-1", "flow-2", "memoryless-1", "memoryless-2"} {
			if tol := []float64{1e-14, 1e-14, 0, 0}[i]; worst[i] > tol {
				t.Errorf("%s: %s is off by %.2g", name, who, worst[i])
			}
		}
		// The negative half: over a change of sign they part.
		if worst := race(t, constant(t, def, 0.02), objective.NewFullBatch(sines(t, 3)), nil, 200); worst[0] < 1e-3 {
			t.Errorf("%s: nothing to see over 200 steps, distance %.2g", name, worst[0])
		}
	}
}
