package objective

import "sync/atomic"

// Counter is an objective that counts the questions put to it. A clone counts
// into the same numbers.
type Counter struct {
	TwiceDifferentiable
	asked *tally
}

type tally struct{ gradients, hvps []atomic.Int64 }

var (
	_ TwiceDifferentiable = (*Counter)(nil)
	_ Cloner              = (*Counter)(nil)
	_ Weighted            = (*Counter)(nil)
)

// Counting wraps obj in a counter that starts at zero.
func Counting(obj TwiceDifferentiable) *Counter {
	n := obj.Batches()
	return &Counter{obj, &tally{make([]atomic.Int64, n), make([]atomic.Int64, n)}}
}

// Gradient counts and asks.
func (c *Counter) Gradient(dst, theta []float64, k int) (float64, error) {
	if k >= 0 && k < len(c.asked.gradients) {
		c.asked.gradients[k].Add(1)
	}
	return c.TwiceDifferentiable.Gradient(dst, theta, k)
}

// HVP counts and asks.
func (c *Counter) HVP(dst, theta, v []float64, k int) error {
	if k >= 0 && k < len(c.asked.hvps) {
		c.asked.hvps[k].Add(1)
	}
	return c.TwiceDifferentiable.HVP(dst, theta, v, k)
}

// Gradients returns how often the gradient of each batch was asked for.
func (c *Counter) Gradients() []int { return load(c.asked.gradients) }

// HVPs returns how often a Hessian-vector product of each batch was asked for.
func (c *Counter) HVPs() []int { return load(c.asked.hvps) }

func load(counts []atomic.Int64) []int {
	n := make([]int, len(counts))
	for k := range n {
		n[k] = int(counts[k].Load())
	}
	return n
}

// Reset sets all counts to zero.
func (c *Counter) Reset() {
	for k := range c.asked.gradients {
		c.asked.gradients[k].Store(0)
		c.asked.hvps[k].Store(0)
	}
}

// Weight is that of the objective inside.
func (c *Counter) Weight(k int) float64 { return WeightOf(c.TwiceDifferentiable, k) }

// Unwrap returns the objective inside.
func (c *Counter) Unwrap() TwiceDifferentiable { return c.TwiceDifferentiable }

// Clone clones the objective inside and counts into the same numbers; nil if
// it cannot be cloned (see [Clone]).
func (c *Counter) Clone() TwiceDifferentiable {
	inside, err := Clone(c.TwiceDifferentiable)
	if err != nil {
		return nil
	}
	return &Counter{inside, c.asked}
}
