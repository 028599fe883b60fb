package objective

// Ridged is an objective with an added squared norm.
type Ridged struct {
	TwiceDifferentiable
	lambda float64
}

var (
	_ TwiceDifferentiable = (*Ridged)(nil)
	_ Cloner              = (*Ridged)(nil)
	_ Weighted            = (*Ridged)(nil)
)

// Ridge adds lambda/2 |theta|_2^2 to every batch of obj, and so, since weights
// sum to 1, once to the full loss. All parameters count, intercepts too.
func Ridge(obj TwiceDifferentiable, lambda float64) *Ridged {
	return &Ridged{obj, lambda}
}

// Gradient adds lambda theta.
func (r *Ridged) Gradient(dst, theta []float64, k int) (float64, error) {
	loss, err := r.TwiceDifferentiable.Gradient(dst, theta, k)
	if err != nil {
		return 0, err
	}
	axpy(dst, r.lambda, theta)
	return loss + r.lambda/2*inner(theta, theta), nil
}

// HVP adds lambda v.
func (r *Ridged) HVP(dst, theta, v []float64, k int) error {
	if err := r.TwiceDifferentiable.HVP(dst, theta, v, k); err != nil {
		return err
	}
	axpy(dst, r.lambda, v)
	return nil
}

// Weight is that of the objective inside.
func (r *Ridged) Weight(k int) float64 { return WeightOf(r.TwiceDifferentiable, k) }

// Unwrap returns the objective inside.
func (r *Ridged) Unwrap() TwiceDifferentiable { return r.TwiceDifferentiable }

// Clone clones the objective inside; nil if it cannot be cloned (see [Clone]).
func (r *Ridged) Clone() TwiceDifferentiable {
	inside, err := Clone(r.TwiceDifferentiable)
	if err != nil {
		return nil
	}
	return Ridge(inside, r.lambda)
}
