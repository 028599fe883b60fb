package bea_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// toyRow is a row of the reference table for the bilinear problem, eps = 1e-8:
// theta_1 + theta_2 where the residual r = 2 theta_1 theta_2 - 3/2 first falls
// below 1/2. The table has been measured with two programs that share nothing
// with this one.
type toyRow struct {
	h, beta1, beta2 float64
	adam            float64
	steps           int
	flow            [2]float64 // asymptotic and finite-n coefficients; 0: diverges
}

var toy = []toyRow{
	{1e-3, 0.5, 0.5, 2.11896, 2091, [2]float64{2.11896, 2.11896}},
	{1e-3, 0.95, 0.9, 2.11738, 2045, [2]float64{2.11749, 2.11750}},
	{1e-3, 0.97, 0.9, 2.11505, 1982, [2]float64{2.11568, 2.11572}},
	{1e-3, 0.9, 0.95, 2.12072, 2139, [2]float64{2.12055, 2.12054}},
	{1e-3, 0.9, 0.99, 2.13623, 2500, [2]float64{2.14314, 2.14258}},
	{1e-3, 0.9, 0.999, 2.22370, 4994, [2]float64{}},
	{1e-2, 0.95, 0.9, 2.10796, 178, [2]float64{2.10771, 2.10891}},
	{1e-2, 0.9, 0.95, 2.14675, 261, [2]float64{2.15155, 2.14947}},
	{1e-2, 0.9, 0.97, 2.17123, 314, [2]float64{}},
	{1e-4, 0.9, 0.999, 2.13728, 25331, [2]float64{2.15031, 2.14970}},
	{1e-4, 0.99, 0.9, 2.11753, 20483, [2]float64{2.11763, 2.11763}},
}

// crossing watches a path for r < 1/2, with linear interpolation in r.
type crossing struct {
	r, sum float64 // of the last point
	value  float64 // theta_1 + theta_2 at the crossing
	done   bool
}

func (c *crossing) visit(theta []float64) {
	r, sum := 2*theta[0]*theta[1]-1.5, theta[0]+theta[1]
	if !c.done && r < 0.5 {
		c.done = true
		w := (c.r - 0.5) / (c.r - r)
		c.value = c.sum + w*(sum-c.sum)
	}
	c.r, c.sum = r, sum
}

// toyFlow is a corrected flow on the toy problem, its crossing and its watch.
type toyFlow struct {
	*flowProcess
	crossing
	substeps   int
	watch      *bea.Runaway
	correction []float64
	away       error
}

func newToyFlow(t *testing.T, opt optim.Optimizer, s *bea.Settings) *toyFlow {
	obj := objective.Bilinear{}
	p := &toyFlow{
		flowProcess: follow(t, 2, opt, obj, s, obj.Start(), 1), substeps: 1,
		watch: bea.NewRunaway(opt.Rule, 2), correction: make([]float64, 2),
	}
	if opt.LR == 1e-2 {
		p.substeps = 4 // one reading an interval misses the fifth digit
	}
	p.visit(p.y)
	return p
}

// step crosses interval n, reading at every substep, and shows the watch what
// the integrator saw last, until the flow has crossed or run away.
func (p *toyFlow) step(t *testing.T, n int, taken []float64) {
	if p.done || p.away != nil {
		return
	}
	flow := p.flow.(*bea.Flow)
	flow.SetStep(n)
	for s := range p.substeps {
		part := func(s int) float64 { return (float64(n) + float64(s)/float64(p.substeps)) * p.h }
		if err := p.solver.Integrate(p.y, part(s), part(s+1)); err != nil {
			t.Fatal(err)
		}
		p.visit(p.y)
	}
	if !p.done {
		p.away = p.watch.Observe(n, flow.Parts(p.correction), p.correction, taken)
	}
}

// Every cell of the table: what Adam does to five digits and to the step, what
// both flows do, and that those that diverge, and no others, are reported.
func TestToyTable(t *testing.T) {
	for _, row := range toy {
		t.Run(fmt.Sprintf("h=%g/%g/%g", row.h, row.beta1, row.beta2), func(t *testing.T) {
			t.Parallel()
			obj := objective.Bilinear{}
			opt := constant(t, optim.Adam{Beta1: row.beta1, Beta2: row.beta2, Eps: 1e-8, BiasCorrection: true}, row.h)
			flows := []*toyFlow{newToyFlow(t, opt, &bea.Settings{Asymptotic: true}), newToyFlow(t, opt, nil)}
			var adam crossing
			adam.visit(obj.Start())
			steps := 0
			run(t, opt, obj, nil, obj.Start(), row.steps+row.steps/2, func(n int, theta, taken []float64, _ *optim.State) {
				if adam.visit(theta); adam.done && steps == 0 {
					steps = n + 1
				}
				for _, p := range flows {
					p.step(t, n, taken)
				}
			})
			if steps != row.steps || math.Abs(adam.value-row.adam) > 5.1e-6 {
				t.Errorf("Adam: %.6f at step %d, want %.5f at %d", adam.value, steps, row.adam, row.steps)
			}
			tolerance := 1e-5
			if row.h == 1e-2 {
				tolerance = 5e-5
			}
			for i, p := range flows {
				kind := []string{"asymptotic", "finite n"}[i]
				t.Logf("%s: %.6f, want %.5f (%v)", kind, p.value, row.flow[i], p.away)
				switch {
				case row.flow[i] == 0:
					checkRunaway(t, kind, p.away)
				case p.away != nil:
					t.Errorf("%s: %v", kind, p.away)
				case !p.done || math.Abs(p.value-row.flow[i]) > tolerance:
					t.Errorf("%s: %.6f, want %.5f", kind, p.value, row.flow[i])
				}
			}
		})
	}
}

func checkRunaway(t *testing.T, kind string, err error) {
	t.Helper()
	var away *bea.RunawayError
	if !errors.As(err, &away) {
		t.Errorf("%s: a diverging flow ends with %v, want a *RunawayError", kind, err)
		return
	}
	if away.Ratio <= 1 || away.Since >= away.Step || away.Coordinate < 0 || away.Coordinate > 1 {
		t.Errorf("%s: report %+v", kind, away)
	}
}
