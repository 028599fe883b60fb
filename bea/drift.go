package bea

import (
	"math"

	"leeway/objective"
	"leeway/optim"
)

// Drift compares, at one step of the real optimizer, the drift that memory
// really caused with the drift that the expansion predicts:
//
//	realised:  F_optimizer - F_n(theta_n)
//	predicted: h Corr_n(theta_n)
//
// Their cosine and the ratio of their sizes say on a problem of any size whether
// the expansion holds. An optimizer without memory has no drift: both are zero.
type Drift struct {
	expansion    *Expansion
	f, predicted []float64
}

// DriftReading is the outcome of one comparison.
type DriftReading struct {
	Cosine float64 // between predicted and realised drift; NaN if one is zero
	Ratio  float64 // |predicted|_2 / |realised|_2; NaN if both are zero
}

// NewDrift prepares a comparison. settings may be nil.
func NewDrift(opt optim.Optimizer, obj objective.TwiceDifferentiable, settings *Settings) (*Drift, error) {
	e, err := NewExpansion(opt, obj, settings)
	if err != nil {
		return nil, err
	}
	return &Drift{expansion: e, f: make([]float64, e.dim), predicted: make([]float64, e.dim)}, nil
}

// Measure compares the direction that the optimizer took from theta at step n
// with what the expansion predicts there.
func (d *Drift) Measure(taken, theta []float64, n int) (DriftReading, error) {
	if err := d.expansion.Correct(d.predicted, d.f, n, theta, 0); err != nil {
		return DriftReading{}, err
	}
	h := d.expansion.opt.LR
	dot, predicted, realised := 0.0, 0.0, 0.0
	for j, c := range d.predicted {
		c *= h
		r := taken[j] - d.f[j]
		dot += c * r
		predicted += c * c
		realised += r * r
	}
	// The ratios are of norms, so that tiny drifts do not underflow to 0/0.
	p, r := math.Sqrt(predicted), math.Sqrt(realised)
	return DriftReading{Cosine: dot / p / r, Ratio: p / r}, nil
}
