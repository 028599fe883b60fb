package bea_test

import (
	"math"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/ode"
	"leeway/optim"
)

// noPaper is the readout of an optimizer that nobody has proposed, made to have
// every difficulty at once,
//
//	F = tanh(s_0) (s_1 + 0.1)^-0.3 + 0.2 s_2 s_3 + 0.1 theta,
//
// with averages s_0 of g, s_1 of g^2, s_2 of tanh g and s_3 = g itself.
type noPaper struct{}

func (noPaper) Direction(dst []float64, s [][]float64, theta, _ []float64) {
	for j := range dst {
		dst[j] = math.Tanh(s[0][j])*math.Pow(s[1][j]+0.1, -0.3) + 0.2*s[2][j]*s[3][j] + 0.1*theta[j]
	}
}

func (noPaper) Partials(ds [][]float64, dtheta []float64, s [][]float64, _, _ []float64) {
	for j := range dtheta {
		tanh, base := math.Tanh(s[0][j]), s[1][j]+0.1
		ds[0][j] = (1 - tanh*tanh) * math.Pow(base, -0.3)
		ds[1][j] = -0.3 * tanh * math.Pow(base, -1.3)
		ds[2][j] = 0.2 * s[3][j]
		ds[3][j] = 0.2 * s[2][j]
		dtheta[j] = 0.1
	}
}

type tanh struct{}

func (tanh) Apply(dst, g []float64) {
	for j, x := range g {
		dst[j] = math.Tanh(x)
	}
}

func (tanh) Derivative(dst, g []float64) {
	for j, x := range g {
		y := math.Tanh(x)
		dst[j] = 1 - y*y
	}
}

// invention is a rule that a user would write.
type invention struct {
	decay     [3]float64
	corrected [3]bool
}

func (o invention) Rule() (*optim.Rule, error) {
	return &optim.Rule{
		Name: "no paper",
		Averages: []optim.Average{
			optim.EMA("m", optim.Identity, o.decay[0], o.corrected[0]),
			optim.EMA("v", optim.Square, o.decay[1], o.corrected[1]),
			optim.EMA("t", tanh{}, o.decay[2], o.corrected[2]),
			optim.Present("g", optim.Identity),
		},
		Readout: noPaper{},
	}, nil
}

// Truth: the optimizer itself. The rule is unknown to package optim, so nothing
// about it can have been derived by hand.
func TestOrdersOfUnknownRule(t *testing.T) {
	def := invention{[3]float64{0.6, 0.8, 0.5}, [3]bool{true, false, true}}
	for _, batches := range []int{1, 3} {
		opt := constant(t, def, horizon/coarsest)
		var errors [4][]float64
		for k := range halvings + 1 {
			for i, e := range race(t, opt.Halved(k), sines(t, batches), nil, coarsest<<k) {
				errors[i] = append(errors[i], e)
			}
		}
		orders(t, t.Name(), errors)
	}
}

// raceMoments is the largest distances of moments-1 and moments-2 from the
// optimizer over the whole run; both start after its first step.
func raceMoments(t testing.TB, opt optim.Optimizer, obj objective.TwiceDifferentiable, steps, substeps int) [2]float64 {
	t.Helper()
	var worst [2]float64
	var processes [2]*flowProcess
	for i := range processes {
		flow := must[*bea.Moments](t)(bea.NewMoments(i+1, opt, obj))
		if substeps == 0 {
			substeps = flow.Substeps()
		}
		solver := must[*ode.Solver](t)(ode.New(flow, ode.RK4(), &ode.Settings{Substeps: substeps}))
		processes[i] = &flowProcess{flow, solver, make([]float64, flow.Dim()), flow.Parameters(), opt.LR}
	}
	run(t, opt, objective.NewFullBatch(obj), nil, start, steps, func(n int, theta, _ []float64, state *optim.State) {
		for i, p := range processes {
			var err error
			if n == 0 {
				err = p.flow.(*bea.Moments).Start(p.y, theta, state)
			} else {
				err = p.step(n)
			}
			if err != nil {
				t.Fatal(err)
			}
			worst[i] = max(worst[i], bea.Distance(theta, p.theta()))
		}
	})
	return worst
}

// momentOrders fits the orders of both flows with moments.
func momentOrders(t *testing.T, name string, opt optim.Optimizer, obj objective.TwiceDifferentiable, steps, levels int) {
	t.Helper()
	var errors [2][]float64
	for k := range levels {
		for i, e := range raceMoments(t, opt.Halved(k), obj, steps<<k, 0) {
			errors[i] = append(errors[i], e)
		}
	}
	for i, band := range [][2]float64{first, second} {
		order := slope(errors[i])
		if !(order >= band[0] && order <= band[1]) {
			t.Errorf("%s: order of moments-%d is %.3f, want %v; errors %.3g", name, i+1, order, band, errors[i])
		}
		t.Logf("ORDERS %s moments-%d %.3f errors %.3g", name, i+1, order, errors[i])
	}
}

// The mathematics promises orders 1 and 2 with constants that do not grow with
// the memory: the decays (.9, .99, .95) remember up to 100 steps. The errors of
// the written check are of a problem whose functions are not given, so the
// orders are held against it and not the numbers.
func TestMomentOrdersOfUnknownRule(t *testing.T) {
	for _, decay := range [][3]float64{{0.6, 0.8, 0.5}, {0.9, 0.99, 0.95}} {
		opt := constant(t, invention{decay, [3]bool{true, true, true}}, 1.0/50)
		momentOrders(t, t.Name(), opt, sines(t, 3), 50, 5)
	}
	opt := constant(t, invention{[3]float64{0.6, 0.8, 0.5}, [3]bool{true, false, true}}, 1.0/50)
	momentOrders(t, t.Name()+" uncorrected", opt, sines(t, 3), 50, 5)
}

// Averages share a product only if all their weights agree, bias correction
// included. Truth: the same rule with decays too different to share and too equal
// to matter.
func TestSharingChangesNothing(t *testing.T) {
	const n = 5
	for _, corrected := range [][3]bool{{true, false, true}, {true, true, true}, {false, false, true}} {
		value := map[float64][]float64{}
		for _, apart := range []float64{0, 1e-9} {
			opt := constant(t, invention{[3]float64{0.8, 0.8 + apart, 0.5}, corrected}, 0.1)
			e := must[*bea.Expansion](t)(bea.NewExpansion(opt, sines(t, 3), nil))
			value[apart] = make([]float64, 4)
			if err := e.Correct(value[apart], nil, n, start, 0.5); err != nil {
				t.Fatal(err)
			}
		}
		if e := relative(value[0], value[1e-9]); e > 1e-7 {
			t.Errorf("corrected %v: %v shared, %v apart", corrected, value[0], value[1e-9])
		}
	}
}
