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

// block is the number of coordinates that a step works on at a time, so that
// all passes over them stay in the first-level cache.
const block = 512

// State is an optimizer at work: its memories and the number of steps taken.
// One goroutine at a time may use it.
type State struct {
	opt    Optimizer
	dim    int
	steps  int
	memory [][]float64 // memory[i] of average i, nil where it has none
	total  []float64   // sums of the weights at this step
	log    []float64   // logarithms of the decays

	gradient []float64   // room for one block of the regularised gradient
	buffer   [][]float64 // room for one block of each accumulator
	value    [][]float64 // the part of buffer that the present block fills
	f        []float64   // room for one block of the direction
}

// NewState starts an optimizer on dim parameters, with empty memories.
func NewState(opt Optimizer, dim int) *State {
	r, room := len(opt.Rule.Averages), min(block, dim)
	s := &State{
		opt: opt, dim: dim,
		memory: make([][]float64, r), total: make([]float64, r), log: make([]float64, r),
		buffer: make([][]float64, r), value: make([][]float64, r),
		gradient: make([]float64, room), f: make([]float64, room),
	}
	for i, a := range opt.Rule.Averages {
		s.buffer[i], s.log[i] = make([]float64, room), math.Log(a.Decay)
		if !a.Memoryless() {
			s.memory[i] = make([]float64, dim)
		}
	}
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
	if len(theta) != s.dim || len(gradient) != s.dim {
		panic(fmt.Sprintf("optim: step of %d parameters and %d gradients, want %d", len(theta), len(gradient), s.dim))
	}
	if dst != nil && len(dst) != s.dim {
		panic(fmt.Sprintf("optim: room for %d components of the direction, want %d", len(dst), s.dim))
	}
	rule, n, h := s.opt.Rule, s.steps, s.opt.StepSize(s.steps)
	for i, a := range rule.Averages {
		s.total[i] = a.presentWeight() + a.pastWeight()*geometricLog(a.Decay, s.log[i], n)
	}
	for low := 0; low < s.dim; low += block {
		high := min(low+block, s.dim)
		part := theta[low:high]
		f := s.direction(low, part, gradient[low:high])
		if dst != nil {
			copy(dst[low:high], f)
		}
		for j, x := range f {
			part[j] -= h * x
		}
	}
	s.steps++
}

// direction updates the memories of the block of coordinates that starts at low
// and returns its F, valid until the next block.
func (s *State) direction(low int, theta, gradient []float64) []float64 {
	rule, size := s.opt.Rule, len(theta)
	g := gradient
	if rule.L2 != 0 {
		g = s.gradient[:size]
		for j, x := range gradient {
			g[j] = x + rule.L2*theta[j]
		}
	}
	for i, a := range rule.Averages {
		value := s.buffer[i][:size]
		s.value[i] = value
		a.Of.Apply(value, g)
		scale := 1.0
		if a.Corrected {
			scale = 1 / s.total[i]
		}
		var memory []float64
		if s.memory[i] != nil {
			memory = s.memory[i][low : low+size]
		}
		a.Update(value, memory, value, scale)
	}
	f := s.f[:size]
	rule.Readout.Direction(f, s.value, theta, s.total)
	return f
}
