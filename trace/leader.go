package trace

import (
	"fmt"
	"math"
	"time"

	"leeway/objective"
	"leeway/optim"
)

// leader is the optimizer itself. It runs ahead a few steps at a time and keeps
// its iterates, so that the others can be compared at every step.
type leader struct {
	state     *optim.State
	optimizer optim.Optimizer
	objective *objective.Counter
	order     *objective.Order
	theta     []float64
	gradient  []float64
	// exponent is the power of two that gradient and loss are multiplied by, where they
	// are too small otherwise, and scaled what knows them so; nil if nothing does.
	exponent int
	scaled   objective.Scaled
	asked    bool // gradient and loss are those of the next step
	whole    bool // the objective has one batch
	watch    *watch
	modifier *modifier // nil where nothing is modified
	before   []float64 // theta before the last step
	last     []float64 // direction of the last step, nil before the first
	seconds  float64   // of computing
	// gradientsBefore were asked for before the run was resumed.
	gradientsBefore int

	first, done  int         // the steps last taken: first, ..., first+done-1
	after, taken [][]float64 // iterate after, and direction taken at, each of them
	loss         float64     // loss of the batch last asked for
}

// ahead bounds the steps the leader runs ahead, aheadValues the memory, and
// aheadTime the time, so that an interrupt is heard soon.
const (
	ahead       = 64
	aheadValues = 4 << 20
	aheadTime   = 500 * time.Millisecond
)

func newLeader(s *Setup, obj objective.TwiceDifferentiable) (*leader, error) {
	dim := len(s.Start)
	order := s.Order
	if order == nil {
		var err error
		if order, err = objective.NewOrder(objective.Cyclic, obj.Batches(), 0); err != nil {
			return nil, err
		}
	}
	l := &leader{
		state: optim.NewState(s.Optimizer, dim), optimizer: s.Optimizer,
		objective: objective.Counting(obj), order: order.Clone(), whole: obj.Batches() == 1, watch: newWatch(s),
		theta:    append([]float64(nil), s.Start...),
		gradient: make([]float64, dim), before: make([]float64, dim),
	}
	if s.Optimizer.Rule.Scalable() && s.Bias == 0 {
		l.scaled, _ = objective.AsScaled(s.Objective)
	}
	var err error
	if l.modifier, err = newModifier(s, l.objective); err != nil {
		return nil, err
	}
	room := max(1, min(ahead, aheadValues/(2*dim)))
	for range room {
		l.after = append(l.after, make([]float64, dim))
		l.taken = append(l.taken, make([]float64, dim))
	}
	return l, nil
}

// divergence is a quantity of the optimizer that stopped being finite.
type divergence struct {
	step     int
	quantity string
}

// ask has gradient and loss of the next step's batch at the present iterate; it
// costs nothing if they were asked for before.
func (l *leader) ask() error {
	if l.asked {
		return nil
	}
	n := l.state.Steps()
	loss, err := l.objective.Gradient(l.gradient, l.theta, l.order.At(n))
	if err != nil {
		return fmt.Errorf("trace: gradient at step %d: %w", n, err)
	}
	l.loss, l.asked, l.exponent = loss, true, 0
	if l.scaled != nil && tiny(l.gradient) {
		// Its square is at the end of float64, if it is not itself.
		if _, l.exponent, err = l.scaled.GradientScaled(l.gradient, l.theta, l.order.At(n)); err != nil {
			return fmt.Errorf("trace: scaled gradient at step %d: %w", n, err)
		}
	}
	return nil
}

// tiny reports whether the squares of a gradient's largest components are lost.
func tiny(gradient []float64) bool {
	for _, g := range gradient {
		if math.Abs(g) > 0x1p-300 || math.IsNaN(g) {
			return false
		}
	}
	return true
}

// advance takes up to count steps, fewer if it lacks room or time or the watch has
// it pause. It returns what stopped being finite, if anything did.
func (l *leader) advance(count int) (*divergence, error) {
	began := time.Now()
	defer func() { l.seconds += time.Since(began).Seconds() }()
	l.first, l.done = l.state.Steps(), 0
	for l.done < min(count, len(l.after)) && time.Since(began) < aheadTime {
		if pause, err := l.watched(); err != nil || pause && l.done > 0 {
			return nil, err
		}
		if cause, err := l.step(); err != nil || cause != nil {
			return cause, err
		}
	}
	return nil, nil
}

// step takes one step.
func (l *leader) step() (*divergence, error) {
	if err := l.ask(); err != nil {
		return nil, err
	}
	n := l.state.Steps()
	if math.IsNaN(l.loss) || math.IsInf(l.loss, 0) {
		return &divergence{n, fmt.Sprintf("the loss is %v", l.loss)}, nil
	}
	if j := firstNonFinite(l.gradient); j >= 0 {
		return &divergence{n, fmt.Sprintf("gradient component %d is %v", j, l.gradient[j])}, nil
	}
	copy(l.before, l.theta)
	if l.modifier != nil {
		if err := l.modifier.look(l.theta, n); err != nil {
			return nil, fmt.Errorf("trace: bias term at step %d: %w", n, err)
		}
	}
	if l.exponent == 0 {
		l.state.StepDirection(l.taken[l.done], l.theta, l.gradient)
	} else {
		l.state.StepScaled(l.taken[l.done], l.theta, l.gradient, l.exponent)
	}
	if l.modifier != nil {
		l.modifier.apply(l.theta, l.optimizer.StepSize(n))
	}
	if j := firstNonFinite(l.theta); j >= 0 {
		cause := &divergence{n + 1, fmt.Sprintf("parameter %d is %v", j, l.theta[j])}
		copy(l.theta, l.before) // the last iterate that can be looked at
		l.state.SetSteps(n)
		l.last = nil
		return cause, nil
	}
	copy(l.after[l.done], l.theta)
	l.last, l.asked = l.taken[l.done], false
	l.done++
	return nil, nil
}

// gradients is how often the optimizer has asked for the gradient of a batch, but
// for one that its next step is going to need.
func (l *leader) gradients() int {
	n := sum(l.objective.Gradients()) + l.gradientsBefore
	if l.asked {
		n--
	}
	return n
}

// tensors are the parts of the optimizer's state.
func (l *leader) tensors() []Tensor {
	t := []Tensor{{"theta", l.theta}}
	for i, a := range l.optimizer.Rule.Averages {
		if m := l.state.Memory(i); m != nil {
			t = append(t, Tensor{a.Name, m})
		}
	}
	return t
}

func firstNonFinite(x []float64) int {
	for j, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return j
		}
	}
	return -1
}
