package ode

import (
	"errors"
	"fmt"
)

// Step is an accepted step, as Solver.Steps yields it. It belongs to the solver
// and is valid until the loop goes on.
type Step struct {
	// Index counts the accepted steps from 1.
	Index int
	// T0 and T are the times of start and end, H the signed size of the step.
	T0, T, H float64
	// Y is the state at T. It is borrowed: do not modify it, and copy what is
	// to be kept.
	Y []float64
	// Error estimates the local error of this step in the max norm, in the
	// units of y; NaN if it was not measured.
	Error float64

	solver     *Solver
	generation uint64
}

var errStale = errors.New("ode: the step is no longer the solver's latest. Try: interpolate inside the loop, before it goes on")

// Interpolate writes the state at time t, from T0 to T, into dst of length Dim.
// It is the method's dense output: Method.DenseOrder says how accurate. At T0
// and T it gives the states there exactly.
//
// For a method whose last stage is not the slope at T, the first call for a
// step evaluates the derivative there; the next step uses it, so nothing is
// wasted. Interpolate panics if dst has another length than Dim, and returns an
// error if t lies outside the step or the step is no longer the latest.
func (st Step) Interpolate(dst []float64, t float64) error {
	s := st.solver
	if s == nil || s.generation != st.generation || s.last.Accepted != st.Index || !s.pending {
		return errStale
	}
	if len(dst) != len(s.y) {
		panic("ode: length of dst is not the dimension of the system")
	}
	const slack = 1e-9 // for times that were computed with rounding
	theta := (t - st.T0) / st.H
	if !(theta >= -slack && theta <= 1+slack) {
		return fmt.Errorf("ode: t=%g is outside the step from %g to %g. Try: interpolate in the step that covers it", t, st.T0, st.T)
	}
	if t == st.T {
		copy(dst, s.yNew)
		return nil
	}
	end := s.k[len(s.k)-1]
	if !s.fsal {
		if !s.haveEnd {
			if err := s.eval(s.end, st.T, s.yNew); err != nil {
				return err
			}
			s.haveEnd = true
		}
		end = s.end
	}
	hermite(dst, theta, st.H, s.y, s.yNew, s.k[0], end)
	if d := s.method.D; d != nil {
		bump := theta * (1 - theta)
		bump *= bump * st.H
		for i := range dst {
			var sum float64
			for j, w := range d {
				sum += w * s.k[j][i]
			}
			dst[i] += bump * sum
		}
	}
	return nil
}

// hermite writes the cubic with values y0, y1 and slopes f0, f1 at the ends of a
// step of size h into dst, at the fraction theta of the step:
//
//	y0 + theta (d + (1-theta) ((h f0 - d) (1-theta) - (h f1 - d) theta)),
//	d = y1 - y0
//
// Source: Hairer, Nørsett, Wanner I, section II.6, equation (6.7).
func hermite(dst []float64, theta, h float64, y0, y1, f0, f1 []float64) {
	for i, a := range y0 {
		d := y1[i] - a
		dst[i] = a + theta*(d+(1-theta)*((h*f0[i]-d)*(1-theta)-(h*f1[i]-d)*theta))
	}
}
