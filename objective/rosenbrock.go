package objective

import "fmt"

// Rosenbrock is the chained Rosenbrock function of n parameters,
//
//	E(x) = sum_{i=1}^{n-1} 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2,
//
// a curved valley with minimum 0 at (1, ..., 1).
//
// Source: Rosenbrock, "An automatic method for finding the greatest or least
// value of a function", The Computer Journal 3 (1960), chained as usual.
type Rosenbrock struct{ n int }

var (
	_ TwiceDifferentiable = (*Rosenbrock)(nil)
	_ Cloner              = (*Rosenbrock)(nil)
	_ Starter             = (*Rosenbrock)(nil)
)

// NewRosenbrock returns the function of n parameters; n below 2 is an error.
func NewRosenbrock(n int) (*Rosenbrock, error) {
	if n < 2 {
		return nil, fmt.Errorf("rosenbrock: dimension %d is below 2. Try: 2", n)
	}
	return &Rosenbrock{n: n}, nil
}

// Dim is n.
func (r *Rosenbrock) Dim() int { return r.n }

// Batches is 1.
func (r *Rosenbrock) Batches() int { return 1 }

// Start is the usual starting point (-1.2, 1, -1.2, 1, ...).
func (r *Rosenbrock) Start() []float64 {
	x := make([]float64, r.n)
	for i := range x {
		x[i] = 1
		if i%2 == 0 {
			x[i] = -1.2
		}
	}
	return x
}

// Minimum returns the minimiser (1, ..., 1) and its loss 0.
func (r *Rosenbrock) Minimum() (theta []float64, loss float64) {
	x := make([]float64, r.n)
	for i := range x {
		x[i] = 1
	}
	return x, 0
}

// Gradient adds up the gradients of the n-1 links of the chain.
func (r *Rosenbrock) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := ask("rosenbrock", r.n, 1, k, dst, theta); err != nil {
		return 0, err
	}
	clear(dst)
	loss := 0.0
	for i := 0; i+1 < r.n; i++ {
		bend, short := theta[i+1]-theta[i]*theta[i], 1-theta[i]
		loss += 100*bend*bend + short*short
		dst[i] += -400*theta[i]*bend - 2*short
		dst[i+1] += 200 * bend
	}
	return loss, nil
}

// HVP multiplies with the tridiagonal Hessian.
func (r *Rosenbrock) HVP(dst, theta, v []float64, k int) error {
	if err := ask("rosenbrock", r.n, 1, k, dst, theta, v); err != nil {
		return err
	}
	clear(dst)
	for i := 0; i+1 < r.n; i++ {
		x := theta[i]
		dst[i] += (1200*x*x-400*theta[i+1]+2)*v[i] - 400*x*v[i+1]
		dst[i+1] += -400*x*v[i] + 200*v[i+1]
	}
	return nil
}

// Clone returns the objective itself, which has no scratch memory.
func (r *Rosenbrock) Clone() TwiceDifferentiable { return r }
