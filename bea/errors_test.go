package bea_test

import (
	"errors"
	"strings"
	"testing"

	"leeway/bea"
	"leeway/optim"
)

var errBroken = errors.New("broken")

// broken fails at gradients, or at products only.
type broken struct {
	parabola
	products bool
}

func (b broken) Gradient(dst, theta []float64, k int) (float64, error) {
	if b.products {
		return b.parabola.Gradient(dst, theta, k)
	}
	return 0, errBroken
}

func (b broken) HVP(_, _, _ []float64, _ int) error { return errBroken }

// An error of the objective reaches the caller with the step and what failed.
func TestErrorsSayWhere(t *testing.T) {
	opt := constant(t, optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: 1e-3}, 0.1)
	theta, v := []float64{1}, make([]float64, 1)
	for _, products := range []bool{false, true} {
		obj := broken{products: products}
		flow1 := must[*bea.Flow](t)(bea.NewFlow(1, opt, obj, nil))
		flow2 := must[*bea.Flow](t)(bea.NewFlow(2, opt, obj, nil))
		map1 := must[*bea.Map](t)(bea.NewMap(1, opt, obj, nil))
		map2 := must[*bea.Map](t)(bea.NewMap(2, opt, obj, nil))
		moments := must[*bea.Moments](t)(bea.NewMoments(2, opt, obj))
		meter := must[*bea.Meter](t)(bea.NewMeter(opt, obj))
		drift := must[*bea.Drift](t)(bea.NewDrift(opt, obj, nil))
		expansion := must[*bea.Expansion](t)(bea.NewExpansion(opt, obj, nil))
		settled := must[*bea.Flow](t)(bea.NewFlow(2, opt, obj, &bea.Settings{Asymptotic: true}))
		const n = 3
		flow1.SetStep(n)
		flow2.SetStep(n)
		settled.SetStep(n)
		for what, c := range map[string]struct {
			err      error
			gradient bool // asks no product
		}{
			"flow-1":  {flow1.Derivative(v, 0, theta), true},
			"flow-2":  {flow2.Derivative(v, 0, theta), false},
			"settled": {settled.Derivative(v, 0, theta), false},
			"map-1":   {map1.Step([]float64{1}, n), true},
			"map-2":   {map2.Step([]float64{1}, n), false},
			"moments": {moments.Derivative(make([]float64, 3), 0.3, []float64{1, 1, 1}), false},
			"meter":   {failure(meter.Measure(theta, n)), false},
			"bias":    {meter.Bias(v, theta, n), false},
			"drift":   {failure(drift.Measure(v, theta, n)), false},
			"terms":   {expansion.AdamTerms(bea.NewAdamTerms(1), n, theta), false},
		} {
			if products && c.gradient {
				if c.err != nil {
					t.Errorf("%s asks a product: %v", what, c.err)
				}
				continue
			}
			name := map[bool]string{false: "gradient", true: "Hessian-vector product"}[products]
			if !errors.Is(c.err, errBroken) || !strings.Contains(c.err.Error(), name) || !strings.HasPrefix(c.err.Error(), "bea: ") {
				t.Errorf("%s: error %v, want one about a %s", what, c.err, name)
			}
			if what != "moments" && !strings.Contains(c.err.Error(), "step 3") {
				t.Errorf("%s: error %v does not name the step", what, c.err)
			}
		}
	}
}

func failure[T any](_ T, err error) error { return err }

// Nothing is built for a rule that is no rule.
func TestInvalidRules(t *testing.T) {
	bad := optim.Optimizer{Rule: &optim.Rule{Name: "empty"}, LR: 0.1}
	for what, err := range map[string]error{
		"expansion": failure(bea.NewExpansion(bad, parabola{}, nil)),
		"flow":      failure(bea.NewFlow(2, bad, parabola{}, nil)),
		"map":       failure(bea.NewMap(2, bad, parabola{}, nil)),
		"moments":   failure(bea.NewMoments(2, bad, parabola{})),
		"meter":     failure(bea.NewMeter(bad, parabola{})),
		"drift":     failure(bea.NewDrift(bad, parabola{}, nil)),
	} {
		if err == nil || !strings.Contains(err.Error(), "empty") {
			t.Errorf("%s: error %v, want one that names the rule", what, err)
		}
	}
}

// Limits of coefficients exist in full batch at a constant learning rate only.
func TestAsymptoticNeedsFullBatch(t *testing.T) {
	def := optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: 1e-3, BiasCorrection: true}
	limit := &bea.Settings{Asymptotic: true}
	if _, err := bea.NewFlow(2, constant(t, def, 0.1), sines(t, 2), limit); !errors.Is(err, bea.ErrAsymptotic) {
		t.Errorf("two batches: error %v", err)
	}
	scheduled := mustNew(t, def, 0.1, optim.Schedule{Kind: "cosine", Steps: 10})
	if _, err := bea.NewFlow(2, scheduled, sines(t, 1), limit); !errors.Is(err, bea.ErrAsymptotic) {
		t.Errorf("a schedule: error %v", err)
	}
}

// An order that is neither 1 nor 2 is a programmer's error.
func TestOrderIsOneOrTwo(t *testing.T) {
	opt := constant(t, optim.GD{}, 0.1)
	for what, build := range map[string]func(){
		"flow":    func() { _, _ = bea.NewFlow(3, opt, parabola{}, nil) },
		"map":     func() { _, _ = bea.NewMap(0, opt, parabola{}, nil) },
		"moments": func() { _, _ = bea.NewMoments(-1, opt, parabola{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", what)
				}
			}()
			build()
		}()
	}
}

// Bias-corrected averages do not exist before the first step.
func TestMomentsNeedAStep(t *testing.T) {
	opt := constant(t, optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: 1e-3, BiasCorrection: true}, 0.1)
	flow := must[*bea.Moments](t)(bea.NewMoments(2, opt, parabola{}))
	err := flow.Start(make([]float64, flow.Dim()), []float64{1}, optim.NewState(opt, 1))
	if err == nil || !strings.Contains(err.Error(), "step 0") {
		t.Errorf("error %v, want one that names step 0", err)
	}
}
