package optim_test

import (
	"fmt"
	"math"
	"testing"

	"leeway/optim"
	"pgregory.net/rapid"
)

// rules are all kinds and all places of eps, with decay, so that no part of a
// readout is zero.
func rules(t testing.TB) map[string]*optim.Rule {
	t.Helper()
	rules := map[string]*optim.Rule{}
	add := func(name string, def optim.Definition) {
		rule, err := def.Rule()
		if err != nil {
			t.Fatal(err)
		}
		rules[name] = rule
	}
	r := optim.Regularization{WeightDecay: 0.2}
	add("gd", optim.GD{Regularization: r})
	add("heavy-ball", optim.HeavyBall{Beta: 0.9, Regularization: r})
	add("nesterov", optim.Nesterov{Beta: 0.9, Regularization: r})
	add("sign-gd", optim.SignGD{Regularization: r})
	add("signum", optim.Signum{Beta: 0.9, Regularization: r})
	add("lion", optim.Lion{Beta1: 0.9, Beta2: 0.99, Regularization: r})
	add("lion-k", optim.LionK{Beta1: 0.9, Beta2: 0.99, Eps: 0.1, Regularization: r})
	for _, mode := range []optim.EpsMode{optim.Inside, optim.Outside, optim.OutsideUncorrected} {
		name := "adam " + mode.String()
		add(name, optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 0.3, EpsMode: mode, BiasCorrection: true, Regularization: r})
		add(name+" without correction", optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 0.3, EpsMode: mode, Regularization: r})
	}
	return rules
}

// point is one argument of a readout of one coordinate.
type point struct {
	s, total []float64
	theta    float64
}

// direction is phi at the point.
func (p point) direction(r optim.Readout) float64 {
	dst := make([]float64, 1)
	r.Direction(dst, columns(p.s), []float64{p.theta}, p.total)
	return dst[0]
}

// columns makes a slice of one-coordinate slices.
func columns(s []float64) [][]float64 {
	c := make([][]float64, len(s))
	for i := range s {
		c[i] = []float64{s[i]}
	}
	return c
}

// central is the central difference of phi with respect to *x, an entry of p.
func (p *point) central(r optim.Readout, x *float64) float64 {
	const h = 1e-5
	at := *x
	*x = at + h
	up := p.direction(r)
	*x = at - h
	down := p.direction(r)
	*x = at
	return (up - down) / (2 * h)
}

// Truth: central differences of Direction, whose values the golden paths hold.
func TestReadoutDerivatives(t *testing.T) {
	rules := rules(t)
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := point{s: make([]float64, len(rule.Averages)), total: make([]float64, len(rule.Averages))}
				for i := range p.s {
					p.s[i] = rapid.Float64Range(0.1, 2).Draw(t, "s")
					p.total[i] = rapid.Float64Range(0.1, 1).Draw(t, "total")
				}
				p.theta = rapid.Float64Range(-2, 2).Draw(t, "theta")
				if rapid.Bool().Draw(t, "negative") {
					p.s[0] = -p.s[0]
				}
				checkDerivatives(t, rule.Readout, p)
			})
		})
	}
}

func checkDerivatives(t *rapid.T, r optim.Readout, p point) {
	const tol = 1e-7
	ds, dtheta := columns(make([]float64, len(p.s))), []float64{math.NaN()}
	r.Partials(ds, dtheta, columns(p.s), []float64{p.theta}, p.total)
	for i := range p.s {
		if want := p.central(r, &p.s[i]); !near(ds[i][0], want, tol) {
			t.Errorf("dphi/ds_%d is %v, differences give %v at %+v", i, ds[i][0], want, p)
		}
	}
	if want := p.central(r, &p.theta); !near(dtheta[0], want, tol) {
		t.Errorf("dphi/dtheta is %v, differences give %v at %+v", dtheta[0], want, p)
	}
	for i := range p.total {
		_, ages := r.(optim.Ageing)
		if d := p.central(r, &p.total[i]); !ages && d != 0 {
			t.Errorf("dphi/dtotal_%d is %v at %+v, but the readout is not ageing", i, d, p)
		}
	}
	factor := []float64{math.NaN()}
	r.(optim.Preconditioned).Scale(factor, columns(p.s), p.total)
	if got, want := factor[0]*p.s[0]+0.2*p.theta, p.direction(r); !near(got, want, 1e-14) || !(factor[0] > 0) {
		t.Errorf("scale %v times s_0 with decay is %v, direction is %v at %+v", factor[0], got, want, p)
	}
}

