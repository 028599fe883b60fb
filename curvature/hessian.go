package curvature

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// Objective is what a [Hessian] asks of a loss; every
// objective.TwiceDifferentiable is one.
type Objective interface {
	// Dim is the number of parameters, Batches that of the batches.
	Dim() int
	Batches() int
	// HVP writes the product of the Hessian of batch k at theta with v into
	// dst, which aliases neither.
	HVP(dst, theta, v []float64, k int) error
}

// weighted is implemented by objectives whose batches differ in size; without
// it all weigh the same.
type weighted interface{ Weight(k int) float64 }

// Hessian is the Hessian of a loss at theta: the weighted mean over batches,
// added in order, so that the same theta gives the same bits. The batches are
// fixed when it is made. One product costs one Hessian-vector product a batch.
type Hessian struct {
	obj     Objective
	theta   []float64
	batches []int
	weight  []float64
	part    []float64 // scratch
}

var _ Operator = (*Hessian)(nil)

// NewHessian returns the Hessian of obj at theta (copied) over the given
// batches, or over all of them if none is given. For some of the batches the
// weights are scaled to sum to 1. A theta of the wrong length, a batch that
// does not exist or stands twice, and weights that sum to nothing are errors.
func NewHessian(obj Objective, theta []float64, batches ...int) (*Hessian, error) {
	n, total := obj.Dim(), obj.Batches()
	if n < 1 {
		return nil, errNoDimension
	}
	h := &Hessian{obj: obj, theta: make([]float64, n), part: make([]float64, n)}
	if err := h.SetTheta(theta); err != nil {
		return nil, err
	}
	all := len(batches) == 0
	if all {
		for k := range total {
			batches = append(batches, k)
		}
	}
	sum := 0.0
	for i, k := range batches {
		if k < 0 || k >= total {
			return nil, fmt.Errorf("curvature: Hessian of batch %d. Try: a batch from 0 to %d", k, total-1)
		}
		if slices.Contains(batches[:i], k) {
			return nil, fmt.Errorf("curvature: Hessian of batch %d, which is given twice. Try: each batch once", k)
		}
		weight := 1 / float64(total)
		if w, ok := obj.(weighted); ok {
			weight = w.Weight(k)
		}
		h.batches, h.weight = append(h.batches, k), append(h.weight, weight)
		sum += weight
	}
	if !(sum > 0) {
		return nil, fmt.Errorf("curvature: Hessian: the weights of the batches sum to %g. Try: positive weights", sum)
	}
	if !all { // all batches weigh exactly what the objective says
		floats.Scale(1/sum, h.weight)
	}
	return h, nil
}

// SetTheta moves the Hessian to another theta, which is copied. A wrong length
// is an error.
func (h *Hessian) SetTheta(theta []float64) error {
	if len(theta) != len(h.theta) {
		return fmt.Errorf("curvature: Hessian: theta has length %d. Try: length %d, one value for each parameter", len(theta), len(h.theta))
	}
	copy(h.theta, theta)
	return nil
}

// Dim is the number of parameters.
func (h *Hessian) Dim() int { return len(h.theta) }

// Apply writes H v into dst. Wrong lengths are an error, and so is what the
// objective returns, with the batch named.
func (h *Hessian) Apply(dst, v []float64) error {
	if err := checkLengths("Hessian", len(h.theta), dst, v); err != nil {
		return err
	}
	if len(h.batches) == 1 && h.weight[0] == 1 {
		return h.batch(dst, v, 0)
	}
	clear(dst)
	for i, w := range h.weight {
		if err := h.batch(h.part, v, i); err != nil {
			return err
		}
		floats.AddScaled(dst, w, h.part)
	}
	return nil
}

func (h *Hessian) batch(dst, v []float64, i int) error {
	if err := h.obj.HVP(dst, h.theta, v, h.batches[i]); err != nil {
		return fmt.Errorf("batch %d: %w", h.batches[i], err)
	}
	return nil
}
