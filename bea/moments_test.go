package bea_test

import (
	"math"
	"testing"

	"leeway/bea"
	"leeway/ode"
	"leeway/optim"
)

// schedules in steps of the coarsest run, whose length is steps: stretched with
// it, they are functions of the time nh alone.
func schedules(steps float64) map[string]optim.Schedule {
	return map[string]optim.Schedule{
		"constant":   {},
		"cosine":     {Kind: "cosine", Steps: 0.9 * steps, Final: 0.2, Warmup: 0.1 * steps},
		"polynomial": {Kind: "polynomial", Power: 0.5, Stretch: steps / 8},
	}
}

// Truth: the optimizer itself, from its first step on, with bias correction and
// without.
func TestMomentOrders(t *testing.T) {
	for name, def := range smooth() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testMoments(t, def, "constant", 160)
		})
	}
}

// A schedule changes the rates, one rule of each make suffices.
func TestMomentOrdersUnderSchedules(t *testing.T) {
	rules := smooth()
	for _, name := range []string{
		"gd", "heavy-ball-ema/corrected", "lion-k/corrected", "adam/inside/corrected", "nadamw/outside_uncorrected/corrected",
	} {
		for _, kind := range []string{"cosine", "polynomial"} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				testMoments(t, rules[name], kind, 480)
			})
		}
	}
}

func testMoments(t *testing.T, def optim.Definition, schedule string, coarsest int) {
	t.Helper()
	opt := mustNew(t, def, horizon/float64(coarsest), schedules(float64(coarsest))[schedule])
	momentOrders(t, t.Name(), opt, sines(t, 3), coarsest, halvings+1)
}

// Averages of decay 0 are no states but the present gradient, or the one before.
func TestMomentOrdersWithoutDecay(t *testing.T) {
	for name, def := range map[string]optim.Definition{
		"lion-k":    optim.LionK{Beta1: 0.6, Eps: 0.05, BiasCorrection: true},
		"no first":  optim.Adam{Beta2: 0.7, Eps: 0.05, BiasCorrection: true},
		"no second": optim.NAdam{Beta1: 0.6, Eps: 0.05, BiasCorrection: true},
	} {
		opt := constant(t, def, horizon/160)
		momentOrders(t, name, opt, sines(t, 3), 160, halvings+1)
	}
}

// incline is the linear loss 2 theta in one parameter: all that changes is the
// optimizer itself.
type incline struct{ parabola }

func (incline) Gradient(dst, theta []float64, _ int) (float64, error) {
	dst[0] = 2
	return 2 * theta[0], nil
}

func (incline) HVP(dst, _, _ []float64, _ int) error { dst[0] = 0; return nil }

// Where the gradient is constant, all that changes is the sum of the weights: in
// an average without bias correction, and in TensorFlow's eps. The flows take it
// from the step itself, so they follow exactly; held at the first step's weights,
// they do not.
func TestMomentsFollowGrowingWeights(t *testing.T) {
	for name, def := range map[string]optim.Definition{
		"uncorrected": optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: 1},
		"tensorflow":  optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: 1, EpsMode: optim.OutsideUncorrected, BiasCorrection: true},
	} {
		opt := constant(t, def, 0.01)
		for order := 1; order <= 2; order++ {
			if off := offIncline(t, opt, order, true); off > 1e-7 {
				t.Errorf("%s: moments-%d ends %.2g away", name, order, off)
			}
			if off := offIncline(t, opt, order, false); off < 1e-3 {
				t.Errorf("%s: moments-%d ends %.2g away although its weights stand still", name, order, off)
			}
		}
	}
}

// offIncline is how far from the optimizer the flow ends on a constant gradient.
func offIncline(t *testing.T, opt optim.Optimizer, order int, advance bool) (off float64) {
	t.Helper()
	flow := must[*bea.Moments](t)(bea.NewMoments(order, opt, incline{}))
	solver := must[*ode.Solver](t)(ode.New(flow, ode.RK4(), &ode.Settings{Substeps: flow.Substeps()}))
	y := make([]float64, flow.Dim())
	flow.SetStep(0)
	run(t, opt, incline{}, nil, []float64{0}, 60, func(n int, theta, _ []float64, state *optim.State) {
		if n == 0 {
			if err := flow.Start(y, theta, state); err != nil {
				t.Fatal(err)
			}
			return
		}
		if advance {
			flow.SetStep(n)
		}
		if err := solver.Integrate(y, float64(n)*opt.LR, float64(n+1)*opt.LR); err != nil {
			t.Fatal(err)
		}
		off = math.Abs(theta[0] - y[0])
	})
	return off
}
