package trace

import (
	"fmt"
	"math"
	"strconv"

	"leeway/bea"
	"leeway/optim"
)

// Verdicts on the corrected flow.
const (
	Holds       = "holds"
	Doubtful    = "doubtful"
	DoesNotHold = "does not hold"
	NotMeasured = "not measured"
	NoPromise   = "no promise" // the rule steps by signs
)

// lasting is the mean share of coordinates above bea.TrustBound from which on
// the correction is not to be believed.
const lasting = 0.01

// passing is the mean share above it that does not matter: of a network with
// thousands of parameters, a few are above at any time.
const passing = 0.001

// verdict judges by the trust numbers: 99 of 100 coordinates below the bound where
// the correction helps, or not, and then whether a lasting share is above. That
// much is only doubtful where the predicted drift agrees with the realised one.
func verdict(t TrustSummary) string {
	switch {
	case math.IsNaN(float64(t.Max)):
		return NotMeasured
	case float64(t.P99) < bea.TrustHelps && float64(t.Share) < passing:
		return Holds
	case float64(t.Share) >= lasting && !(t.DriftCosine > 0.8 && t.DriftRatio > 0.5 && t.DriftRatio < 2):
		return DoesNotHold
	}
	return Doubtful
}

// normOf is what the bias of a rule works on, in words.
func normOf(rule *optim.Rule) string {
	switch {
	case rule.Linear():
		return "squared two-norm of the gradient"
	case rule.Eps > 0 && rule.EpsMode != optim.Inside:
		return "one-norm of the gradient (up to eps)"
	}
	return "perturbed one-norm of the gradient"
}

// noBias is the ratio of bias to gradient below which the bias is rounding.
const noBias = 1e-12

// biasSentence says in words what the bias did.
func (s *Summary) biasSentence(rule *optim.Rule) string {
	b := s.Bias
	switch {
	case math.IsNaN(float64(b.Ratio)):
		return "The bias was not measured."
	case rule.Nonsmooth:
		return "A rule that steps by signs has no bias of this kind."
	case b.Ratio < noBias:
		return "There was no bias on the gradient: the correction vanishes."
	}
	direction := "lowered"
	if b.NormRate > 0 {
		direction = "raised"
	}
	return fmt.Sprintf("In the median over the measured steps the bias was %s %% of the gradient's one-norm and by itself %s the %s at a relative rate of %.2g per unit of time. It worked against small gradients in %.0f %% of the coordinates and for them in %.0f %%, on average.",
		brief(float64(100*b.Ratio)), direction, normOf(rule), math.Abs(float64(b.NormRate)), 100*b.AntiPenalized, 100*b.Penalized)
}

// trustSentence says in words whether the corrected flow is to be believed, and
// what the run itself showed.
func (s *Summary) trustSentence() string {
	t := s.Trust
	var text string
	switch t.Verdict {
	case NotMeasured:
		text = "Trust was not measured."
	case NoPromise:
		text = "The theory promises nothing for a rule that steps by signs: it has no derivative where a gradient changes sign."
	case Holds:
		holds := "The theorem's flow holds here"
		if one, two, ok := s.compared(); ok && two >= one {
			holds = "By the trust number the theorem's flow should hold here"
		}
		which, most := "no gradient", t.Max
		if most > 1.25*t.P99 { // of a few parameters the percentile is the largest
			which, most = "no gradient in 99 of 100 coordinates", t.P99
		}
		text = fmt.Sprintf("%s: within the optimizer's memory %s changed by more than %.2g of its size at the measured steps (bound %.2g).", holds, which, most, bea.TrustHelps)
	case Doubtful:
		text = fmt.Sprintf("Whether the theorem's flow holds here is doubtful: within the optimizer's memory some gradient changed by %.2g of its size (bound %.2g), and %s of the coordinates were above %.2g.", t.Max, bea.TrustHelps, percent(t.Share), bea.TrustBound)
		if float64(t.Share) >= lasting {
			text += " But the drift that was predicted agrees with the real one."
		}
	default:
		text = fmt.Sprintf("The theorem's flow does not hold here: within the optimizer's memory gradients changed by up to %.2g of their size, by more than %.2g in %s of the coordinates; the expansion asks for little change.", t.Max, bea.TrustBound, percent(t.Share))
	}
	return text + s.comparison()
}

// compared returns the distances of flow-1 and flow-2 where both went equally
// far.
func (s *Summary) compared() (one, two Number, ok bool) {
	one, ok1 := s.Distance["flow-1"]
	two, ok2 := s.Distance["flow-2"]
	same := s.Processes["flow-1"].Step == s.Processes["flow-2"].Step
	return one, two, ok1 && ok2 && same && one > 0 && two > 0
}

// comparison says how the two flows fared in the run itself.
func (s *Summary) comparison() string {
	if s.Modified != 0 {
		return "" // the flows do not follow a modified optimizer
	}
	switch p := s.Processes["flow-2"]; p.Status {
	case StatusRunaway:
		return fmt.Sprintf(" In this run flow-2 ran away at step %d.", p.Step)
	case StatusStiff, StatusDiverged:
		return fmt.Sprintf(" In this run flow-2 stopped at step %d (%s).", p.Step, p.Status)
	}
	one, two, ok := s.compared()
	switch {
	case !ok:
		return ""
	case two > one*0.95 && two < one*1.05:
		return " In this run flow-2 was as near to the optimizer as flow-1."
	case two < one:
		return fmt.Sprintf(" In this run flow-2 stayed %s times nearer to the optimizer than flow-1.", brief(float64(one/two)))
	}
	return fmt.Sprintf(" In this run flow-2 went %s times further from the optimizer than flow-1.", brief(float64(two/one)))
}

// percent writes a share, averaged over the run, in words.
func percent(share Number) string {
	switch p := 100 * float64(share); {
	case p == 0:
		return "none"
	case p < 0.1:
		return "less than 0.1 %"
	default:
		return brief(p) + " %"
	}
}

// brief writes a number with two significant digits, without an exponent where
// people would not write one.
func brief(x float64) string {
	text := strconv.FormatFloat(x, 'g', 2, 64)
	if rounded, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(rounded) < 1e6 {
		return strconv.FormatFloat(rounded, 'g', -1, 64)
	}
	return text
}
