package bea

import (
	"fmt"
	"math"

	"leeway/optim"
)

// ModifiedLoss is a loss that an optimizer follows, up to O(h^2), in place of
// the E it was given, in full batch at a constant learning rate h once its
// memory has settled:
//
//	Em = E + h K (N(g) + decay (g.theta - E)),
//	theta' = -(1 + h decay/2) (P grad Em + decay theta),
//
// with the diagonal P of F = P g + decay theta, and N the function of the
// gradient whose own gradient is H P g. Coupled decay (L2) is part of E and g.
//
// For fixed eps adaptive rules have no modified loss, because what stands for K
// depends on the coordinate; they have one in the two limits of eps.
type ModifiedLoss struct {
	Formula string // Em in plain text
	Metric  string // P in plain text
	Note    string // when it holds

	k, decay, l2 float64
	// twoNorm is the factor of |g|_2^2 in N; 0 means that N is |g|_1.
	twoNorm float64
}

// ModifiedLossOf is the modified loss of a rule, if it has one.
//
//   - Gradient descent: E + (h/4)|g|_2^2 (Barrett and Dherin, arXiv 2009.11162).
//   - Heavy ball with averaging: E + (h/4)(1+beta)/(1-beta) |g|_2^2; in Polyak's
//     form E + h (1+beta)/(4 (1-beta)^2) |g|_2^2 (Kovachki and Stuart; Ghosh et al.).
//   - Nesterov: E + h (1-beta+2 beta^2)/(4 (1-beta)^2) |g|_2^2.
//   - Adam and relatives, gradients large against eps: E + h (tau_1 - tau_2)
//     |g|_1 (arXiv 2309.00079); AdamW, with decay, arXiv 2502.02132. For the
//     other limit see [ModifiedLossAtLargeEps].
//   - Sign rules: E itself.
//
// A rule of one's own has one if it is [optim.Preconditioned] and tends to one of
// these shapes.
func ModifiedLossOf(rule *optim.Rule) (ModifiedLoss, bool) {
	b, ok := shape(rule)
	if !ok {
		return ModifiedLoss{}, false
	}
	if p, factor, constant := b.linear(1); constant {
		return newModified(rule, factor/2, p, fmt.Sprintf("P = %.6g", p),
			"holds up to O(h^2) once the memory has settled"), true
	}
	at := 1.0
	if rule.Eps > 0 {
		at = far * epsScale(rule)
	}
	if !b.sign(at) {
		return ModifiedLoss{}, false
	}
	note := "holds where every |g_j| is large against eps"
	switch {
	case rule.EpsMode == optim.Inside && rule.Eps > 0 && !rule.Nonsmooth:
		note = "holds where every |g_j| is large against sqrt(eps)"
	case rule.Nonsmooth:
		note = "holds while no gradient changes sign"
	case rule.Eps == 0:
		note = "holds while no gradient changes sign, up to O(h^2)"
	}
	return newModified(rule, b.at(at)/2, 0, "P = 1/|g|", note), true
}

// ModifiedLossAtLargeEps is the modified loss of an adaptive rule where every
// |g_j| is small against eps (against its root, where it stands inside): heavy
// ball with averaging at learning rate h/sqrt(eps) (arXiv 2309.00079). Other
// rules have none.
func ModifiedLossAtLargeEps(rule *optim.Rule) (ModifiedLoss, bool) {
	b, ok := shape(rule)
	if !ok || rule.Eps == 0 {
		return ModifiedLoss{}, false
	}
	p, factor, constant := b.linear(epsScale(rule) / far)
	if !constant {
		return ModifiedLoss{}, false
	}
	return newModified(rule, factor/2, p, fmt.Sprintf("P = %.6g", p), "holds where every |g_j| is small against eps"), true
}

// far is how many times larger or smaller than eps a gradient is in the limits.
const far = 1e12

// epsScale is the size of a gradient that eps weighs as much as.
func epsScale(rule *optim.Rule) float64 {
	if rule.EpsMode == optim.Inside {
		return math.Sqrt(rule.Eps)
	}
	return rule.Eps
}

// shape returns the braces of a rule of the form F = P s_0 + decay theta.
func shape(rule *optim.Rule) (*brace, bool) {
	if _, ok := rule.Readout.(optim.Preconditioned); !ok || rule.Averages[0].Of != optim.Identity || rule.Direction != nil {
		return nil, false
	}
	return newBrace(rule, -1), true
}

// linear returns P and the braces at gradients of size g, and whether P does not
// depend on the gradient there.
func (b *brace) linear(g float64) (p, factor float64, ok bool) {
	b.at(1.5 * g)
	p = b.p[0]
	factor = b.at(g)
	return b.p[0], factor, math.Abs(b.p[0]-p) <= 1e-9*p
}

// sign reports whether P = 1/|g| at gradients of size g.
func (b *brace) sign(g float64) bool {
	for _, g := range []float64{1.5 * g, g} {
		if b.at(g); math.Abs(b.p[0]*g-1) > 1e-9 {
			return false
		}
	}
	return true
}

func newModified(rule *optim.Rule, k, p float64, metric, note string) ModifiedLoss {
	m := ModifiedLoss{Metric: metric, Note: note, k: k, twoNorm: p / 2, decay: rule.WeightDecay, l2: rule.L2}
	if math.Abs(k) < neutral*(rule.MeanLag(-1)+0.5) {
		m.k = 0
	}
	coefficient, norm := m.k, "|g|_1"
	if p != 0 {
		coefficient, norm = m.k*m.twoNorm, "|g|_2^2"
	}
	m.Formula = "E"
	if coefficient != 0 {
		sign := '+'
		if coefficient < 0 {
			sign = '-'
		}
		m.Formula += fmt.Sprintf(" %c %.6g h %s", sign, math.Abs(coefficient), norm)
		if m.decay != 0 {
			m.Formula += fmt.Sprintf(" %c %.6g h (g.theta - E)", sign, math.Abs(m.k*m.decay))
		}
	}
	if m.l2 != 0 {
		m.Formula += fmt.Sprintf(", E and g with %.6g |theta|_2^2 added to the loss", m.l2/2)
	}
	return m
}

// Value is the modified loss at theta, given loss and gradient g there (without
// coupled decay), at learning rate h.
func (m ModifiedLoss) Value(loss float64, g, theta []float64, h float64) float64 {
	norm, along := 0.0, 0.0
	for j, x := range g {
		t := theta[j]
		loss += m.l2 / 2 * t * t
		x += m.l2 * t
		along += x * t
		if m.twoNorm != 0 {
			norm += m.twoNorm * x * x
		} else {
			norm += math.Abs(x)
		}
	}
	return loss + h*m.k*(norm+m.decay*(along-loss))
}
