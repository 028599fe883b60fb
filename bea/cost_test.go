package bea_test

import (
	"fmt"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

func total(counts []int) int {
	sum := 0
	for _, c := range counts {
		sum += c
	}
	return sum
}

// costs lists rules with the number of products that one evaluation of the
// corrected flow may cost for each batch: one for each average with weights of
// its own.
var costs = map[string]struct {
	def      optim.Definition
	products int
}{
	"adam":          {optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-8, BiasCorrection: true}, 2},
	"equal decays":  {optim.Adam{Beta1: 0.9, Beta2: 0.9, Eps: 1e-8, BiasCorrection: true}, 1},
	"uncorrected":   {optim.Adam{Beta1: 0.9, Beta2: 0.95, Eps: 1e-8}, 2},
	"ageing eps":    {optim.Adam{Beta1: 0.9, Beta2: 0.95, Eps: 1e-8, EpsMode: optim.OutsideUncorrected, BiasCorrection: true}, 2},
	"rmsprop":       {optim.RMSProp{Beta2: 0.99, Eps: 1e-8, BiasCorrection: true}, 2},
	"heavy ball":    {optim.HeavyBall{Beta: 0.9}, 1},
	"lion-k":        {optim.LionK{Beta1: 0.9, Beta2: 0.95, Eps: 1e-6, BiasCorrection: true}, 1},
	"decayed adamw": {optim.AdamW{Beta1: 0.9, Beta2: 0.99, Eps: 1e-8, BiasCorrection: true, Regularization: optim.Regularization{WeightDecay: 0.1, L2: 0.1}}, 2},
}

// An evaluation at step n asks the gradient of each batch visited so far once,
// and at most as many products as there are averages, at any n.
func TestCostOfEvaluation(t *testing.T) {
	for name, c := range costs {
		for _, batches := range []int{1, 3, 5} {
			counter := objective.Counting(sines(t, batches))
			opt := constant(t, c.def, 1e-3)
			flow := must[*bea.Flow](t)(bea.NewFlow(2, opt, counter, nil))
			step := must[*bea.Map](t)(bea.NewMap(2, opt, counter, nil))
			theta, v := append([]float64(nil), start...), make([]float64, 4)
			for _, n := range []int{0, 1, 10, 1000} {
				for what, evaluate := range map[string]func() error{
					"flow": func() error { flow.SetStep(n); return flow.Derivative(v, 0, start) },
					"map":  func() error { return step.Step(theta, n) },
				} {
					counter.Reset()
					if err := evaluate(); err != nil {
						t.Fatal(err)
					}
					where := fmt.Sprintf("%s of %s, %d batches, step %d", what, name, batches, n)
					visited := min(batches, n+1)
					for b, g := range counter.Gradients() {
						if want := map[bool]int{true: 1, false: 0}[b < visited]; g != want {
							t.Errorf("%s: %d gradients of batch %d, want %d", where, g, b, want)
						}
					}
					if got, most := total(counter.HVPs()), c.products*visited; got > most || got == 0 && (what == "flow" || n > 0) {
						t.Errorf("%s: %d products, want at most %d", where, got, most)
					}
				}
			}
		}
	}
}

// In full batch everything is one product once F is the same at all remembered
// steps: with bias correction always, without it when the averages have settled.
func TestCostInFullBatch(t *testing.T) {
	for name, c := range costs {
		counter := objective.Counting(objective.NewFullBatch(sines(t, 3)))
		opt := constant(t, c.def, 1e-3)
		flow := must[*bea.Flow](t)(bea.NewFlow(2, opt, counter, nil))
		v := make([]float64, 4)
		settled := 2*opt.Rule.Memory() + 1
		for _, n := range []int{0, 1, 10, 100, settled} {
			counter.Reset()
			flow.SetStep(n)
			if err := flow.Derivative(v, 0, start); err != nil {
				t.Fatal(err)
			}
			most := 1
			if (name == "uncorrected" || name == "ageing eps") && n < settled {
				most = 2
			}
			if g, p := total(counter.Gradients()), total(counter.HVPs()); g != 1 || p < 1 || p > most {
				t.Errorf("%s, step %d: %d gradients and %d products, want 1 and %d", name, n, g, p, most)
			}
		}
	}
}

// A rule without memory has a memoryless map that costs gradients alone.
func TestMapWithoutMemoryCostsNoProduct(t *testing.T) {
	counter := objective.Counting(sines(t, 3))
	m := must[*bea.Map](t)(bea.NewMap(2, constant(t, optim.GD{}, 0.1), counter, nil))
	theta := append([]float64(nil), start...)
	for n := range 10 {
		if err := m.Step(theta, n); err != nil {
			t.Fatal(err)
		}
	}
	if got := total(counter.HVPs()); got != 0 {
		t.Errorf("%d products, want 0", got)
	}
}

// Nothing is allocated in a step loop once the tables over steps have grown.
func TestNoAllocation(t *testing.T) {
	for name, c := range costs {
		for _, batches := range []int{1, 3} {
			for kind, schedule := range schedules(100) {
				opt := mustNew(t, c.def, 1e-3, schedule)
				obj := sines(t, batches)
				flow := must[*bea.Flow](t)(bea.NewFlow(2, opt, obj, nil))
				step := must[*bea.Map](t)(bea.NewMap(2, opt, obj, nil))
				moments := must[*bea.Moments](t)(bea.NewMoments(2, opt, obj))
				meter := must[*bea.Meter](t)(bea.NewMeter(opt, obj))
				drift := must[*bea.Drift](t)(bea.NewDrift(opt, obj, nil))
				terms := bea.NewAdamTerms(4)
				expansion := must[*bea.Expansion](t)(bea.NewExpansion(opt, obj, nil))
				theta, v := append([]float64(nil), start...), make([]float64, 4)
				state, slope := make([]float64, moments.Dim()), make([]float64, moments.Dim())
				for j := range state {
					state[j] = 1
				}
				n := 200
				for what, evaluate := range map[string]func() error{
					"flow":    func() error { flow.SetStep(n); return flow.Derivative(v, 0, theta) },
					"map":     func() error { return step.Step(theta, n) },
					"moments": func() error { moments.SetStep(n); return moments.Derivative(slope, 0.2, state) },
					"meter":   func() error { _, err := meter.Measure(theta, n); return err },
					"bias":    func() error { return meter.Bias(v, theta, n) },
					"drift":   func() error { _, err := drift.Measure(v, theta, n); return err },
					"terms": func() error {
						if err := expansion.AdamTerms(terms, n, theta); err != bea.ErrNotAdam {
							return err
						}
						return nil
					},
				} {
					grow := func() {
						n--
						if err := evaluate(); err != nil {
							t.Fatal(err)
						}
					}
					if allocs := testing.AllocsPerRun(5, grow); allocs != 0 {
						t.Errorf("%s of %s, %d batches, %s: %g allocations", what, name, batches, kind, allocs)
					}
				}
			}
		}
	}
}
