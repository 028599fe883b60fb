package trace

import (
	"math"

	"leeway/curvature"
	"leeway/optim"
)

// stabilityLine is the curvature lambda at which an optimizer with the direction
// s + decay theta, s the value of the average a, begins to oscillate with growing
// amplitude at step n: the loss lambda theta^2 / 2 then has the solution (-1)^n,
// in which a memory holds M = Gain lambda / (1 + Decay) and
//
//	s = (New - Old) M + Direct lambda = 2 / h - decay.
//
// It is 2/h for gradient descent, 2 (1+beta) / ((1-beta) h) for heavy ball in the
// form of an exponential average, and what package curvature has for the others.
func stabilityLine(a optim.Average, h, decay float64) float64 {
	return (2/h - decay) / ((a.New-a.Old)*a.Gain/(1+a.Decay) + a.Direct)
}

// sharpnessLine is the line of the largest eigenvalue of the Hessian of the
// training loss at step n: of the optimizer itself if it steps by the gradient, of
// plain gradient descent if it normalises. Coupled decay adds to the curvature what
// it takes off the line; a corrected momentum has a line that is lower by its
// missing weights.
func sharpnessLine(o optim.Optimizer, n int) float64 {
	h, rule := o.StepSize(n), o.Rule
	if !rule.Linear() {
		return curvature.GradientDescentLine(h)
	}
	a := rule.Averages[0]
	line := stabilityLine(a, h, rule.WeightDecay)
	if a.Corrected {
		line *= a.TotalWeight(n)
	}
	return line - rule.L2
}

// preconditionedLine is the line of the largest eigenvalue of P^-1 H at step n,
// (2 + 2 beta1) / ((1 - beta1) h) for Adam.
func preconditionedLine(o optim.Optimizer, n int) float64 {
	return stabilityLine(o.Rule.Averages[0], o.StepSize(n), o.Rule.WeightDecay)
}

// frozen stands for an infinite P where the second moment and eps are zero: no
// gradient was ever seen there, and the optimizer does not move.
const frozen = 1e300

// precondition returns P^(-1/2) (H + L2) P^(-1/2) with the denominator P by which
// the optimizer has just divided: its own reading of its second moment, whatever
// the place of eps. A corrected first moment is larger than a plain one while it
// fills up, which counts as a smaller P.
//
// Source: J. Cohen et al., "Adaptive Gradient Methods at the Edge of Stability",
// arXiv 2207.14484.
func precondition(h curvature.Operator, rule *optim.Rule, state *optim.State) (curvature.Operator, error) {
	total := rule.NewTotals()
	rule.SetTotals(total, state.Steps()-1, 0)
	second := append([]float64(nil), state.Memory(1)...)
	if e := state.Exponent(); e != 0 {
		for j := range second {
			second[j] = math.Ldexp(second[j], -2*e)
		}
	}
	if rule.Averages[1].Corrected {
		for j := range second {
			second[j] /= total[1]
		}
	}
	p := make([]float64, len(second))
	rule.Readout.(optim.Preconditioned).Scale(p, [][]float64{second, second}, total)
	weight := 1.0
	if rule.Averages[0].Corrected {
		weight = total[0]
	}
	for j, scale := range p {
		p[j] = frozen
		if scale > 0 {
			p[j] = weight / scale
		}
	}
	if rule.L2 != 0 {
		h = curvature.NewAffine(h, 1, rule.L2)
	}
	return curvature.NewPreconditioned(h, p)
}
