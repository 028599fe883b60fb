package optim

import (
	"fmt"
	"math"
)

// Optimizer is a rule with its learning rate.
type Optimizer struct {
	Rule     *Rule
	LR       float64  // the learning rate h > 0
	Schedule Schedule // of the learning rate; zero is constant
}

// New builds an optimizer from settings, or says which one is out of range.
func New(def Definition, lr float64, schedule Schedule) (Optimizer, error) {
	rule, err := def.Rule()
	if err != nil {
		return Optimizer{}, err
	}
	if err := check(rule.Name, "lr", lr, positive); err != nil {
		return Optimizer{}, err
	}
	if err := schedule.Validate(); err != nil {
		return Optimizer{}, err
	}
	return Optimizer{Rule: rule, LR: lr, Schedule: schedule}, nil
}

// StepSize is the learning rate h_n of step n.
func (o Optimizer) StepSize(n int) float64 { return o.LR * o.Schedule.Factor(n) }

// Halved is the same optimizer with its learning rate divided by 2^k and its
// schedule stretched to the same time.
func (o Optimizer) Halved(k int) Optimizer { return o.WithLR(math.Ldexp(o.LR, -k)) }

// WithLR is the same optimizer with another learning rate and its schedule
// stretched to the same time n h.
func (o Optimizer) WithLR(lr float64) Optimizer {
	if o.Schedule.Stretch == 0 {
		o.Schedule.Stretch = 1
	}
	o.Schedule.Stretch *= o.LR / lr
	o.LR = lr
	return o
}

// State is an optimizer at work: its memories and the number of steps taken.
// One goroutine at a time may use it; the steps of many parameters are shared
// among GOMAXPROCS goroutines, on which the result does not depend.
type State struct {
	opt    Optimizer
	dim    int
	steps  int
	memory [][]float64 // memory[i] of average i, nil where it has none
	total  []float64   // sums of the weights at this step, n and h
	log    []float64   // logarithms of the decays
	// exponent is the power of two that the memories are multiplied by (see
	// StepScaled), and scaled the room for a gradient of that scale.
	exponent int
	scaled   []float64
	whole    []float64 // the direction of a rule that has one
	crew     crew
}

// NewState starts an optimizer on dim parameters, with empty memories.
func NewState(opt Optimizer, dim int) *State {
	r := len(opt.Rule.Averages)
	s := &State{
		opt: opt, dim: dim,
		memory: make([][]float64, r), total: opt.Rule.NewTotals(), log: make([]float64, r),
	}
	for i, a := range opt.Rule.Averages {
		s.log[i] = math.Log(a.Decay)
		if !a.Memoryless() {
			s.memory[i] = make([]float64, dim)
		}
	}
	s.hire()
	return s
}

// Steps is the number of steps taken so far.
func (s *State) Steps() int { return s.steps }

// Memory is the memory of average i, nil where it has none. It is the state
// itself, not a copy: a checkpoint reads it and writes it.
func (s *State) Memory(i int) []float64 { return s.memory[i] }

// SetSteps sets the number of steps taken, for a state read from a checkpoint.
func (s *State) SetSteps(n int) { s.steps = n }

// Step takes one step: theta <- theta - h_n F, given the gradient of the loss at
// theta. It panics if theta or gradient has the wrong length.
func (s *State) Step(theta, gradient []float64) { s.StepDirection(nil, theta, gradient) }

// StepDirection is [State.Step] that also writes the direction F to dst, if dst
// is not nil; it panics if dst has the wrong length, too.
func (s *State) StepDirection(dst, theta, gradient []float64) {
	s.stepScaled(dst, theta, gradient, 0)
}

func (s *State) stepScaled(dst, theta, gradient []float64, exponent int) {
	if len(theta) != s.dim || len(gradient) != s.dim {
		panic(fmt.Sprintf("optim: step of %d parameters and %d gradients, want %d", len(theta), len(gradient), s.dim))
	}
	if dst != nil && len(dst) != s.dim {
		panic(fmt.Sprintf("optim: room for %d components of the direction, want %d", len(dst), s.dim))
	}
	if s.opt.Rule.Direction != nil {
		gradient = s.direct(theta, gradient)
	} else if exponent != 0 || s.exponent != 0 {
		gradient = s.follow(theta, gradient, exponent)
	}
	n := s.steps
	for i, a := range s.opt.Rule.Averages {
		s.total[i] = a.presentWeight() + a.pastWeight()*geometricLog(a.Decay, s.log[i], n)
	}
	setClock(s.total, n, s.opt.StepSize(n))
	s.share(task{dst, theta, gradient, s.opt.StepSize(n)})
	s.steps++
}
