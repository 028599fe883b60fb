package trace

import (
	"slices"

	"leeway/bea"
	"leeway/objective"
)

// memo is a full loss that remembers its last two gradients, so that a measurement
// where the optimizer stands, and one where it stood a step ago, cost no gradient
// that it has asked for itself. In full batch the optimizer asks the memo. One
// goroutine at a time may use it.
type memo struct {
	*objective.FullBatch
	kept [2]remembered
	next int // the one to be overwritten
	// squares holds |g_k|^2 of the batches, where there are several.
	squares []float64
}

// remembered is a gradient and where it was asked for.
type remembered struct {
	theta, gradient, squares []float64 // theta is nil while there is none
	loss                     float64
}

// newMemo remembers the full loss of obj.
func newMemo(obj objective.TwiceDifferentiable) *memo {
	m := &memo{squares: make([]float64, obj.Batches())}
	m.FullBatch = objective.NewFullBatch(obj)
	if obj.Batches() > 1 {
		m.FullBatch = objective.NewFullBatch(squaring{obj, m.squares})
	}
	return m
}

// Gradient is that of the full loss.
func (m *memo) Gradient(dst, theta []float64, k int) (float64, error) {
	if r := m.find(theta); r != nil {
		copy(dst, r.gradient)
		return r.loss, nil
	}
	loss, err := m.FullBatch.Gradient(dst, theta, k)
	if err != nil {
		return 0, err
	}
	r := &m.kept[m.next]
	r.theta, r.gradient, r.squares = append(r.theta[:0], theta...), append(r.gradient[:0], dst...), append(r.squares[:0], m.squares...)
	r.loss, m.next = loss, 1-m.next
	return loss, nil
}

func (m *memo) find(theta []float64) *remembered {
	for i := range m.kept {
		if r := &m.kept[i]; r.theta != nil && slices.Equal(r.theta, theta) {
			return r
		}
	}
	return nil
}

// Clone is nil: what is remembered serves one goroutine.
func (m *memo) Clone() objective.TwiceDifferentiable { return nil }

// noiseScale is tr(Sigma) / |g|^2 of the mini-batch gradients at theta, in
// examples, if the training data has the given number of rows; 0 counts every
// batch as one example. Sigma is the covariance of the gradients of single
// examples: of examples that were dealt to B batches at random, of b_k each,
//
//	sum_k b_k |g_k - g|^2 / (B - 1)
//
// has the mean tr(Sigma) (one-way analysis of variance).
//
// Source: S. McCandlish, J. Kaplan, D. Amodei, "An Empirical Model of Large-Batch
// Training", arXiv 1812.06162, the simple noise scale.
func (m *memo) noiseScale(gradient, theta []float64, rows int) (float64, error) {
	if _, err := m.Gradient(gradient, theta, 0); err != nil {
		return 0, err
	}
	squares, batches := m.find(theta).squares, len(m.squares)
	if rows == 0 {
		rows = batches
	}
	size := bea.TwoNorm(gradient)
	between := -size * size
	for k, s := range squares {
		between += objective.WeightOf(m.Unwrap(), k) * s
	}
	return max(between, 0) * float64(rows) / float64(batches-1) / (size * size), nil
}

// squaring notes the squared two-norm of the gradient of every batch.
type squaring struct {
	objective.TwiceDifferentiable
	squares []float64
}

// Gradient notes and returns what the objective says.
func (s squaring) Gradient(dst, theta []float64, k int) (float64, error) {
	loss, err := s.TwiceDifferentiable.Gradient(dst, theta, k)
	if k >= 0 && k < len(s.squares) {
		size := bea.TwoNorm(dst)
		s.squares[k] = size * size
	}
	return loss, err
}

// Weight is that of the objective inside.
func (s squaring) Weight(k int) float64 { return objective.WeightOf(s.TwiceDifferentiable, k) }
