package ode

// System is a right-hand side f of dy/dt = f(t, y).
type System interface {
	// Dim is the number of components of y. It must not change during the
	// life of a Solver.
	Dim() int
	// Derivative writes f(t, y) into dst. dst and y have length Dim and do not
	// alias; y must not be modified and neither may be kept. A non-finite
	// derivative is a result, not an error: on a trial step it makes the step
	// smaller. An error aborts the solve and reaches the caller inside a
	// *DerivativeError.
	Derivative(dst []float64, t float64, y []float64) error
}

// Func makes a System of a function.
type Func struct {
	// N is the number of components.
	N int
	// F writes f(t, y) into dst, under the contract of System.Derivative.
	F func(dst []float64, t float64, y []float64) error
}

var _ System = Func{}

// Dim returns N.
func (f Func) Dim() int { return f.N }

// Derivative calls F.
func (f Func) Derivative(dst []float64, t float64, y []float64) error {
	return f.F(dst, t, y)
}
