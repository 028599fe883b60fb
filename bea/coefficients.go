package bea

import (
	"math"

	"leeway/optim"
)

// Coefficients are the two numbers that decide an optimizer's bias in full
// batch. Coordinate j of the bias is
//
//	bias_j = (h/2) (A - B u_j) d_j,  0 <= u_j <= 1,
//
// with d the gradient of the drift norm, and u_j = g_j^2/(g_j^2 + eps) for eps
// inside the root, |g_j|/(|g_j| + eps) outside (arXiv 2309.00079): A alone where
// the gradient is small against eps, A - B where it is large.
type Coefficients struct {
	// A is (1+beta1)/(1-beta1) for Adam, B is (1+beta2)/(1-beta2).
	A, B float64
	// Switch is the |g_j| at which A - B u_j changes sign; 0 if it does not.
	Switch float64
}

// CoefficientsOf are the coefficients of a rule at step n of a constant
// learning rate, or in the limit for negative n.
func CoefficientsOf(rule *optim.Rule, n int) Coefficients {
	b := newBrace(rule, n)
	if rule.Eps == 0 && rule.Formula != "" && !rule.Linear() {
		// A formula of any shape: what it does at small and at large gradients.
		c := Coefficients{A: b.at(smallGradient)}
		if c.B = c.A - b.at(largeGradient); math.Abs(c.B) <= neutral*math.Abs(c.A) {
			c.B = 0
		}
		return c
	}
	if rule.Direction != nil {
		return Coefficients{} // no bias that is known
	}
	if rule.Eps == 0 {
		// No gradient is small against eps: A is what the first average says.
		a := 2*rule.Averages[0].MeanLag(n) + 1
		if rule.Nonsmooth {
			a = 0
		}
		return Coefficients{A: a, B: a - b.at(1)}
	}
	scale := epsScale(rule)
	c := Coefficients{A: b.at(scale / far)}
	if exact := 2*rule.Averages[0].MeanLag(n) + 1; math.Abs(c.A-exact) < neutral*exact {
		c.A = exact // what is read at a small gradient is rounded
	}
	c.B = c.A - b.at(scale*far)
	if c.A > 0 && c.Large() == AntiPenalized {
		c.Switch = scale * math.Sqrt(c.A/(c.B-c.A))
		if rule.EpsMode != optim.Inside {
			c.Switch = b.epsilon() * c.A / (c.B - c.A)
		}
	}
	return c
}

// The gradients at which the bias of a formula is read where nothing tells which
// ones are small and large for it.
const smallGradient, largeGradient = 1e-6, 1e3

// FactorOf is the factor c that multiplies (h/2) d_j in the bias of a coordinate
// with gradient g (see [Coefficients], whose A - B u_j it is for Adam), at step n
// of a constant learning rate, or in the limit for negative n.
func FactorOf(rule *optim.Rule, n int, g float64) float64 { return newBrace(rule, n).at(g) }

// Coefficient is A - B, what multiplies (h/2) d_j where gradients are large.
func (c Coefficients) Coefficient() float64 { return c.A - c.B }

// The two sides of the bias, as words.
const (
	Penalized     = "penalized"      // works for small gradients
	AntiPenalized = "anti-penalized" // works against them
	Neutral       = "neutral"
)

// neutral is the relative size below which a coefficient counts as zero.
const neutral = 1e-9

// Regime is the side of the bias with coefficient c, measured against scale.
func Regime(c, scale float64) string {
	switch {
	case math.Abs(c) <= neutral*math.Abs(scale):
		return Neutral
	case c > 0:
		return Penalized
	}
	return AntiPenalized
}

// Large and Small are the regimes of coordinates whose gradient is large or
// small against eps.
func (c Coefficients) Large() string { return Regime(c.Coefficient(), max(c.A, c.B)) }

// Small is the regime of coordinates whose gradient is small against eps.
func (c Coefficients) Small() string { return Regime(c.A, max(c.A, c.B, 1)) }

// NeutralBeta is the decay of the second average at which A - B is zero, with
// everything else as it is: beta1 for Adam.
func NeutralBeta(rule *optim.Rule) float64 {
	tau := rule.Averages[0].MeanLag(-1)
	return tau / (1 + tau)
}

