package ode

import "math"

// richardson estimates the local error of fixed steps by repeating a step as
// two half steps. With local error c h^(p+1) the two results differ by
// c h^(p+1) (1 - 2^-p), so the error of the full step is the difference times
// 2^p / (2^p - 1).
//
// Source: Hairer, Nørsett, Wanner I, section II.4, theorem 4.1 (there for the
// error of the two half steps, which is smaller by 2^p).
type richardson struct {
	every int
	// observed is the number of leading components that count.
	observed int
	// factor is 2^p / (2^p - 1).
	factor float64
	// middle and end are the states after one and two half steps, slope the
	// derivative at the middle.
	middle, end, slope []float64
}

func newRichardson(set *Settings, m *Method, dim int) richardson {
	if set.EstimateEvery == 0 || m.Adaptive() {
		return richardson{}
	}
	p2 := math.Exp2(float64(m.Order))
	return richardson{
		every:    set.EstimateEvery,
		observed: set.Observed,
		factor:   p2 / (p2 - 1),
		middle:   make([]float64, dim),
		end:      make([]float64, dim),
		slope:    make([]float64, dim),
	}
}

// halve takes the two half steps of the step that starts at (s.t, s.y). It
// leaves k[0] as it was; the other stages are scratch.
func (s *Solver) halve(h, tEnd float64) error {
	r := &s.half
	mid := s.t + h/2
	if err := s.try(r.middle, s.y, s.t, h/2, mid); err != nil {
		return err
	}
	if err := s.eval(r.slope, mid, r.middle); err != nil {
		return err
	}
	s.k[0], r.slope = r.slope, s.k[0]
	err := s.try(r.end, r.middle, mid, tEnd-mid, tEnd)
	s.k[0], r.slope = r.slope, s.k[0]
	return err
}

// difference returns the estimated local error of the full step to y, in the
// max norm over the observed components.
func (r *richardson) difference(y []float64) float64 {
	var d float64
	for i, v := range y[:r.observed] {
		d = max(d, math.Abs(v-r.end[i]))
	}
	return r.factor * d
}

// hold adds the local error of a step of size h that was not necessarily
// measured: the last estimate, scaled by the power p+1 of the step size.
func (s *Solver) hold(h float64) {
	m := &s.memory
	if m.EstimateStep == 0 {
		return
	}
	e := m.Estimate
	if h != m.EstimateStep {
		e *= math.Pow(h/m.EstimateStep, float64(s.method.Order+1))
	}
	s.last.ErrorSum += e
}
