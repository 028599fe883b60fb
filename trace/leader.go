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
	rule      *optim.Rule
	objective *objective.Counter
	order     *objective.Order
	theta     []float64
	gradient  []float64
	before    []float64 // theta before the last step
	seconds   float64   // of computing
	// gradientsBefore were asked for before the run was resumed.
	gradientsBefore int

	first, done  int         // the steps last taken: first, ..., first+done-1
	after, taken [][]float64 // iterate after, and direction taken at, each of them
	loss         float64     // loss of the batch of the last step, before it
}

// ahead bounds the steps the leader runs ahead, and aheadValues the memory.
const (
	ahead       = 64
	aheadValues = 4 << 20
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
		state: optim.NewState(s.Optimizer, dim), rule: s.Optimizer.Rule,
		objective: objective.Counting(obj), order: order.Clone(),
		theta:    append([]float64(nil), s.Start...),
		gradient: make([]float64, dim), before: make([]float64, dim),
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

// advance takes up to count steps, fewer if it lacks room. It returns what
// stopped being finite, if anything did.
func (l *leader) advance(count int) (*divergence, error) {
	began := time.Now()
	defer func() { l.seconds += time.Since(began).Seconds() }()
	l.first, l.done = l.state.Steps(), 0
	for l.done < min(count, len(l.after)) {
		n := l.state.Steps()
		loss, err := l.objective.Gradient(l.gradient, l.theta, l.order.At(n))
		if err != nil {
			return nil, fmt.Errorf("trace: gradient at step %d: %w", n, err)
		}
		l.loss = loss
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return &divergence{n, fmt.Sprintf("the loss is %v", loss)}, nil
		}
		if j := firstNonFinite(l.gradient); j >= 0 {
			return &divergence{n, fmt.Sprintf("gradient component %d is %v", j, l.gradient[j])}, nil
		}
		copy(l.before, l.theta)
		l.state.StepDirection(l.taken[l.done], l.theta, l.gradient)
		if j := firstNonFinite(l.theta); j >= 0 {
			cause := &divergence{n + 1, fmt.Sprintf("parameter %d is %v", j, l.theta[j])}
			copy(l.theta, l.before) // the last iterate that can be looked at
			l.state.SetSteps(n)
			return cause, nil
		}
		copy(l.after[l.done], l.theta)
		l.done++
	}
	return nil, nil
}

// lastTaken is the direction of the last step.
func (l *leader) lastTaken() []float64 { return l.taken[l.done-1] }

// tensors are the parts of the optimizer's state.
func (l *leader) tensors() []Tensor {
	t := []Tensor{{"theta", l.theta}}
	for i, a := range l.rule.Averages {
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
