package ode

import "math"

// ulp16 is 16 units in the last place of 1: relative to t, the smallest step
// that rounding leaves meaningful.
const ulp16 = 16 * 0x1p-52

// advanceAdaptive tries steps until one meets the tolerance.
func (s *Solver) advanceAdaptive() error {
	m := &s.memory
	dir := math.Copysign(1, s.t1-s.t)
	floor := max(s.set.MinStep, ulp16*math.Abs(s.t))
	if m.Step == 0 {
		if err := s.firstStep(dir); err != nil {
			return err
		}
	}
	for rejects := 0; ; {
		m.Step = max(min(m.Step, s.set.MaxStep), floor)
		h, tEnd := s.fit(m.Step, floor, dir)
		if limit := s.set.MaxSteps; limit > 0 && s.last.Accepted+s.last.Rejected >= limit {
			e := &StepLimitError{T: s.t, T1: s.t1, H: dir * h, Limit: limit, Component: -1, Rate: math.NaN()}
			if s.worst >= 0 {
				e.Component, e.Rate = s.worst, s.rate()
			}
			return e
		}
		if err := s.try(s.yNew, s.y, s.t, dir*h, tEnd); err != nil {
			return err
		}
		s.estimate(s.err, dir*h)
		scaled, largest, worst, finite := s.set.weigh(s.err, s.y, s.yNew)
		if finite && scaled <= 1 {
			short := h < m.Step
			m.Step = s.control.accept(h, m.Step, scaled, m.Error, rejects > 0)
			if !short { // the error of a shortened step says nothing about the trend
				m.Error = max(scaled, minPreviousError)
			}
			s.last.ErrorSum += largest
			s.worst = worst
			s.accept(dir*h, tEnd, largest)
			return nil
		}

		rejects++
		s.last.Rejected++
		if !finite {
			scaled = math.Inf(1)
		}
		if h <= floor || rejects >= s.set.MaxRejects || (!finite && firstNonFinite(s.k[0]) >= 0) {
			if !finite {
				return s.nonFinite(tEnd)
			}
			return &StiffError{
				T: s.t, H: dir * h, Step: s.last.Accepted + 1, Rejects: rejects,
				Component: worst, Rate: s.rate(),
			}
		}
		m.Step = h * s.control.shrink(scaled)
	}
}

// fit returns the step to try if control wants one of the given size: that, or
// what lands on t1, or half the distance if less than two steps remain, which
// costs the same as a full step and a short one and is more accurate.
func (s *Solver) fit(want, floor, dir float64) (h, tEnd float64) {
	rest := math.Abs(s.t1 - s.t)
	if rest <= want*(1+1e-9) {
		return rest, s.t1
	}
	h = want
	if rest < 2*want && rest/2 >= floor {
		h = rest / 2
	}
	return h, s.t + dir*h
}

// firstStep sets the size of the very first step: Settings.Step, or a guess
// from the size of y, of f, and of the change of f along an Euler step.
//
// Source: Hairer, Nørsett, Wanner I, section II.4, "starting step size".
func (s *Solver) firstStep(dir float64) error {
	m := &s.memory
	m.Step = s.set.Step
	if m.Step > 0 {
		return nil
	}
	span := min(math.Abs(s.t1-s.t), s.set.MaxStep)
	d0, d1 := s.set.size(s.y, s.y), s.set.size(s.k[0], s.y)
	h0 := 0.01 * d0 / d1
	if !(d0 >= 1e-5 && d1 >= 1e-5) || math.IsInf(d1, 1) {
		h0 = 1e-6
	}
	h0 = min(h0, span)
	at := s.t + dir*h0
	if h0 == math.Abs(s.t1-s.t) {
		at = s.t1 // not beyond it by rounding
	}

	// The Euler step uses yNew and k[1], which the first try will overwrite.
	combine(s.yNew, s.y, dir*h0, []float64{1}, s.k)
	if err := s.eval(s.k[1], at, s.yNew); err != nil {
		return err
	}
	for i, f0 := range s.k[0] {
		s.yNew[i] = (s.k[1][i] - f0) / h0
	}
	top := max(d1, s.set.size(s.yNew, s.y))
	h1 := max(1e-6, h0*1e-3)
	if top > 1e-15 {
		h1 = math.Pow(0.01/top, 1/float64(s.method.EmbeddedOrder+1))
	}
	m.Step = min(100*h0, h1)
	if !(m.Step > 0) { // a non-finite trial: let rejections find the size
		m.Step = h0
	}
	return nil
}

// rate estimates the modulus of the largest eigenvalue of the Jacobian at (t, y)
// after the trial of a step, by power iteration on differences of f, started
// from the error of that step, in which the fastest direction dominates. It
// overwrites yNew and k[1] and returns NaN if f cannot be evaluated.
func (s *Solver) rate() float64 {
	const iterations = 8
	v, probe := s.err, s.k[1]
	size := 1.0
	for _, x := range s.y {
		size = max(size, math.Abs(x))
	}
	delta := 0x1p-26 * size
	var norm float64
	for _, x := range v {
		norm = max(norm, math.Abs(x))
	}
	rate := math.NaN()
	for range iterations {
		if !(norm > 0) || math.IsInf(norm, 1) {
			break
		}
		for i, y := range s.y {
			v[i] /= norm
			s.yNew[i] = y + delta*v[i]
		}
		if s.eval(probe, s.t, s.yNew) != nil {
			break
		}
		norm = 0
		for i, f := range probe {
			v[i] = (f - s.k[0][i]) / delta
			norm = max(norm, math.Abs(v[i]))
		}
		if 0*norm != 0 {
			break
		}
		rate = norm
	}
	return rate
}