// The readouts whose constants age are known: only TensorFlow's eps depends on
// the weights' sum.
func TestOnlyUncorrectedEpsAges(t *testing.T) {
	for name, rule := range rules(t) {
		p := point{s: []float64{0.5, 0.7}[:len(rule.Averages)], total: []float64{0.3, 0.4}[:len(rule.Averages)], theta: 1}
		change := 0.0
		for i := range p.total {
			change = max(change, math.Abs(p.central(rule.Readout, &p.total[i])))
		}
		want := name == "adam outside_uncorrected"
		if (change > 1e-3) != want {
			t.Errorf("%s: dphi/dtotal is %v", name, change)
		}
		if _, ages := rule.Readout.(optim.Ageing); ages != want || want && rule.Steady() {
			t.Errorf("%s: ageing %v, steady %v", name, ages, rule.Steady())
		}
	}
}

// Where nothing has been remembered yet, sign and Adam without eps stand still
// instead of dividing 0 by 0; NaN is not hidden.
func TestReadoutsAtZero(t *testing.T) {
	zero := []optim.Definition{
		optim.SignGD{},
		optim.Adam{Beta1: 0.9, Beta2: 0.99},
		optim.Adam{Beta1: 0.9, Beta2: 0.99, EpsMode: optim.Outside},
		optim.Adam{Beta1: 0.9, Beta2: 0.99, EpsMode: optim.OutsideUncorrected, BiasCorrection: true},
		optim.LionK{Beta1: 0.9, Beta2: 0.99, Eps: 1e-6},
	}
	for _, def := range zero {
		rule, err := def.Rule()
		if err != nil {
			t.Fatal(err)
		}
		name, r := fmt.Sprintf("%+v", def), rule.Readout
		p := point{s: make([]float64, len(rule.Averages)), total: []float64{1, 1}, theta: 3}
		if f := p.direction(r); f != 0 {
			t.Errorf("%s: direction at 0 is %v", name, f)
		}
		ds, dtheta, other := columns(make([]float64, len(p.s))), []float64{1}, []float64{1}
		r.Partials(ds, dtheta, columns(p.s), []float64{3}, p.total)
		r.(optim.Preconditioned).Scale(other, columns(p.s), p.total)
		for i := range ds {
			if !finite(ds[i][0]) || !finite(other[0]) || dtheta[0] != 0 {
				t.Errorf("%s: derivatives at 0 are %v, %v, scale %v", name, ds, dtheta, other)
			}
		}
		p.s[0] = math.NaN()
		if f := p.direction(r); len(p.s) == 1 && !math.IsNaN(f) {
			t.Errorf("%s: direction of NaN is %v", name, f)
		}
	}
	// eps outside, where sqrt(v) has no derivative at 0: the partial is 0 and
	// not infinite, as dv is 0 there too.
	rule, _ := optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 0.1, EpsMode: optim.Outside}.Rule()
	ds, dtheta := columns([]float64{1, 1}), []float64{1}
	rule.Readout.Partials(ds, dtheta, columns([]float64{0, 0}), []float64{0}, []float64{1, 1})
	if ds[1][0] != 0 || !near(ds[0][0], 10, 1e-15) {
		t.Errorf("eps outside at 0: partials %v, want [[10] [0]]", ds)
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
