package objective

import "fmt"

// FullBatch is the full loss of an objective, the weighted mean of its batches,
// as an objective of one batch. Batches are added in order, so the same
// parameters give the same bits.
type FullBatch struct {
	obj    Differentiable
	weight []float64
	part   []float64 // scratch
}

var (
	_ TwiceDifferentiable = (*FullBatch)(nil)
	_ Cloner              = (*FullBatch)(nil)
)

// NewFullBatch returns the full loss of obj. If obj has no Hessian-vector
// products, HVP is an error.
func NewFullBatch(obj Differentiable) *FullBatch {
	f := &FullBatch{obj: obj, weight: make([]float64, obj.Batches()), part: make([]float64, obj.Dim())}
	for k := range f.weight {
		f.weight[k] = WeightOf(obj, k)
	}
	return f
}

// Dim is that of the objective.
func (f *FullBatch) Dim() int { return f.obj.Dim() }

// Batches is 1.
func (f *FullBatch) Batches() int { return 1 }

// Gradient adds up the gradients of all batches.
func (f *FullBatch) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := ask("full batch", f.Dim(), 1, k, dst, theta); err != nil {
		return 0, err
	}
	if len(f.weight) == 1 {
		return f.obj.Gradient(dst, theta, 0)
	}
	clear(dst)
	total := 0.0
	for k, w := range f.weight {
		loss, err := f.obj.Gradient(f.part, theta, k)
		if err != nil {
			return 0, err
		}
		total += w * loss
		axpy(dst, w, f.part)
	}
	return total, nil
}

// HVP adds up the products of all batches.
func (f *FullBatch) HVP(dst, theta, v []float64, k int) error {
	if err := ask("full batch", f.Dim(), 1, k, dst, theta, v); err != nil {
		return err
	}
	obj, ok := f.obj.(TwiceDifferentiable)
	if !ok {
		return fmt.Errorf("full batch: %T has no Hessian-vector products. Try: CentralHVP", f.obj)
	}
	if len(f.weight) == 1 {
		return obj.HVP(dst, theta, v, 0)
	}
	clear(dst)
	for k, w := range f.weight {
		if err := obj.HVP(f.part, theta, v, k); err != nil {
			return err
		}
		axpy(dst, w, f.part)
	}
	return nil
}

// Unwrap returns the objective, or nil if it has no Hessian-vector products.
func (f *FullBatch) Unwrap() TwiceDifferentiable {
	obj, _ := f.obj.(TwiceDifferentiable)
	return obj
}

// Clone clones the objective; nil if it cannot be cloned (see [Clone]).
func (f *FullBatch) Clone() TwiceDifferentiable {
	obj, err := Clone(f.obj)
	if err != nil {
		return nil
	}
	return NewFullBatch(obj)
}

// Full writes the gradient of the full loss of obj at theta into dst and
// returns the loss. It allocates; in a loop use a [FullBatch].
func Full(dst []float64, obj Differentiable, theta []float64) (loss float64, err error) {
	return NewFullBatch(obj).Gradient(dst, theta, 0)
}

// FullHVP writes the product of the Hessian of the full loss of obj at theta
// with v into dst. It allocates; in a loop use a [FullBatch].
func FullHVP(dst []float64, obj TwiceDifferentiable, theta, v []float64) error {
	return NewFullBatch(obj).HVP(dst, theta, v, 0)
}
