package bea

import (
	"fmt"
	"math"

	"leeway/objective"
	"leeway/optim"
)

// Moments is a flow that keeps the optimizer's memories as states beside theta,
// of order 1 or 2 in h. Because no memory is replaced by the present gradient,
// only h times the rate of change of the gradient has to be small, not h times
// the memory's length: it follows Adam at its default hyperparameters, where the
// memoryless flows do not.
//
// With lambda = -ln(d)/h and kappa = Gain/(1-d), a memory obeys
//
//	m' = -lambda (m - kappa (q(g) - sigma dq/dt)),  sigma = h/(1-d) - 1/lambda,
//
// which reproduces m_n = d m_(n-1) + Gain q_n exactly for inputs linear in time
// (order 1 leaves out sigma). A step reads memories from the end of its
// interval, gradient and theta from its beginning; the midpoint rule turns that
// into
//
//	theta' = -Phi - (h/2) (dPhi/dt along the memories - along g and theta).
//
// Full batch, or the mean over batches. The state vector is theta followed by
// the memories; time is n h. Start it after the first exact step, and call
// [Moments.SetStep] at each grid point.
//
// A memory starts at zero and fills within its own length, far too fast to be
// expanded in h. So what is expanded is the average that it holds, m divided by
// its weight at time t, which changes as slowly as the gradient; an accumulator
// without bias correction multiplies that by the sum of the weights at the step,
// which is known exactly.
type Moments struct {
	opt   optim.Optimizer
	obj   *objective.FullBatch
	order int
	dim   int
	n     int
	kept  []int // averages that have a memory, in order

	gradient, rate []float64 // g and dg/dt, coupled decay included
	value, partial [][]float64
	input, change  [][]float64 // q_i(g) and its time derivative
	slope          [][]float64 // time derivative of the accumulators' arguments
	dtheta, phi    []float64
	mass, growth   []float64 // total weights at time t and their shifted derivatives
	total, norm    []float64 // total weights at the step, before and after correction; n and h_n behind the former
}

// NewMoments returns the flow of order 1 or 2; it panics for another order.
func NewMoments(order int, opt optim.Optimizer, obj objective.TwiceDifferentiable) (*Moments, error) {
	checkOrder(order)
	if err := opt.Rule.Validate(); err != nil {
		return nil, err
	}
	if opt.Rule.Direction != nil {
		return nil, ErrWhole
	}
	dim, r := obj.Dim(), len(opt.Rule.Averages)
	m := &Moments{
		opt: opt, obj: objective.NewFullBatch(obj), order: order, dim: dim,
		gradient: make([]float64, dim), rate: make([]float64, dim),
		value: vectors(r, dim), partial: vectors(r, dim), input: vectors(r, dim),
		change: vectors(r, dim), slope: vectors(r, dim),
		dtheta: make([]float64, dim), phi: make([]float64, dim),
		mass: make([]float64, r), growth: make([]float64, r),
		total: opt.Rule.NewTotals(), norm: make([]float64, r),
	}
	for i, a := range opt.Rule.Averages {
		if keeps(a) {
			m.kept = append(m.kept, i)
		}
	}
	return m, nil
}

// keeps reports whether the flow needs the memory of a as a state. A memory with
// decay 0 is the last gradient itself and needs none.
func keeps(a optim.Average) bool { return !a.Memoryless() && a.Decay > 0 }

// Dim is the length of the state: (1 + number of memories) times parameters.
func (m *Moments) Dim() int { return (1 + len(m.kept)) * m.dim }

// Parameters is the number of parameters; the state starts with them.
func (m *Moments) Parameters() int { return m.dim }

// Start writes to y the state of an optimizer that has taken its first steps
// and stands at theta: the time is then state.Steps() times h. It needs at
// least one step.
func (m *Moments) Start(y, theta []float64, state *optim.State) error {
	if state.Steps() < 1 {
		return fmt.Errorf("bea: moments flow at step %d: start it after the first step, where bias-corrected averages are defined", state.Steps())
	}
	copy(y, theta)
	for k, i := range m.kept {
		copy(y[(k+1)*m.dim:], state.Memory(i))
	}
	return nil
}

// SetStep makes m the field of the interval [nh, (n+1)h]: learning rate and sums
// of weights are those of step n.
func (m *Moments) SetStep(n int) {
	m.n = n
	m.opt.Rule.SetTotals(m.total, n, m.opt.StepSize(n))
	for i, a := range m.opt.Rule.Averages {
		m.norm[i] = 1
		if !a.Corrected {
			m.norm[i] = m.total[i]
		}
	}
}

// Substeps is the number of substeps a step in which a classical Runge-Kutta
// method of order 4 resolves the fastest memory, -ln(d) a step, to about 1e-8.
func (m *Moments) Substeps() int {
	fastest := 0.0
	for _, i := range m.kept {
		fastest = max(fastest, -math.Log(m.opt.Rule.Averages[i].Decay))
	}
	return max(2, int(math.Ceil(fastest/0.085)))
}

