package bea_test

import (
	"math"
	"strings"
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

// Truth: the optimizer itself. Without bias correction (and with TensorFlow's
// eps) the start-up layer is of first order and fades with the decays, so those
// flows start when it is over, after a quarter of the time.
func TestMomentOrders(t *testing.T) {
	for name, def := range smooth() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testMoments(t, name, def, "constant", 160)
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
				testMoments(t, name, rules[name], kind, 480)
			})
		}
	}
}

func testMoments(t *testing.T, name string, def optim.Definition, schedule string, coarsest int) {
	t.Helper()
	warm := func(int) int { return 1 }
	if startsUp(name) {
		warm = func(k int) int { return coarsest / 4 << k }
	}
	opt := mustNew(t, def, horizon/float64(coarsest), schedules(float64(coarsest))[schedule])
	momentOrders(t, t.Name(), opt, sines(t, 3), coarsest, halvings+1, warm)
}

func startsUp(rule string) bool {
	return strings.Contains(rule, "uncorrected") || rule == "nesterov"
}

// The negative half: started at once, the flow of a rule without bias correction
// stays away from it by O(h), which its documentation says.
func TestMomentsOfUncorrectedRulesNeedWarmUp(t *testing.T) {
	opt := constant(t, optim.Adam{Beta1: 0.5, Beta2: 0.7, Eps: 0.05}, horizon/160)
	var errors []float64
	for k := range halvings + 1 {
		errors = append(errors, raceMoments(t, opt.Halved(k), sines(t, 3), 160<<k, 1, 0)[1])
	}
	if order := slope(errors); order > 1.2 {
		t.Errorf("order %.2f without warm-up: the documentation's warning is out of date", order)
	}
}

// Averages of decay 0 are no states but the present gradient, or the one before.
func TestMomentOrdersWithoutDecay(t *testing.T) {
	for name, def := range map[string]optim.Definition{
		"lion-k":    optim.LionK{Beta1: 0.6, Eps: 0.05, BiasCorrection: true},
		"no first":  optim.Adam{Beta2: 0.7, Eps: 0.05, BiasCorrection: true},
		"no second": optim.NAdam{Beta1: 0.6, Eps: 0.05, BiasCorrection: true},
	} {
		opt := constant(t, def, horizon/160)
		momentOrders(t, name, opt, sines(t, 3), 160, halvings+1, func(int) int { return 1 })
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

// TensorFlow's eps grows into its place while the optimizer starts. The flow of
// order 2 follows that, too: without it, it would be as far off as order 1.
func TestMomentsFollowAgeingEps(t *testing.T) {
	opt := constant(t, optim.Adam{Beta1: 0.5, Beta2: 0.9, Eps: 1, EpsMode: optim.OutsideUncorrected, BiasCorrection: true}, 0.01)
	var off [2]float64
	for i := range off {
		flow := must[*bea.Moments](t)(bea.NewMoments(i+1, opt, incline{}))
		solver := must[*ode.Solver](t)(ode.New(flow, ode.RK4(), &ode.Settings{Substeps: flow.Substeps()}))
		y := make([]float64, flow.Dim())
		run(t, opt, incline{}, nil, []float64{0}, 60, func(n int, theta, _ []float64, state *optim.State) {
			var err error
			if n < 3 {
				err = flow.Start(y, theta, state)
			} else {
				err = solver.Integrate(y, float64(n)*opt.LR, float64(n+1)*opt.LR)
			}
			if err != nil {
				t.Fatal(err)
			}
			off[i] = math.Abs(theta[0] - y[0])
		})
	}
	if off[1] > off[0]/20 {
		t.Errorf("moments-1 ends %.2g away, moments-2 %.2g", off[0], off[1])
	}
}
