package ode

import "gonum.org/v1/gonum/floats"

// stepper carries out single steps of an explicit Runge-Kutta method.
type stepper struct {
	sys    System
	method Method
	// fsal says that k[s-1] of a step is the slope at its end.
	fsal bool
	// k holds the stages; k[0] is the slope at the start of the step.
	k [][]float64
}

func newStepper(sys System, m *Method) stepper {
	st := stepper{sys: sys, method: *m, fsal: m.firstSameAsLast()}
	st.k = make([][]float64, m.Stages())
	for i := range st.k {
		st.k[i] = make([]float64, sys.Dim())
	}
	return st
}

// try writes the result of a step from (t, y) to tEnd = t+h into dst, which it
// also uses for the states of the stages. k[0] must hold f(t, y). tEnd is given
// apart from h because a step that lands on a point must not evaluate f beyond
// it, not even by a unit in the last place.
//
// It returns the number of evaluations, and the time of the evaluation that
// failed with the error of System.Derivative.
func (st *stepper) try(dst, y []float64, t, h, tEnd float64) (evals int, at float64, err error) {
	m := &st.method
	for i := 1; i < len(st.k); i++ {
		combine(dst, y, h, m.A[i], st.k)
		at = t + m.C[i]*h
		if m.C[i] == 1 {
			at = tEnd
		}
		evals++
		if err = st.sys.Derivative(st.k[i], at, dst); err != nil {
			return evals, at, err
		}
	}
	if !st.fsal { // with fsal the state of the last stage is the result
		combine(dst, y, h, m.B, st.k)
	}
	return evals, at, nil
}

// estimate writes the embedded error estimate of the latest try into dst.
func (st *stepper) estimate(dst []float64, h float64) {
	combine(dst, nil, h, st.method.E, st.k)
}

// combine writes y + h sum_j w_j k_j into dst, with y = 0 if it is nil. dst
// must alias neither y nor any k.
//
// The increment is summed before y is added, so that a step costs one rounding
// of y instead of one for each stage. It works block by block, so that a block
// stays in the first-level cache while the stages pass over it.
func combine(dst, y []float64, h float64, w []float64, k [][]float64) {
	const block = 1024
	for lo := 0; lo < len(dst); lo += block {
		hi := min(lo+block, len(dst))
		d := dst[lo:hi]
		empty := true
		for j, wj := range w {
			switch {
			case wj == 0:
			case empty:
				floats.ScaleTo(d, h*wj, k[j][lo:hi])
				empty = false
			default:
				floats.AddScaled(d, h*wj, k[j][lo:hi])
			}
		}
		if empty {
			clear(d)
		}
		if y != nil {
			floats.Add(d, y[lo:hi])
		}
	}
}
