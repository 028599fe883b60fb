package trace

import (
	"leeway/bea"
	"leeway/objective"
)

// modifier adds a multiple of the bias term to the optimizer's steps: -1 takes
// away what the corrected flow has beside the leading one, +1 doubles it. The term
// is put where the theorem has it, beside the gradient in the readout's numerator,
// and not into the memory: there the normalisation would undo it where eps is
// small.
type modifier struct {
	factor     float64
	flow       *bea.Flow
	velocity   []float64
	correction []float64
}

// newModifier returns nil where nothing is modified.
func newModifier(s *Setup, obj objective.TwiceDifferentiable) (*modifier, error) {
	if s.Bias == 0 {
		return nil, nil
	}
	settings := &bea.Settings{Asymptotic: s.Asymptotic}
	if s.Order != nil {
		settings.Order = s.Order.Clone()
	}
	flow, err := bea.NewFlow(2, s.Optimizer, obj, settings)
	dim := len(s.Start)
	return &modifier{factor: s.Bias, flow: flow, velocity: make([]float64, dim), correction: make([]float64, dim)}, err
}

// look evaluates the bias term of step n at theta, before the step. It costs what
// the corrected field costs: a gradient and a product in full batch.
func (m *modifier) look(theta []float64, n int) error {
	m.flow.SetStep(n)
	if err := m.flow.Derivative(m.velocity, 0, theta); err != nil {
		return err
	}
	m.flow.Parts(m.correction)
	return nil
}

// apply adds the term to a step of size h that theta has done.
func (m *modifier) apply(theta []float64, h float64) {
	for j, c := range m.correction {
		theta[j] -= h * m.factor * c
	}
}

// promise is the order in h that theory promises to a process. The flows are those
// of the optimizer as it is; one whose bias is taken away follows flow-1 to second
// order, and the others only to first.
func (s *Setup) promise(process string) int {
	order := PromisedOrder(process)
	switch {
	case noPromise(process, s) != "":
		return 0
	case s.Bias == 0:
		return order
	case s.Bias == -1 && process == "flow-1":
		return 2
	}
	return min(order, 1)
}
