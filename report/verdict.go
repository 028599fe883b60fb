package report

import (
	"fmt"
	"strings"

	"leeway/trace"
)

// badge is a verdict as a word with a tone, so that no meaning is in colour
// alone.
type badge struct {
	Tone string // "good", "fair", "poor" or "plain"
	Mark string // a sign of the same meaning
	Word string
}

// statusBadge judges the status of a run or process.
func statusBadge(status string) badge {
	switch status {
	case trace.StatusDone:
		return badge{"good", "✓", "done"}
	case trace.StatusRunning, trace.StatusInterrupted:
		return badge{"fair", "…", status}
	case trace.StatusDiverged, trace.StatusRunaway, trace.StatusStiff:
		return badge{"poor", "✕", status}
	case "":
		return badge{"plain", "?", "unknown"}
	}
	return badge{"plain", "•", status}
}

// trustBadge judges the trust verdict.
func trustBadge(verdict string) badge {
	switch verdict {
	case trace.Holds:
		return badge{"good", "✓", verdict}
	case trace.Doubtful:
		return badge{"fair", "!", verdict}
	case trace.DoesNotHold:
		return badge{"poor", "✕", verdict}
	case "", trace.NotMeasured:
		return badge{"plain", "?", trace.NotMeasured}
	}
	return badge{"plain", "•", verdict}
}

// epsFormula says what an epsilon mode means.
func epsFormula(mode string) string {
	switch mode {
	case "inside":
		return "√(v + ε), as in the paper"
	case "outside":
		return "√v + ε, as in PyTorch"
	case "outside_uncorrected":
		return "√v + ε before the bias correction of v, as in TensorFlow"
	}
	return ""
}

// tile is one key number.
type tile struct {
	Label, Value, Note string
	Badge              *badge
}

// tiles returns the row of key numbers.
func (r Run) tiles() []tile {
	t, trust := r.Summary.Theory, r.Summary.Trust
	all := []tile{}
	if t.A != 0 || t.B != 0 {
		all = append(all, tile{
			Label: "Coefficient a − b",
			Value: number(t.Coefficient),
			Note:  fmt.Sprintf("a = %s, b = %s. %s", number(t.A), number(t.B), regimeNote("Large gradients", t.RegimeLargeGradient)),
		})
		switchNote := "the bias has the same sign at every gradient"
		value := "none"
		if t.SwitchGradient > 0 {
			value = number(t.SwitchGradient)
			switchNote = regimeNote("below it", t.RegimeSmallGradient) + ", " + regimeNote("above it", t.RegimeLargeGradient)
		}
		all = append(all, tile{Label: "Switch gradient |g|", Value: value, Note: strings.Trim(switchNote, ", ")})
	}
	verdict := trustBadge(trust.Verdict)
	note := ""
	if verdict.Tone != "plain" {
		note = fmt.Sprintf("trust number: maximum %s, 99th percentile %s; %s of coordinates above 0.5",
			number(float64(trust.Max)), number(float64(trust.P99)), percent(float64(trust.Share)))
	}
	if r.flows() || verdict.Tone != "plain" {
		all = append(all, tile{Label: "The theorem’s flow", Note: note, Badge: &verdict})
	}
	for _, rung := range r.ladder() {
		if rung.Badge == nil { // it went all the way
			all = append(all, tile{Label: "Nearest process", Value: rung.Name, Note: strings.Trim("at most "+rung.Distance+" away, "+rung.Against, ", ")})
			break
		}
	}
	return all
}

// flows reports whether anything but the optimizer was run.
func (r Run) flows() bool { return len(r.Summary.Distance) > 0 }

// asked says how far the flow can be trusted and what the bias did, where either was
// measured or there are flows to which it matters.
func (r Run) asked() []string {
	var sentences []string
	for _, x := range []struct{ quantity, sentence string }{{"trust_max", r.Summary.Trust.Sentence}, {"bias_ratio", r.Summary.Bias.Sentence}} {
		if _, measured := r.Summary.Final[x.quantity]; measured || r.flows() {
			sentences = append(sentences, x.sentence)
		}
	}
	return sentences
}

// regimeNote writes "below it penalized", or nothing where there is no regime.
func regimeNote(where, regime string) string {
	if regime == "" {
		return ""
	}
	return where + " " + regime
}
