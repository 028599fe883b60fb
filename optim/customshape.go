package optim

import "math"

// epsilon reads off a direction where it turns from proportional to the gradient
// to a sign: the constant eps of g/sqrt(g^2 + eps) or of g/(|g| + eps), whatever
// they are written like; 0 where it does neither. It looks at the direction of a
// gradient that has always been the same, theta = 0, late in a run.
//
// Both forms have F(inf)/F'(0) as the gradient of the turn, which is sqrt(eps) or
// eps; how far the direction has come there tells them apart.
func (b *builder) epsilon(rule *Rule) (float64, EpsMode) {
	at := newProbe(rule)
	const tiny, huge = 1e-100, 1e100
	slope, saturated := at.direction(tiny)/tiny, at.direction(huge)
	turn := saturated / slope
	if !(turn > 1e-60 && turn < 1e60) { // NaN neither
		return 0, Inside
	}
	near := func(multiple, want float64) bool {
		return math.Abs(at.direction(multiple*turn)/saturated-want) < 1e-9
	}
	eps, mode := 0.0, Inside
	switch {
	case near(1, math.Sqrt2/2) && near(3, 3/math.Sqrt(10)):
		eps = turn * turn
	case near(1, 0.5) && near(3, 0.75):
		eps, mode = turn, Outside
	}
	for _, c := range b.Constants {
		if math.Abs(eps-c.Value) <= 1e-9*eps {
			return c.Value, mode // without the rounding
		}
	}
	return eps, mode
}

// probe evaluates the direction of single gradients.
type probe struct {
	rule  *Rule
	value [][]float64
	total []float64
}

func newProbe(rule *Rule) *probe {
	p := &probe{rule: rule, total: rule.NewTotals()}
	rule.SetTotals(p.total, -1, 0)
	for range rule.Averages {
		p.value = append(p.value, make([]float64, 1))
	}
	return p
}

// direction is F at theta = 0 where the gradient is and was g.
func (p *probe) direction(g float64) float64 {
	gradient, dst := []float64{g}, []float64{0}
	for i, a := range p.rule.Averages {
		a.Of.Apply(p.value[i], gradient)
		if !a.Corrected {
			p.value[i][0] *= p.total[i]
		}
	}
	p.rule.Readout.Direction(dst, p.value, []float64{0}, p.total)
	return dst[0]
}
