package trace

import (
	"errors"
	"math"
	"strings"
	"time"

	"leeway/bea"
	"leeway/objective"
	"leeway/ode"
)

// follower is a process that follows the optimizer, with how it fares.
type follower struct {
	mover
	name      string
	solver    *ode.Solver // nil for maps
	objective *objective.Counter
	report    ProcessSummary
	distance  float64 // to the optimizer now
	worst     float64 // largest so far
}

// newFollower builds the process of the given name, starting where the
// optimizer starts.
func newFollower(name string, s *Setup, obj objective.TwiceDifferentiable) (*follower, error) {
	counted := objective.Counting(obj)
	f := &follower{name: name, objective: counted}
	f.report = ProcessSummary{Status: StatusRunning, Order: s.promise(name)}
	settings := &bea.Settings{Asymptotic: s.Asymptotic}
	if s.Order != nil {
		settings.Order = s.Order.Clone()
	}
	order := PromisedOrder(name)
	var err error
	switch name {
	case "flow-1", "flow-2":
		var m *flowMover
		m, err = newFlowMover(order, s, counted, settings)
		f.mover = m
		if err == nil {
			f.solver = m.solver
		}
	case "memoryless-1", "memoryless-2":
		f.mover, err = newMapMover(order, s, counted, settings)
	default:
		var m *momentsMover
		m, err = newMomentsMover(order, s, counted)
		f.mover = m
		if err == nil {
			f.solver = m.solver
		}
	}
	return f, err
}

// noPromise says why the theory promises no order to a process, "" if it does.
func noPromise(name string, s *Setup) string {
	switch {
	case s.Optimizer.Rule.Nonsmooth:
		return "the readout has no derivative where a gradient changes sign"
	case strings.HasPrefix(name, "moments") && s.Objective.Batches() > 1:
		return "with mini-batches the averages jump at every step, which the flow smooths over"
	}
	return ""
}

// alive reports whether the process still moves.
func (f *follower) alive() bool { return f.report.Status == StatusRunning }

// advance does the steps that the optimizer has just done and compares.
func (f *follower) advance(lead *leader) error {
	began := time.Now()
	defer func() { f.report.Seconds += time.Since(began).Seconds() }()
	for k := 0; k < lead.done && f.alive(); k++ {
		n := lead.first + k
		if err := f.follow(n, lead.after[k], lead.taken[k]); err != nil {
			return err
		}
	}
	return nil
}

// follow does step n, after which the optimizer stands at theta, having moved in
// the direction taken.
func (f *follower) follow(n int, theta, taken []float64) error {
	err := f.step(n)
	if watched, ok := f.mover.(*flowMover); ok && err == nil {
		err = watched.watch(n, taken)
	}
	if err != nil {
		return f.stop(err)
	}
	f.report.Step = n + 1
	f.distance = bea.Distance(theta, f.theta())
	if math.IsNaN(f.distance) || math.IsInf(f.distance, 0) {
		f.report.Status, f.report.Reason = StatusDiverged, "its parameters are no longer finite"
		return nil
	}
	f.worst = max(f.worst, f.distance)
	return nil
}

// stop records why a process stopped, if that is a result; an error of the
// objective itself is returned and ends the run.
func (f *follower) stop(err error) error {
	var stiff *ode.StiffError
	var nonFinite *ode.NonFiniteError
	var runaway *bea.RunawayError
	var limit *ode.StepLimitError
	switch {
	case errors.As(err, &runaway):
		f.report.Status = StatusRunaway
	case errors.As(err, &stiff), errors.As(err, &limit):
		f.report.Status = StatusStiff
	case errors.As(err, &nonFinite):
		f.report.Status = StatusDiverged
	default:
		return err
	}
	f.report.Reason = err.Error()
	f.distance = math.NaN()
	return nil
}

// summary is how the process fared so far.
func (f *follower) summary(finished bool) ProcessSummary {
	r := f.report
	if finished && r.Status == StatusRunning {
		r.Status = StatusDone
	}
	r.Gradients += sum(f.objective.Gradients())
	r.HVPs += sum(f.objective.HVPs())
	if f.solver != nil {
		total := f.solver.Total()
		r.IntegrationError = Number(total.ErrorSum)
		if total.Estimated == 0 {
			r.IntegrationError = Number(math.NaN())
		}
	}
	return r
}

func sum(counts []int) int {
	total := 0
	for _, c := range counts {
		total += c
	}
	return total
}
