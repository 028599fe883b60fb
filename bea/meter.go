package bea

import (
	"fmt"
	"math"
	"slices"

	"leeway/objective"
	"leeway/optim"
)

// Reading is what the drift does at one theta, in full batch. It is that of the
// memory's state at fixed theta: exact at every step with bias correction, and
// without it once the averages have settled.
type Reading struct {
	Loss             float64
	OneNorm, TwoNorm float64 // of the gradient
	PerturbedOneNorm float64 // sum_j sqrt(g_j^2 + eps)

	// BiasRatio is |bias|_1 / |g|_1, where bias is the term that stands beside
	// the gradient in the corrected flow, theta' = -P (g + bias).
	BiasRatio float64
	// Penalized and AntiPenalized are the shares of coordinates where the bias
	// works for and against small gradients. Coordinates with no gradient at
	// all are in neither.
	Penalized, AntiPenalized float64
	// NormRate is the rate, per unit of time n h, at which the bias alone
	// changes the drift norm, divided by the norm.
	NormRate float64

	// TrustMax, TrustP99 and TrustShare are the largest trust number
	// x_j = h tau |P (H F)_j|, its 99th percentile, and the share of
	// coordinates above [TrustBound]. x is the relative change of the gradient
	// within the optimizer's memory, which the expansion takes to be small.
	TrustMax, TrustP99, TrustShare float64
}

// Bounds of the trust number: below TrustHelps the correction helps, and where a
// lasting share of coordinates is above TrustBound it does not.
const (
	TrustHelps = 0.3
	TrustBound = 0.5
)

// Meter measures what an optimizer's drift does at a given theta. It costs one
// gradient and one Hessian-vector product of the full loss (two with weight
// decay), and allocates nothing.
type Meter struct {
	opt   optim.Optimizer
	obj   *objective.FullBatch
	brace *brace

	gradient, factor, f []float64
	product, slope      []float64 // H F, and H P g: the gradient of the drift norm
	trust               []float64
}

// NewMeter prepares a meter.
func NewMeter(opt optim.Optimizer, obj objective.TwiceDifferentiable) (*Meter, error) {
	if err := opt.Rule.Validate(); err != nil {
		return nil, err
	}
	dim := obj.Dim()
	v := vectors(6, dim)
	m := &Meter{
		opt: opt, obj: objective.NewFullBatch(obj), brace: newBrace(opt.Rule, 0),
		gradient: v[0], factor: v[1], f: v[2], product: v[3], slope: v[4], trust: v[5],
	}
	m.brace.resize(dim)
	return m, nil
}

// Measure reads the meter at theta, with the coefficients of step n (of the
// limit for negative n). Under a schedule the learning rate is that of step n.
func (m *Meter) Measure(theta []float64, n int) (Reading, error) {
	rule := m.opt.Rule
	loss, err := m.obj.Gradient(m.gradient, theta, 0)
	if err != nil {
		return Reading{}, fmt.Errorf("bea: gradient at step %d: %w", n, err)
	}
	r := Reading{
		Loss:             loss,
		OneNorm:          OneNorm(m.gradient),
		TwoNorm:          TwoNorm(m.gradient),
		PerturbedOneNorm: PerturbedOneNorm(m.gradient, rule.Eps),
	}
	if rule.L2 != 0 {
		addScaled(m.gradient, rule.L2, theta)
	}
	m.brace.setStep(n)
	m.brace.evaluate(m.factor, m.gradient, theta)
	if err := m.differentiate(theta); err != nil {
		return r, fmt.Errorf("bea: Hessian-vector product at step %d: %w", n, err)
	}
	h := m.opt.StepSize(max(n, 0))
	m.bias(&r, h)
	m.judge(&r, h, rule.MeanLag(n))
	return r, nil
}

// differentiate computes H F and the gradient of the drift norm.
func (m *Meter) differentiate(theta []float64) error {
	rule := m.opt.Rule
	for j, g := range m.gradient {
		m.f[j] = m.brace.p[j] * g
	}
	if err := m.hvp(m.slope, theta, m.f); err != nil {
		return err
	}
	copy(m.product, m.slope)
	if rule.WeightDecay == 0 {
		return nil
	}
	addScaled(m.f, rule.WeightDecay, theta)
	return m.hvp(m.product, theta, m.f)
}

func (m *Meter) hvp(dst, theta, v []float64) error {
	if err := m.obj.HVP(dst, theta, v, 0); err != nil {
		return err
	}
	if l2 := m.opt.Rule.L2; l2 != 0 {
		addScaled(dst, l2, v)
	}
	return nil
}

// bias fills in what bias_j = (h/2) factor_j (H F)_j does. (Weight decay adds
// (h/2) decay F to the velocity itself, which is no work on the gradient and is
// left out here.)
func (m *Meter) bias(r *Reading, h float64) {
	size, rate := 0.0, 0.0
	penalized, anti := 0, 0
	for j, c := range m.factor {
		b := h / 2 * c * m.product[j]
		size += math.Abs(b)
		rate -= m.slope[j] * m.brace.p[j] * b
		switch {
		case m.gradient[j] == 0 || c == 0:
		case c > 0:
			penalized++
		default:
			anti++
		}
	}
	count := float64(len(m.factor))
	r.Penalized, r.AntiPenalized = float64(penalized)/count, float64(anti)/count
	r.BiasRatio = ratio(size, OneNorm(m.gradient))
	r.NormRate = ratio(rate, DriftNorm(m.gradient, m.opt.Rule.Eps, m.opt.Rule.EpsMode))
}

// judge fills in the trust numbers. A rule without memory still averages over
// its own step, tau = 1/2.
func (m *Meter) judge(r *Reading, h, tau float64) {
	tau = max(tau, 0.5)
	above := 0
	for j, p := range m.brace.p {
		x := h * tau * math.Abs(p*m.product[j])
		m.trust[j] = x
		if x > TrustBound {
			above++
		}
	}
	r.TrustShare = float64(above) / float64(len(m.trust))
	slices.Sort(m.trust)
	r.TrustMax = m.trust[len(m.trust)-1]
	r.TrustP99 = m.trust[(len(m.trust)-1)*99/100]
}

// ratio is a/b, and 0 for 0/0.
func ratio(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a / b
}

// Bias writes bias_j, the term that stands beside the gradient in the corrected
// full-batch flow theta' = -P (g + bias), of step n (of the limit for negative
// n) to dst.
func (m *Meter) Bias(dst, theta []float64, n int) error {
	if _, err := m.Measure(theta, n); err != nil {
		return err
	}
	h := m.opt.StepSize(max(n, 0))
	for j, c := range m.factor {
		dst[j] = h / 2 * c * m.product[j]
	}
	return nil
}
