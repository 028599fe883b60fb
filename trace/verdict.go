package trace

import (
	"fmt"
	"math"
	"strconv"

	"leeway/bea"
)

// Verdicts on the corrected flow.
const (
	Holds       = "holds"
	Doubtful    = "doubtful"
	DoesNotHold = "does not hold"
	NotMeasured = "not measured"
)

// lasting is the mean share of coordinates above bea.TrustBound from which on
// the correction is not to be believed.
const lasting = 0.01

// verdict judges by the trust numbers alone: everywhere below the bound where
// the correction helps, or not, and then whether a lasting share is above.
func verdict(t TrustSummary) string {
	switch {
	case math.IsNaN(float64(t.Max)):
		return NotMeasured
	case float64(t.Max) < bea.TrustHelps:
		return Holds
	case float64(t.Share) >= lasting:
		return DoesNotHold
	}
	return Doubtful
}

// biasSentence says in words what the bias did.
func (s *Summary) biasSentence() string {
	b := s.Bias
	if math.IsNaN(float64(b.Ratio)) {
		return "The bias was not measured."
	}
	direction := "lowered"
	if b.NormRate > 0 {
		direction = "raised"
	}
	if b.Ratio == 0 {
		return "There was no bias: the correction vanishes."
	}
	return fmt.Sprintf("On average along the run the bias was %s %% of the gradient's one-norm, worked against small gradients in %.0f %% of the coordinates and for them in %.0f %%, and by itself %s the perturbed one-norm at a relative rate of %.2g per unit of time.",
		brief(float64(100*b.Ratio)), 100*b.AntiPenalized, 100*b.Penalized, direction, math.Abs(float64(b.NormRate)))
}

// trustSentence says in words whether the corrected flow is to be believed, and
// what the run itself showed.
func (s *Summary) trustSentence() string {
	t := s.Trust
	var text string
	switch t.Verdict {
	case NotMeasured:
		return "Trust was not measured."
	case Holds:
		text = fmt.Sprintf("The theorem's flow holds here: within the optimizer's memory no gradient changed by more than %.2g of its size (bound %.2g).", t.Max, bea.TrustHelps)
	case Doubtful:
		text = fmt.Sprintf("Whether the theorem's flow holds here is doubtful: within the optimizer's memory some gradient changed by %.2g of its size (bound %.2g), but only %.2g %% of the coordinates were above %.2g.", t.Max, bea.TrustHelps, 100*t.Share, bea.TrustBound)
	default:
		text = fmt.Sprintf("The theorem's flow does not hold here: within the optimizer's memory gradients changed by up to %.2g of their size, by more than %.2g in %.2g %% of the coordinates; the expansion asks for little change.", t.Max, bea.TrustBound, 100*t.Share)
	}
	one, ok1 := s.Distance["flow-1"]
	two, ok2 := s.Distance["flow-2"]
	if p := s.Processes["flow-2"]; ok2 && p.Status == StatusRunaway {
		return text + fmt.Sprintf(" In this run flow-2 ran away at step %d.", p.Step)
	}
	if ok1 && ok2 && one > 0 && two > 0 {
		if two < one {
			text += fmt.Sprintf(" In this run flow-2 stayed %s times nearer to the optimizer than flow-1.", brief(float64(one/two)))
		} else {
			text += fmt.Sprintf(" In this run flow-2 went %s times further from the optimizer than flow-1.", brief(float64(two/one)))
		}
	}
	return text
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
