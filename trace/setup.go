package trace

import (
	"fmt"
	"slices"
	"time"

	"leeway/margin"
	"leeway/objective"
	"leeway/ode"
	"leeway/optim"
)

// Discrete is the name of the process that is the optimizer itself.
const Discrete = "discrete"

// processes are the known processes with the order of accuracy in h that theory
// promises for their distance to the optimizer.
var processes = []struct {
	name  string
	order int
}{
	{Discrete, 0}, {"flow-1", 1}, {"flow-2", 2}, {"memoryless-1", 1}, {"memoryless-2", 2}, {"moments-1", 1}, {"moments-2", 2},
}

// ProcessNames are the names of all processes.
func ProcessNames() []string {
	names := make([]string, len(processes))
	for i, p := range processes {
		names[i] = p.name
	}
	return names
}

// PromisedOrder is the order in h of a process's distance to the optimizer
// where the theory holds; 0 for the optimizer and for unknown names.
func PromisedOrder(name string) int {
	for _, p := range processes {
		if p.name == name {
			return p.order
		}
	}
	return 0
}

// Setup is everything a run needs. Objective, Start and Optimizer are required;
// the rest has defaults.
type Setup struct {
	Objective objective.TwiceDifferentiable
	// Train and Test judge a model on the rows that it is trained on and on
	// others; nil where there are none.
	Train, Test *Evaluation
	// RobustTrain and RobustTest do so under an attack; nil without one. With RobustLoss
	// the test loss is that under the attack, as the training loss is.
	RobustTrain, RobustTest *Evaluation
	RobustLoss              bool
	// Margins holds the largest margins of separable data, which the quantity margin
	// needs; else nil.
	Margins *margin.Meter
	// RobustMargin is the same for the quantity robust_margin, of a model under an
	// attack.
	RobustMargin *margin.Robust
	// Order in which batches are visited; nil is cyclic.
	Order     *objective.Order
	Start     []float64
	Optimizer optim.Optimizer
	// Processes besides the optimizer; nil is flow-1, flow-2 and moments-2.
	Processes []string
	// Steps that the optimizer takes.
	Steps int
	// Measures are the quantities to measure, and when; nil is what the preset
	// Standard chooses.
	Measures []Measure
	// Top is the number of eigenvalues that the quantities of sharpness
	// measure; 0 is 1.
	Top int
	// Below are thresholds of the training loss. The first step with a loss
	// below one is measured as well, and named in the summary; see Stop for
	// when that is looked at.
	Below []float64
	// Stop ends the run early.
	Stop Stop
	// Bias is the multiple of the bias term that is added to every step of the
	// optimizer: -1 cancels it, 1 doubles it. The flows do not follow that.
	Bias float64
	// CheckpointEvery is the number of steps between checkpoints, and
	// CheckpointAfter the longest time between two; 0 is none but the last.
	CheckpointEvery int
	CheckpointAfter time.Duration
	// Fragile marks an objective that may fail for good: the state of some steps before
	// is kept, and saved when that happens.
	Fragile bool
	// Integrator of the memoryless flows; the zero value is Dormand-Prince with
	// tolerance 1e-9.
	Integrator Integrator
	// MomentSubsteps is the number of Runge-Kutta steps a step in the flows
	// that keep their moments; 0 is what their fastest memory needs.
	MomentSubsteps int
	// Asymptotic takes the limits of the coefficients (see bea.Settings).
	Asymptotic bool
	// IgnoreRunaway goes on with a corrected flow that has left the useful
	// range.
	IgnoreRunaway bool
}

// Integrator says how a flow is integrated from grid point to grid point.
type Integrator struct {
	Method    string  // as ode.ByName; "" is dopri5
	Tolerance float64 // local error of an adaptive method, absolute and relative
	Substeps  int     // steps per grid interval of a fixed-step method
}

// solver builds the ode solver for a flow.
func (in Integrator) solver(sys ode.System) (*ode.Solver, error) {
	if in.Method == "" {
		in.Method = "dopri5"
	}
	method, err := ode.ByName(in.Method)
	if err != nil {
		return nil, err
	}
	if !method.Adaptive() {
		return ode.New(sys, method, &ode.Settings{Substeps: max(in.Substeps, 1), EstimateEvery: estimateEvery})
	}
	if in.Tolerance == 0 {
		in.Tolerance = 1e-9
	}
	return ode.New(sys, method, &ode.Settings{AbsTol: in.Tolerance, RelTol: in.Tolerance, MaxSteps: intervalSteps})
}

// intervalSteps bounds the steps of an adaptive method on one grid interval. A
// field that jumps, as a sign's does, makes it chatter without end.
const intervalSteps = 2000

// estimateEvery is how often a fixed-step integration measures its own error.
const estimateEvery = 25

// resolve checks a setup and fills in its defaults.
func (s Setup) resolve() (Setup, error) {
	if s.Objective == nil || s.Optimizer.Rule == nil {
		return s, fmt.Errorf("trace: a setup needs an objective and an optimizer")
	}
	if len(s.Start) != s.Objective.Dim() {
		return s, fmt.Errorf("trace: the start has %d components, the objective %d parameters", len(s.Start), s.Objective.Dim())
	}
	if s.Steps < 1 {
		return s, fmt.Errorf("trace: %d steps, want at least 1", s.Steps)
	}
	if s.Processes == nil {
		s.Processes = []string{"flow-1", "flow-2", "moments-2"}
	}
	s.Processes = slices.DeleteFunc(slices.Clone(s.Processes), func(p string) bool { return p == Discrete })
	for i, p := range s.Processes {
		if PromisedOrder(p) == 0 {
			return s, fmt.Errorf("trace: unknown process %q, have %q", p, ProcessNames())
		}
		if slices.Contains(s.Processes[:i], p) {
			return s, fmt.Errorf("trace: process %q twice", p)
		}
	}
	return s, s.resolveMeasures()
}
