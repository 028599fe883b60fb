package objective

import "fmt"

// Joined is a mini-batch objective put together from full-batch ones.
type Joined struct{ parts []TwiceDifferentiable }

var (
	_ TwiceDifferentiable = (*Joined)(nil)
	_ Cloner              = (*Joined)(nil)
)

// Join returns the objective whose batch k is objs[k], all of equal weight.
// No objectives, different dimensions, and an objective with batches of its
// own are errors.
func Join(objs ...TwiceDifferentiable) (*Joined, error) {
	if len(objs) == 0 {
		return nil, fmt.Errorf("join: no objectives. Try: at least one")
	}
	for i, o := range objs {
		if o.Dim() != objs[0].Dim() {
			return nil, fmt.Errorf("join: objective %d has %d parameters, objective 0 has %d. Try: objectives of one dimension", i, o.Dim(), objs[0].Dim())
		}
		if o.Batches() != 1 {
			return nil, fmt.Errorf("join: objective %d has %d batches. Try: NewFullBatch of it", i, o.Batches())
		}
	}
	return &Joined{parts: append([]TwiceDifferentiable(nil), objs...)}, nil
}

// Dim is the dimension that all parts have.
func (j *Joined) Dim() int { return j.parts[0].Dim() }

// Batches is the number of parts.
func (j *Joined) Batches() int { return len(j.parts) }

// Gradient asks part k.
func (j *Joined) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := ask("join", j.Dim(), len(j.parts), k); err != nil {
		return 0, err
	}
	return j.parts[k].Gradient(dst, theta, 0)
}

// HVP asks part k.
func (j *Joined) HVP(dst, theta, v []float64, k int) error {
	if err := ask("join", j.Dim(), len(j.parts), k); err != nil {
		return err
	}
	return j.parts[k].HVP(dst, theta, v, 0)
}

// Clone clones every part; nil if one cannot be cloned (see [Clone]).
func (j *Joined) Clone() TwiceDifferentiable {
	c := &Joined{parts: make([]TwiceDifferentiable, len(j.parts))}
	for i, p := range j.parts {
		part, err := Clone(p)
		if err != nil {
			return nil
		}
		c.parts[i] = part
	}
	return c
}
