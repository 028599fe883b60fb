package bea

import (
	"fmt"
	"math"
	"slices"

	"leeway/objective"
	"leeway/optim"
)

// Reading is what the drift does at one theta, in full batch. The shares are those
// of settled averages at the step's weights and a constant learning rate.
type Reading struct {
	Loss             float64
	OneNorm, TwoNorm float64 // of the gradient
	PerturbedOneNorm float64 // sum_j sqrt(g_j^2 + eps)

	// BiasRatio is |bias|_1 / |g|_1, where bias is the term that stands beside
	// the gradient in the corrected flow, theta' = -P (g + bias).
	BiasRatio float64
	// BiasCosine is the cosine of the angle between bias and gradient, 0 where
	// one of them is zero.
	BiasCosine float64
	// Penalized and AntiPenalized are the shares of coordinates where the bias
	// works for and against small gradients. Coordinates with no gradient at
	// all are in neither.
	Penalized, AntiPenalized float64
	// NormRate is the rate, per unit of time n h, at which the bias alone
	// changes the norm that it works on, divided by the norm: the drift norm
	// (see [DriftNorm]), or the squared two-norm for a linear rule.
	NormRate float64

	// TrustMax, TrustP99 and TrustShare are the largest trust number
	// x_j = h tau |P (H F)_j|, its 99th percentile, and the share of
	// coordinates above [TrustBound]. x is the relative change of the gradient
	// within the optimizer's memory, which the expansion takes to be small. For
	// a linear rule it is relative to the largest gradient component.
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
// decay; one gradient and up to two products more without bias correction or
// under a schedule), and allocates nothing.
type Meter struct {
	opt   optim.Optimizer
	obj   *objective.FullBatch
	brace *brace

	gradient, factor, f []float64
	product, slope      []float64 // H F, and H P g: the gradient of the drift norm
	trust, term, zero   []float64 // trust numbers, the bias, and nothing
	// exact is what the bias is read off where its closed form does not hold:
	// averages without correction, or a schedule. Nil elsewhere.
	exact *Expansion
}

// NewMeter prepares a meter.
func NewMeter(opt optim.Optimizer, obj objective.TwiceDifferentiable) (*Meter, error) {
	if err := opt.Rule.Validate(); err != nil {
		return nil, err
	}
	if opt.Rule.Direction != nil {
		return nil, ErrWhole
	}
	dim := obj.Dim()
	v := vectors(8, dim)
	m := &Meter{
		opt: opt, obj: objective.NewFullBatch(obj), brace: newBrace(opt.Rule, 0),
		gradient: v[0], factor: v[1], f: v[2], product: v[3], slope: v[4], trust: v[5], term: v[6], zero: v[7],
	}
	m.brace.resize(dim)
	if opt.Rule.Steady() && opt.Schedule.Constant() {
		return m, nil
	}
	var err error
	m.exact, err = NewExpansion(opt, m.obj, nil)
	return m, err
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
	m.brace.h = m.opt.StepSize(max(n, 0))
	m.brace.setStep(n)
	m.brace.evaluate(m.factor, m.gradient, theta)
	if err := m.differentiate(theta); err != nil {
		return r, fmt.Errorf("bea: Hessian-vector product at step %d: %w", n, err)
	}
	if err := m.drift(theta, n); err != nil {
		return r, err
	}
	tau := rule.MeanLag(n)
	m.bias(&r, m.opt.Schedule.Factor(max(n, 0)), 2*tau+1)
	m.judge(&r, m.opt.StepSize(max(n, 0)), tau)
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

// drift computes the bias. With settled averages and a constant learning rate it
// is bias_j = (h/2) factor_j (H F)_j; else it is read off the whole correction,
// which costs one gradient and at most two products more. (Weight decay adds
// (h/2) decay F to the velocity itself, which is no work on the gradient and is
// left out.)
func (m *Meter) drift(theta []float64, n int) error {
	h := m.opt.LR
	if m.exact == nil || n < 0 {
		for j, c := range m.factor {
			m.term[j] = h / 2 * c * m.product[j]
		}
		return nil
	}
	if err := m.exact.Correct(m.term, nil, n, theta, 0.5); err != nil {
		return err
	}
	eta, decay := m.opt.Schedule.Factor(n), m.opt.Rule.WeightDecay
	for j, p := range m.brace.p {
		if p == 0 {
			m.term[j] = 0
			continue
		}
		m.term[j] = h * (m.term[j] - 0.5*eta*decay*m.f[j]) / p
	}
	return nil
}

// bias fills in what the bias does. Its velocity is -eta P bias, with the
// schedule's factor eta.
func (m *Meter) bias(r *Reading, eta, scale float64) {
	size, rate, dot := 0.0, 0.0, 0.0
	penalized, anti := 0, 0
	for j, b := range m.term {
		size += math.Abs(b)
		dot += b * m.gradient[j]
		rate -= eta * m.slope[j] * m.brace.p[j] * b
		switch c := m.factor[j]; {
		case m.gradient[j] == 0 || math.Abs(c) <= neutral*scale:
		case c > 0:
			penalized++
		default:
			anti++
		}
	}
	count := float64(len(m.factor))
	r.Penalized, r.AntiPenalized = float64(penalized)/count, float64(anti)/count
	r.BiasRatio = ratio(size, OneNorm(m.gradient))
	r.NormRate = ratio(rate, m.norm())
	r.BiasCosine = ratio(ratio(dot, TwoNorm(m.gradient)), TwoNorm(m.term))
}

// norm is the function of the gradient whose gradient is H P g: the drift norm,
// or half the squared two-norm, times P, for a linear rule.
func (m *Meter) norm() float64 {
	rule := m.opt.Rule
	if rule.Linear() {
		two := TwoNorm(m.gradient)
		return m.brace.p[0] * two * two / 2
	}
	return DriftNorm(m.gradient, m.brace.epsilon(), rule.EpsMode)
}

// judge fills in the trust numbers. A rule without memory still averages over
// its own step, tau = 1/2.
func (m *Meter) judge(r *Reading, h, tau float64) {
	tau = max(tau, 0.5)
	linear, largest := m.opt.Rule.Linear(), Distance(m.gradient, m.zero)
	above := 0
	for j, p := range m.brace.p {
		x := h * tau * math.Abs(p*m.product[j])
		if linear { // the rule does not normalise: the largest gradient does
			x = ratio(h*tau*math.Abs(m.product[j]), largest)
		}
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
	copy(dst, m.term)
	return nil
}
