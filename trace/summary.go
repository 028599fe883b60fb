package trace

import (
	"math"
	"strings"

	"leeway/explain"
)

// Statuses of a run and of a process. A run that diverges is a result, not a
// failure of the program.
const (
	StatusRunning     = "running"     // not at its end yet
	StatusDone        = "done"        // went to its last step
	StatusInterrupted = "interrupted" // stopped early, resumable
	StatusDiverged    = "diverged"    // a quantity became infinite or NaN
	StatusRunaway     = "runaway"     // a corrected flow left the theorem's useful range
	StatusStiff       = "stiff"       // the integrator could not resolve the flow
)

// Summary is what a run found, as stored in run.json and printed.
type Summary struct {
	Status string `json:"status"`
	// Steps taken by the optimizer, out of Planned.
	Steps   int `json:"steps"`
	Planned int `json:"planned"`
	// Rows is the number of measured steps, the rows of metrics.csv.
	Rows int `json:"rows"`
	// Diverged names the step and the quantity that stopped being finite.
	Diverged string `json:"diverged,omitempty"`
	// Stopped names the step and the condition that ended the run before its
	// last planned step.
	Stopped string `json:"stopped,omitempty"`
	// Crossed are the thresholds of the training loss that were reached.
	Crossed []Crossing `json:"crossed,omitempty"`
	// Modified is the multiple of the bias term that was added to the optimizer.
	Modified float64 `json:"modified,omitempty"`
	// Theory is what the hyperparameters alone imply.
	Theory explain.Explanation `json:"theory"`
	// Distance is, for each process but the optimizer, the largest l-infinity
	// distance over the run between its state and the optimizer's iterate.
	Distance map[string]Number `json:"distance"`
	// Processes says how each process fared, by name.
	Processes map[string]ProcessSummary `json:"processes"`
	// Final holds the optimizer's last measured quantities, by name ("loss",
	// "accuracy", "perturbed_one_norm", ...).
	Final map[string]Number `json:"final"`
	// Bias says what the bias term did along the run.
	Bias BiasSummary `json:"bias"`
	// Trust says whether the corrected flow is to be believed here.
	Trust TrustSummary `json:"trust"`
	// Curvature holds the eigenvalues that were measured against their stability
	// lines, by name ("sharpness", "preconditioned").
	Curvature map[string]EdgeSummary `json:"curvature,omitempty"`
	// Measuring says what the measurements cost.
	Measuring MeasuringSummary `json:"measuring"`
	// Seconds of computing, over all sessions of the run.
	Seconds float64 `json:"seconds"`
}

// ProcessSummary says how one process fared.
type ProcessSummary struct {
	Status string `json:"status"`
	Step   int    `json:"step"` // the last step it reached
	// Reason is one sentence where the process stopped early.
	Reason string `json:"reason,omitempty"`
	// Order is the order of accuracy in h that theory promises, 0 for none.
	Order int `json:"order"`
	// IntegrationError estimates the part of the distance that is due to the
	// integrator and not to the flow (sum of local error estimates, max norm).
	IntegrationError Number `json:"integration_error"`
	// Gradients and HVPs are what the process cost.
	Gradients int     `json:"gradients"`
	HVPs      int     `json:"hvps"`
	Seconds   float64 `json:"seconds"`
}

// BiasSummary says what the bias term did along the run.
type BiasSummary struct {
	// AntiPenalized is the mean share of coordinates where the bias works
	// against small gradients; Penalized where it works for them.
	AntiPenalized Number `json:"anti_penalized"`
	Penalized     Number `json:"penalized"`
	// Ratio is the median of |bias|_1 / |g|_1.
	Ratio Number `json:"ratio"`
	// NormRate is the median rate at which the bias alone changes the norm that
	// it works on (see bea.Reading), per unit of time n h, relative to the norm.
	NormRate Number `json:"norm_rate"`
	// Sentence says it in words.
	Sentence string `json:"sentence"`
}

// TrustSummary says whether the corrected flow is to be believed.
type TrustSummary struct {
	// Verdict is "holds", "doubtful", "does not hold", "no promise" or "not
	// measured".
	Verdict string `json:"verdict"`
	// Max, P99 and Share are the largest trust number x over the run, the
	// largest 99th percentile, and the mean share of coordinates with x > 0.5.
	Max   Number `json:"max"`
	P99   Number `json:"p99"`
	Share Number `json:"share"`
	// DriftCosine and DriftRatio compare the predicted drift h*Corr with the
	// realised one: mean cosine, median ratio of sizes predicted / realised.
	DriftCosine Number `json:"drift_cosine"`
	DriftRatio  Number `json:"drift_ratio"`
	// Sentence says it in words.
	Sentence string `json:"sentence"`
}

// Summary says what the run found so far.
func (r *Runner) Summary() Summary {
	s := Summary{
		Status: r.status, Steps: r.Step(), Planned: r.setup.Steps, Rows: r.digest.rows, Diverged: r.diverged,
		Stopped: r.watch.reason, Crossed: r.watch.crossed, Modified: r.setup.Bias,
		Theory:   explain.Of(r.setup.Optimizer),
		Distance: map[string]Number{}, Processes: map[string]ProcessSummary{}, Final: map[string]Number{},
		Seconds: r.elapsed(),
	}
	finished := r.status == StatusDone || r.status == StatusDiverged
	lead := ProcessSummary{Status: r.status, Step: r.Step(), Reason: r.diverged, Seconds: r.lead.seconds}
	lead.Gradients = r.lead.gradients()
	s.Processes[Discrete] = lead
	for _, f := range r.followers {
		s.Processes[f.name] = f.summary(finished)
		s.Distance[f.name] = Number(f.worst)
		if f.worst == 0 && !f.alive() {
			s.Distance[f.name] = Number(math.NaN()) // stopped before it could be compared
		}
	}
	for column, i := range r.digest.columns {
		if quantity, ok := strings.CutPrefix(column, Discrete+"/"); ok && r.digest.rows > 0 {
			s.Final[quantity] = Number(r.digest.last[i])
		}
	}
	s.Curvature, s.Measuring = r.digest.curvature(r.setup.Optimizer.Rule), r.measure.summary(s.Seconds)
	rule := r.setup.Optimizer.Rule
	s.Bias, s.Trust = r.digest.bias(), r.digest.trust()
	if rule.Nonsmooth && s.Trust.Verdict != NotMeasured {
		s.Trust.Verdict = NoPromise
	}
	if f, ok := s.Processes["flow-2"]; ok && s.Trust.Verdict == Holds && (f.Status == StatusStiff || f.Status == StatusRunaway) {
		s.Trust.Verdict = Doubtful // whatever the numbers say, it could not be followed
	}
	s.Bias.Sentence, s.Trust.Sentence = s.biasSentence(rule), s.trustSentence()
	return s
}
