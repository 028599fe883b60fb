package bea_test

import (
	"fmt"
	"math"
	"os"
	"testing"

	"leeway/bea"
	"leeway/data"
	"leeway/objective"
	"leeway/ode"
	"leeway/optim"
)

// digitsRow is a row of the reference table for Adam on real data: the largest
// l-infinity distances from Adam's iterates of flow-1, flow-2, moments-1 and
// moments-2 over a run of softmax regression. The numbers come from a program
// that shares nothing with this one.
type digitsRow struct {
	h, beta1, beta2, eps float64
	steps                int
	want                 [4]float64
}

var digits = []digitsRow{
	{1e-3, 0.9, 0.95, 1e-6, 400, [4]float64{3.4e-2, 1.1e-1, 4.35e-4, 3.89e-5}},
	{1e-3, 0.9, 0.99, 1e-6, 400, [4]float64{1.1e-1, 6.3e-1, 1.40e-3, 5.01e-5}},
	{1e-3, 0.9, 0.999, 1e-6, 400, [4]float64{1.5e-1, 8.7e-1, 2.35e-3, 5.69e-5}},
	{1e-3, 0.9, 0.999, 1e-8, 400, [4]float64{2.1e-1, 2.1, 3.39e-3, 3.88e-4}},
	{1e-3, 0.9, 0.999, 1e-4, 400, [4]float64{6.78e-2, 3.01e-1, 2.22e-4, 1.33e-6}},
	{1e-4, 0.9, 0.99, 1e-6, 1000, [4]float64{3.2e-2, 3.8e-2, 5.88e-5, 4.78e-7}},
	{1e-4, 0.9, 0.95, 1e-6, 1000, [4]float64{4.3e-3, 4.1e-4, 8.56e-6, 3.50e-7}},
	{1e-3, 0.9, 0.95, 1e-4, 400, [4]float64{7.74e-3, 1.83e-3, 4.44e-5, 1.38e-6}},
	{1e-3, 0.5, 0.9, 1e-4, 400, [4]float64{6.83e-3, 6.15e-4, 4.46e-5, 1.05e-6}},
	{1e-2, 0.9, 0.95, 1e-2, 200, [4]float64{1.51e-2, 1.66e-3, 7.24e-5, 2.92e-6}},
}

// slow is the environment variable that asks for the rows that take long: without
// it only Adam's defaults and the shortest run are measured.
const slow = "LEEWAY_SLOW"

// softmax is regression on the first 1,000 digits, pixels/16, without bias.
func softmax(t testing.TB) objective.TwiceDifferentiable {
	t.Helper()
	set := data.Digits().Scaled(1.0 / 16)
	train, _, err := set.Split(1000, 0)
	if err != nil {
		t.Fatal(err)
	}
	return must[*objective.Softmax](t)(objective.NewSoftmax(train.X, train.Y, train.D, train.Classes, objective.SoftmaxSettings{}))
}

// Classical Runge-Kutta, one substep for the flows and two for the moments. Near
// changes of sign the memoryless flows are stiff at eps <= 1e-6: those columns
// are held to a factor of 2, all others to 5 %.
func TestDigitsTable(t *testing.T) {
	for i, row := range digits {
		t.Run(fmt.Sprintf("h=%g/%g/%g/eps=%g", row.h, row.beta1, row.beta2, row.eps), func(t *testing.T) {
			if i != 3 && i != 9 && os.Getenv(slow) == "" {
				t.Skipf("set %s=1 to run it", slow)
			}
			t.Parallel()
			got := measureDigits(t, row)
			t.Logf("DIGITS %g %g %g %g: %.3g want %.3g", row.h, row.beta1, row.beta2, row.eps, got, row.want)
			for k, who := range []string{"flow-1", "flow-2", "moments-1", "moments-2"} {
				low, high := 0.95, 1.05
				if k < 2 && row.eps <= 1e-6 {
					low, high = 0.5, 2
				}
				if ratio := got[k] / row.want[k]; !(ratio >= low && ratio <= high) {
					t.Errorf("%s: distance %.4g, want %.4g", who, got[k], row.want[k])
				}
			}
		})
	}
}

func measureDigits(t *testing.T, row digitsRow) [4]float64 {
	t.Helper()
	obj := softmax(t)
	from := make([]float64, obj.Dim())
	opt := constant(t, optim.Adam{Beta1: row.beta1, Beta2: row.beta2, Eps: row.eps, BiasCorrection: true}, row.h)
	processes := []*flowProcess{follow(t, 1, opt, obj, nil, from, 1), follow(t, 2, opt, obj, nil, from, 1), nil, nil}
	for order := 1; order <= 2; order++ {
		flow := must[*bea.Moments](t)(bea.NewMoments(order, opt, obj))
		solver := must[*ode.Solver](t)(ode.New(flow, ode.RK4(), &ode.Settings{Substeps: 2}))
		processes[1+order] = &flowProcess{flow, solver, make([]float64, flow.Dim()), flow.Parameters(), opt.LR}
	}
	var worst [4]float64
	run(t, opt, obj, nil, from, row.steps, func(n int, theta, _ []float64, state *optim.State) {
		for i, p := range processes {
			var err error
			if m, ok := p.flow.(*bea.Moments); ok && n == 0 {
				err = m.Start(p.y, theta, state)
			} else {
				err = p.step(n)
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := bea.Distance(theta, p.theta()); d > worst[i] || math.IsNaN(d) {
				worst[i] = d
			}
		}
	})
	return worst
}