// brace evaluates, for single gradients, the factor that multiplies (h/2) d_j in
// the bias of a coordinate with gradient g: the braces of arXiv 2309.00079 for
// Adam, and for any rule F = P s_0
//
//	2 sum_i dphi/ds_i q_i'(g) W_i (tau_i + 1/2) / P.
type brace struct {
	rule               *optim.Rule
	total, norm, lag   []float64
	h                  float64 // learning rate, for readouts that depend on it
	g, f, p, q, dtheta []float64
	s, ds              [][]float64
}

func newBrace(rule *optim.Rule, n int) *brace {
	r := len(rule.Averages)
	b := &brace{
		rule: rule, total: rule.NewTotals(), norm: make([]float64, r), lag: make([]float64, r),
		g: make([]float64, 1), f: make([]float64, 1), p: make([]float64, 1), q: make([]float64, 1),
		dtheta: make([]float64, 1), s: vectors(r, 1), ds: vectors(r, 1),
	}
	b.setStep(n)
	return b
}

// setStep makes b the braces of step n, or of the limit for negative n.
func (b *brace) setStep(n int) {
	b.rule.SetTotals(b.total, n, b.h)
	for i, a := range b.rule.Averages {
		b.lag[i], b.norm[i] = a.MeanLag(n), 1
		if !a.Corrected {
			b.norm[i] = b.total[i]
		}
	}
}

// resize prepares for evaluations on vectors of length dim.
func (b *brace) resize(dim int) {
	b.p, b.q, b.dtheta = make([]float64, dim), make([]float64, dim), make([]float64, dim)
	b.s, b.ds = vectors(len(b.lag), dim), vectors(len(b.lag), dim)
}

// at is the factor for one gradient component g.
func (b *brace) at(g float64) float64 {
	b.g[0] = g
	b.evaluate(b.f, b.g, b.g)
	return b.f[0]
}

// evaluate writes the factor of each coordinate to dst and leaves the
// preconditioner in b.p: 0 where the gradient leaves no trace in the direction.
func (b *brace) evaluate(dst, g, theta []float64) {
	for i, a := range b.rule.Averages {
		a.Of.Apply(b.s[i], g)
		for j := range g {
			b.s[i][j] *= b.norm[i]
		}
	}
	readout := b.rule.Readout
	precondition(b.p, b.rule, b.s, theta, b.total)
	readout.Partials(b.ds, b.dtheta, b.s, theta, b.total)
	clear(dst)
	for i, a := range b.rule.Averages {
		a.Of.Derivative(b.q, g)
		c := 2 * b.norm[i] * (b.lag[i] + 0.5)
		for j := range dst {
			dst[j] += c * b.ds[i][j] * b.q[j]
		}
	}
	for j, p := range b.p {
		// P multiplies s_0 = W_0 g, so that F = (P W_0) g.
		if p *= b.norm[0]; p > 0 {
			dst[j] /= p
		} else {
			dst[j] = 0
		}
		b.p[j] = p
	}
}

// precondition writes the factor P of F = P s_0 + decay theta to dst. For a
// readout that does not know its P it is the quotient (F - decay theta)/s_0 where
// the first average is one of the gradient, 0 where that is 0, and 1 for any other
// readout.
func precondition(dst []float64, rule *optim.Rule, s [][]float64, theta, total []float64) {
	if p, ok := rule.Readout.(optim.Preconditioned); ok {
		p.Scale(dst, s, total)
		return
	}
	if rule.Averages[0].Of != optim.Identity {
		for j := range dst {
			dst[j] = 1
		}
		return
	}
	rule.Readout.Direction(dst, s, theta, total)
	for j, first := range s[0] {
		dst[j] -= rule.WeightDecay * theta[j]
		if first != 0 {
			dst[j] /= first
		} else {
			dst[j] = 0
		}
	}
}

// epsilon is the constant that stands in the denominator at this step.
func (b *brace) epsilon() float64 {
	if b.rule.EpsMode == optim.OutsideUncorrected {
		return b.rule.Eps / math.Sqrt(b.total[1])
	}
	return b.rule.Eps
}
