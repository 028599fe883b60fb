package trace

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/bea"
)

// Verification is the error of each process against the optimizer for a row of
// learning rates, each half the one before, over the same time.
type Verification struct {
	Rows []VerifyRow `json:"rows"`
	// Order is the fitted slope of log error against log h, by process; absent
	// where it was not fitted (see Verdicts).
	Order map[string]float64 `json:"order"`
	// Promised is the order that theory promises, by process.
	Promised map[string]int `json:"promised"`
	// Verdicts says for each process whether it kept its promise.
	Verdicts map[string]string `json:"verdicts"`
	// Reasons says why, where a verdict needs it.
	Reasons map[string]string `json:"reasons,omitempty"`
	// Passed is false if a promised order was missed.
	Passed bool `json:"passed"`
}

// VerifyRow is one learning rate.
type VerifyRow struct {
	H     float64 `json:"h"`
	Steps int     `json:"steps"`
	// Error is the largest l-infinity distance to the optimizer over the path;
	// NaN for a process that stopped early.
	Error map[string]Number `json:"error"`
	// IntegrationError estimates the integrator's part in it.
	IntegrationError map[string]Number `json:"integration_error"`
}

// Verdicts of a verification.
const (
	OrderKept       = "kept"        // the fitted order is at least the promised less Shortfall
	OrderMissed     = "missed"      // it is not
	OrderExact      = "exact"       // the process agrees with the optimizer to rounding
	OrderUnpromised = "no promise"  // the theory promises nothing for this rule
	OrderUndefined  = "not defined" // a process stopped early
)

// Shortfall is how far a fitted order may fall short of the promised one.
const Shortfall = 0.15

// exact is the distance, relative to the size of the parameters, that counts as
// rounding.
const exact = 1e-13

// verifyTolerance is the integrator's largest tolerance in a verification, far
// below the errors that are analysed; the flows with moments take twice their
// usual substeps.
const verifyTolerance = 1e-12

// DivergedError reports that the optimizer itself diverges at a learning rate
// that was to be verified, so that there is nothing to compare with.
type DivergedError struct {
	H     float64 // the learning rate
	Cause string  // step and quantity
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("the optimizer diverges at h=%g: %s", e.H, e.Cause)
}

// Hint says what to do about it.
func (e *DivergedError) Hint() string { return "a smaller learning rate, or fewer steps" }

// Verify runs the setup's processes with learning rates LR, LR/2, ...,
// LR/2^halvings over the time Steps*LR and fits the order of each. progress, if
// not nil, is called before each learning rate.
func Verify(ctx context.Context, setup Setup, halvings int, progress func(h float64, steps int)) (*Verification, error) {
	v := &Verification{Order: map[string]float64{}, Promised: map[string]int{}, Verdicts: map[string]string{}, Reasons: map[string]string{}}
	if tolerance := setup.Integrator.Tolerance; tolerance == 0 || tolerance > verifyTolerance {
		setup.Integrator.Tolerance = verifyTolerance
	}
	if setup.MomentSubsteps == 0 {
		moments, err := bea.NewMoments(1, setup.Optimizer, setup.Objective)
		if err != nil {
			return nil, err
		}
		setup.MomentSubsteps = 2 * moments.Substeps()
	}
	setup.Measures, setup.CheckpointEvery = []Measure{}, 0
	steps, scale := setup.Steps, 1.0
	base := setup.Optimizer
	for k := range halvings + 1 {
		setup.Optimizer, setup.Steps = base.Halved(k), steps<<k
		if progress != nil {
			progress(setup.Optimizer.LR, setup.Steps)
		}
		runner, err := New(setup)
		if err != nil {
			return nil, err
		}
		if err := runner.Run(ctx, nil, nil); err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if runner.status == StatusDiverged {
			return nil, &DivergedError{H: setup.Optimizer.LR, Cause: runner.diverged}
		}
		scale = max(scale, largest(runner.Theta()))
		v.add(runner)
	}
	for _, f := range v.processes() {
		v.judge(f, scale)
		if v.Verdicts[f] == OrderUnpromised {
			v.Reasons[f] = strings.TrimSuffix(noPromise(f, &setup)+"; "+v.Reasons[f], "; ")
		}
	}
	v.Passed = !slices.Contains(values(v.Verdicts), OrderMissed) && !slices.Contains(values(v.Verdicts), OrderUndefined)
	return v, nil
}

// add appends the row of a finished run.
func (v *Verification) add(r *Runner) {
	row := VerifyRow{H: r.setup.Optimizer.LR, Steps: r.setup.Steps, Error: map[string]Number{}, IntegrationError: map[string]Number{}}
	for _, f := range r.followers {
		summary := f.summary(true)
		v.Promised[f.name] = summary.Order
		row.Error[f.name] = Number(f.worst)
		row.IntegrationError[f.name] = summary.IntegrationError
		if summary.Status != StatusDone {
			row.Error[f.name] = Number(math.NaN())
			v.Reasons[f.name] = fmt.Sprintf("%s at h=%g: %s", summary.Status, row.H, summary.Reason)
		}
	}
	v.Rows = append(v.Rows, row)
}

// processes are the names of the verified processes, in the order of the
// catalogue.
func (v *Verification) processes() []string {
	var names []string
	for _, name := range ProcessNames() {
		if _, ok := v.Promised[name]; ok {
			names = append(names, name)
		}
	}
	return names
}

// judge fits the order of one process and compares it with the promise.
func (v *Verification) judge(process string, scale float64) {
	var h, e []float64
	worst := 0.0
	for _, row := range v.Rows {
		x := float64(row.Error[process])
		if math.IsNaN(x) {
			v.Verdicts[process] = OrderUndefined
			if v.Promised[process] == 0 {
				v.Verdicts[process] = OrderUnpromised // what is not promised cannot be missed
			}
			return
		}
		worst = max(worst, x)
		if x > 10*exact*scale {
			h, e = append(h, row.H), append(e, x)
		}
	}
	if worst <= 10*exact*scale {
		v.Verdicts[process] = OrderExact
		return
	}
	if len(h) >= 2 {
		v.Order[process] = Slope(h, e)
	}
	promised := v.Promised[process]
	switch order, fitted := v.Order[process]; {
	case promised == 0:
		v.Verdicts[process] = OrderUnpromised
	case !fitted:
		v.Verdicts[process] = OrderMissed
		v.Reasons[process] = "too few errors stand out from rounding to fit an order"
	case order < float64(promised)-Shortfall:
		v.Verdicts[process] = OrderMissed
		v.Reasons[process] = fmt.Sprintf("order %.2f of promised %d", order, promised)
	default:
		v.Verdicts[process] = OrderKept
	}
}

// Slope is the least-squares slope of log y against log x.
func Slope(x, y []float64) float64 {
	n := float64(len(x))
	mx, my := 0.0, 0.0
	for i := range x {
		mx += math.Log(x[i]) / n
		my += math.Log(y[i]) / n
	}
	sxy, sxx := 0.0, 0.0
	for i := range x {
		dx := math.Log(x[i]) - mx
		sxy += dx * (math.Log(y[i]) - my)
		sxx += dx * dx
	}
	return sxy / sxx
}

func values(m map[string]string) []string {
	all := make([]string, 0, len(m))
	for _, x := range m {
		all = append(all, x)
	}
	return all
}

func largest(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		m = max(m, math.Abs(v))
	}
	return m
}
