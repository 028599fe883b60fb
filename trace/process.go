package trace

import (
	"errors"
	"math"
	"strings"
	"time"

	"leeway/bea"
	"leeway/objective"
	"leeway/ode"
	"leeway/optim"
)

// Tensor is a named part of the state of a run.
type Tensor struct {
	Name string
	Data []float64
}

// mover advances one process from step to step.
type mover interface {
	// step does step n, from time n h to (n+1) h.
	step(n int) error
	// theta is the process's parameters, not to be modified.
	theta() []float64
	// tensors are the parts of its state, to be read or overwritten.
	tensors() []Tensor
}

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
	f.report = ProcessSummary{Status: StatusRunning}
	if noPromise(name, s) == "" {
		f.report.Order = PromisedOrder(name)
	}
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

// flowMover integrates a memoryless flow from grid point to grid point.
type flowMover struct {
	flow       *bea.Flow
	solver     *ode.Solver
	h          float64
	y          []float64
	runaway    *bea.Runaway // nil where nothing is watched
	correction []float64
	scratch    []float64
}

func newFlowMover(order int, s *Setup, obj objective.TwiceDifferentiable, settings *bea.Settings) (*flowMover, error) {
	flow, err := bea.NewFlow(order, s.Optimizer, obj, settings)
	if err != nil {
		return nil, err
	}
	solver, err := s.Integrator.solver(flow)
	if err != nil {
		return nil, err
	}
	m := &flowMover{flow: flow, solver: solver, h: s.Optimizer.LR, y: append([]float64(nil), s.Start...)}
	if order == 2 && !s.IgnoreRunaway {
		m.runaway = bea.NewRunaway(s.Optimizer.Rule, len(m.y))
		m.correction, m.scratch = make([]float64, len(m.y)), make([]float64, len(m.y))
	}
	return m, nil
}

func (m *flowMover) step(n int) error {
	m.flow.SetStep(n)
	return m.solver.Integrate(m.y, float64(n)*m.h, float64(n+1)*m.h)
}

// watch looks for a runaway after step n, with the field as the integrator last
// saw it, near the end of the interval.
func (m *flowMover) watch(n int, taken []float64) error {
	if m.runaway == nil {
		return nil
	}
	return m.runaway.Observe(n, m.flow.Parts(m.correction), m.correction, taken)
}

func (m *flowMover) theta() []float64 { return m.y }

func (m *flowMover) tensors() []Tensor {
	t := []Tensor{{"theta", m.y}}
	if m.runaway != nil {
		t = append(t, Tensor{"turned_since", m.runaway.State()})
	}
	return t
}

// mapMover iterates a memoryless map.
type mapMover struct {
	memoryless *bea.Map
	y          []float64
}

func newMapMover(order int, s *Setup, obj objective.TwiceDifferentiable, settings *bea.Settings) (*mapMover, error) {
	m, err := bea.NewMap(order, s.Optimizer, obj, settings)
	return &mapMover{memoryless: m, y: append([]float64(nil), s.Start...)}, err
}

func (m *mapMover) step(n int) error  { return m.memoryless.Step(m.y, n) }
func (m *mapMover) theta() []float64  { return m.y }
func (m *mapMover) tensors() []Tensor { return []Tensor{{"theta", m.y}} }

// momentsMover integrates a flow that keeps its moments. It starts after the
// first exact step, where bias-corrected averages are defined.
type momentsMover struct {
	moments *bea.Moments
	solver  *ode.Solver
	h       float64
	y       []float64
}

func newMomentsMover(order int, s *Setup, obj objective.TwiceDifferentiable) (*momentsMover, error) {
	moments, err := bea.NewMoments(order, s.Optimizer, obj)
	if err != nil {
		return nil, err
	}
	substeps := s.MomentSubsteps
	if substeps == 0 {
		substeps = moments.Substeps()
	}
	solver, err := ode.New(moments, ode.RK4(), &ode.Settings{
		Substeps: substeps, EstimateEvery: estimateEvery, Observed: moments.Parameters(),
	})
	m := &momentsMover{moments: moments, solver: solver, h: s.Optimizer.LR, y: make([]float64, moments.Dim())}
	copy(m.y, s.Start)
	return m, err
}

// begin takes over the optimizer's state after its first step.
func (m *momentsMover) begin(theta []float64, state *optim.State) error {
	return m.moments.Start(m.y, theta, state)
}

func (m *momentsMover) step(n int) error {
	if n == 0 {
		return nil // begin has put it after the first step
	}
	m.moments.SetStep(n)
	return m.solver.Integrate(m.y, float64(n)*m.h, float64(n+1)*m.h)
}

func (m *momentsMover) theta() []float64  { return m.y[:m.moments.Parameters()] }
func (m *momentsMover) tensors() []Tensor { return []Tensor{{"state", m.y}} }