// Derivative writes the time derivative of the state y at time t > 0 to dst. It
// costs one gradient of the full loss and, for order 2, one Hessian-vector
// product.
func (m *Moments) Derivative(dst []float64, t float64, y []float64) error {
	theta := y[:m.dim]
	if err := m.evaluate(t, y); err != nil {
		return err
	}
	h, eta := m.opt.LR, m.opt.Schedule.Factor(m.n)
	if m.order == 2 {
		if err := m.differentiate(theta, eta); err != nil {
			return err
		}
	}
	for k, i := range m.kept {
		a := m.opt.Rule.Averages[i]
		memory := y[(k+1)*m.dim : (k+2)*m.dim]
		velocity := dst[(k+1)*m.dim : (k+2)*m.dim]
		lambda, kappa := -math.Log(a.Decay)/h, a.Gain/(1-a.Decay)
		sigma := 0.0
		if m.order == 2 {
			sigma = h/(1-a.Decay) - 1/lambda
		}
		for j, q := range m.input[i] {
			q -= sigma * m.change[i][j]
			if a.Of == optim.Square {
				q = max(q, 0) // near a sign change of g the expansion would leave the squares
			}
			velocity[j] = -lambda * (memory[j] - kappa*q)
		}
	}
	for j, phi := range m.phi {
		dst[j] = -eta * phi
	}
	if m.order == 2 {
		m.shift(dst, t, y, eta)
	}
	return nil
}

// evaluate computes gradient, accumulators and the direction Phi at time t.
func (m *Moments) evaluate(t float64, y []float64) error {
	theta := y[:m.dim]
	if _, err := m.obj.Gradient(m.gradient, theta, 0); err != nil {
		return fmt.Errorf("bea: gradient of the moments flow at t=%g: %w", t, err)
	}
	if l2 := m.opt.Rule.L2; l2 != 0 {
		addScaled(m.gradient, l2, theta)
	}
	kept := 0
	for i, a := range m.opt.Rule.Averages {
		a.Of.Apply(m.input[i], m.gradient)
		now, memory := m.weights(i)
		m.mass[i] = memory*m.age(i, t) + now
		value := m.value[i]
		for j, q := range m.input[i] {
			value[j] = now * q
		}
		if keeps(a) {
			kept++
			addScaled(value, memory, y[kept*m.dim:(kept+1)*m.dim])
		}
		for j := range value {
			value[j] *= m.norm[i] / m.mass[i]
		}
	}
	m.opt.Rule.Readout.Direction(m.phi, m.value, theta, m.total)
	return nil
}

// weights of the present q and of the memory in average i: s = now q + memory m.
// A memory of decay 0 is Gain times the present or the previous q.
func (m *Moments) weights(i int) (now, memory float64) {
	a := m.opt.Rule.Averages[i]
	if keeps(a) {
		return a.Direct, a.New + a.Old
	}
	return a.Direct + (a.New+a.Old)*a.Gain, 0
}

// age is kappa (1 - d^(t/h)), the total weight in memory i at time t.
func (m *Moments) age(i int, t float64) float64 {
	a := m.opt.Rule.Averages[i]
	if !keeps(a) {
		return 0
	}
	return -a.Gain / (1 - a.Decay) * math.Expm1(math.Log(a.Decay)*t/m.opt.LR)
}

// differentiate computes dg/dt = -eta H Phi and the time derivatives of q_i(g).
func (m *Moments) differentiate(theta []float64, eta float64) error {
	if err := m.obj.HVP(m.rate, theta, m.phi, 0); err != nil {
		return fmt.Errorf("bea: Hessian-vector product of the moments flow: %w", err)
	}
	if l2 := m.opt.Rule.L2; l2 != 0 {
		addScaled(m.rate, l2, m.phi)
	}
	for j := range m.rate {
		m.rate[j] *= -eta
	}
	for i, a := range m.opt.Rule.Averages {
		a.Of.Derivative(m.change[i], m.gradient)
		for j, r := range m.rate {
			m.change[i][j] *= r
		}
	}
	return nil
}

// shift adds to dst the midpoint term -(h/2) eta (dPhi/dt along the memories -
// along g and theta): what a step reads at the end of its interval counts +,
// what it reads at the beginning -.
func (m *Moments) shift(dst []float64, t float64, y []float64, eta float64) {
	theta, h := y[:m.dim], m.opt.LR
	m.opt.Rule.Readout.Partials(m.partial, m.dtheta, m.value, theta, m.total)
	kept := 0
	for i, a := range m.opt.Rule.Averages {
		slope := m.slope[i]
		m.growth[i] = 0
		// The previous q of a memory without decay lies a whole step further
		// back than the beginning of the interval.
		now := -a.Direct
		if keeps(a) {
			kept++
			velocity := dst[kept*m.dim : (kept+1)*m.dim]
			for j, v := range velocity {
				slope[j] = (a.New - a.Old) * v
			}
			lambda := -math.Log(a.Decay) / h
			m.growth[i] = (a.New - a.Old) * a.Gain / (1 - a.Decay) * lambda * math.Exp(-lambda*t)
		} else {
			clear(slope)
			now -= (a.New + 3*a.Old) * a.Gain
		}
		addScaled(slope, now, m.change[i])
		for j := range slope {
			slope[j] = (m.norm[i]*slope[j] - m.value[i][j]*m.growth[i]) / m.mass[i]
		}
		for j, d := range m.partial[i] {
			dst[j] -= eta * h / 2 * d * slope[j]
		}
	}
	for j, d := range m.dtheta {
		dst[j] -= eta * h / 2 * d * eta * m.phi[j]
	}
}
