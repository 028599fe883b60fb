package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"leeway/bea"
	"leeway/explain"
	"leeway/trace"
)

// summary writes what a run found, for people.
func (s *screen) summary(r *trace.Summary) {
	ended := fmt.Sprintf("%s after %d of %d steps, %s of computing", r.Status, r.Steps, r.Planned, seconds(r.Seconds))
	s.printf("\n%s\n", s.paint(statusColour(r.Status), ended))
	if r.Diverged != "" {
		s.prose("The optimizer diverged: " + r.Diverged + ". That is a result: the summary ends where it did.")
	}
	if r.Stopped != "" {
		s.prose("Ended before the last step by its stop condition, at " + r.Stopped + ".")
	}
	if r.Modified != 0 {
		s.prose(fmt.Sprintf("%s times the bias term was added to every step; the flows are those of the optimizer without it.", short(r.Modified, -1)))
	}
	s.head("What theory says")
	s.facts([2]string{"coefficient", coefficientWords(&r.Theory)}, [2]string{"gradients", regimeWords(&r.Theory)})
	if r.Theory.RegimeLargeGradient == "" {
		s.prose(r.Theory.Sentence)
	}
	if len(r.Distance) > 0 {
		s.head("How far each process is from the optimizer")
		s.processes(r)
	}
	// Where there are no flows and nothing was asked about the bias, nothing is missing.
	if _, measured := r.Final["trust_max"]; measured || len(r.Distance) > 0 {
		s.trust(&r.Trust)
	}
	if _, measured := r.Final["bias_ratio"]; measured || len(r.Distance) > 0 {
		s.head("What the bias did")
		s.prose(r.Bias.Sentence)
	}
	s.curvature(r.Curvature)
	s.finals(r)
}

func final(r *trace.Summary, quantity string, write func(float64) string) string {
	x, ok := r.Final[quantity]
	if !ok {
		return ""
	}
	return write(float64(x))
}

// coefficientWords writes a - b and what is made of it.
func coefficientWords(e *explain.Explanation) string {
	if e.RegimeLargeGradient == "" {
		return "" // the theory says nothing of the rule
	}
	if e.Factors != nil {
		same, all := true, []string(nil)
		for _, f := range e.Factors {
			all = append(all, short(f.Factor, 4)+" at |g_j| = "+short(f.Gradient, 4))
			same = same && short(f.Factor, 4) == short(e.Factors[0].Factor, 4)
		}
		if same {
			return "c = " + short(e.Factors[0].Factor, 4) + " at every size of the gradient"
		}
		return "c = " + strings.Join(all, ", ")
	}
	return fmt.Sprintf("a - b = %s - %s = %s; times h/2: %s", short(e.A, 6), short(e.B, 6), short(e.Coefficient, 6), short(e.HalfHCoefficient, 4))
}

// regimeWords writes the regimes on both sides of the switch gradient.
func regimeWords(e *explain.Explanation) string {
	if e.Factors != nil || e.RegimeLargeGradient == "" {
		return "" // the sentence says it
	}
	if e.SwitchGradient > 0 {
		at := short(e.SwitchGradient, 3)
		return fmt.Sprintf("%s where |g_j| > %s, %s where |g_j| < %s", e.RegimeLargeGradient, at, e.RegimeSmallGradient, at)
	}
	if e.RegimeLargeGradient == e.RegimeSmallGradient || e.Eps == 0 {
		return e.RegimeLargeGradient + " at every size"
	}
	return fmt.Sprintf("%s where large against sqrt(eps), %s where small", e.RegimeLargeGradient, e.RegimeSmallGradient)
}

// processes is the table of processes, with reasons under it.
func (s *screen) processes(r *trace.Summary) {
	t := table{
		titles: []string{"process", "distance", "order", "against flow-1", "integration error", "time", "status"},
		left:   map[int]bool{3: true, 6: true},
	}
	var reasons []string
	for _, name := range trace.ProcessNames() {
		p, ok := r.Processes[name]
		distance, follows := r.Distance[name]
		if !ok || !follows {
			continue
		}
		order, status := "none", p.Status
		if p.Order > 0 {
			order = fmt.Sprint(p.Order)
		}
		if p.Status != trace.StatusDone && p.Status != trace.StatusRunning {
			status = fmt.Sprintf("%s at step %d", p.Status, p.Step)
		}
		if p.Reason != "" {
			reasons = append(reasons, name+": "+p.Reason)
		}
		integration := ""
		if !strings.HasPrefix(name, "memoryless") {
			integration = short(float64(p.IntegrationError), 2)
		}
		t.add(append(plain(name, short(float64(distance), 3), order, against(r, name), integration, seconds(p.Seconds)), cell{status, statusColour(p.Status)})...)
	}
	t.write(s)
	s.prose("Distance: the largest coordinate difference to the optimizer's iterate, over the whole run. Order: the power of the learning rate by which theory promises it to shrink.")
	for _, reason := range reasons {
		s.prose(reason)
	}
}

// against compares a process with the flow that has no correction. Where the
// process stopped early, its distance is of another stretch.
func against(r *trace.Summary, name string) string {
	base, ok := r.Distance["flow-1"]
	distance := float64(r.Distance[name])
	ratio := float64(base) / distance
	switch {
	case !ok, name == "flow-1", !(ratio > 0), math.IsInf(ratio, 0), r.Processes[name].Step != r.Processes["flow-1"].Step:
		return ""
	case math.Abs(ratio-1) < 0.05:
		return "as near"
	case ratio > 1:
		return factor(ratio) + " x nearer"
	}
	return factor(1/ratio) + " x further"
}

// factor writes a ratio of at least 1 with two digits.
func factor(ratio float64) string {
	text := short(ratio, 2)
	if x, err := strconv.ParseFloat(text, 64); err == nil && x < 1e6 {
		return short(x, -1)
	}
	return text
}

// trust is the verdict on the corrected flow, in words and numbers.
func (s *screen) trust(t *trace.TrustSummary) {
	colour := map[string]string{trace.Holds: green, trace.Doubtful: yellow, trace.DoesNotHold: red}[t.Verdict]
	s.head("Does the theorem's flow hold here?  " + s.paint(colour, t.Verdict))
	if t.Verdict != trace.NotMeasured {
		s.facts(
			[2]string{"trust number", fmt.Sprintf("largest %s, 99th percentile %s, above %s in %s of the coordinates",
				short(float64(t.Max), 2), short(float64(t.P99), 2), short(bea.TrustBound, 2), share(float64(t.Share)))},
			[2]string{"drift", driftWords(t)},
		)
	}
	s.prose(t.Sentence)
}

// driftWords compares the drift that the correction predicts with the real one.
func driftWords(t *trace.TrustSummary) string {
	if math.IsNaN(float64(t.DriftCosine)) {
		return ""
	}
	return fmt.Sprintf("predicted and real: cosine %s, ratio of sizes %s", short(float64(t.DriftCosine), 3), short(float64(t.DriftRatio), 3))
}

// statusColour is green for what went to its end.
func statusColour(status string) string {
	switch status {
	case trace.StatusDone:
		return green
	case trace.StatusRunning, trace.StatusInterrupted:
		return yellow
	}
	return red
}
