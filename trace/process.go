package trace

import (
	"leeway/bea"
	"leeway/objective"
	"leeway/ode"
	"leeway/optim"
)

// mover advances one process from step to step.
type mover interface {
	// step does step n, from time n h to (n+1) h.
	step(n int) error
	// theta is the process's parameters, not to be modified.
	theta() []float64
	// tensors are the parts of its state, to be read or overwritten.
	tensors() []Tensor
}

// flowMover integrates a memoryless flow from grid point to grid point.
type flowMover struct {
	flow       *bea.Flow
	solver     *ode.Solver
	h          float64
	y          []float64
	runaway    *bea.Runaway // nil where nothing is watched
	correction []float64
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
		m.correction = make([]float64, len(m.y))
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
