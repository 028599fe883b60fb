package curvature

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// NonFiniteError says that a product with an operator is NaN or infinite.
type NonFiniteError struct {
	// Method is the algorithm that asked for the product.
	Method string
	// Product is its number, counted from 1.
	Product int
	// Component is the first that is not finite, and Value its value. If every
	// component is finite and only the norm overflows, it is the largest.
	Component int
	Value     float64
}

func (e *NonFiniteError) Error() string {
	return fmt.Sprintf("curvature: %s: product %d is %g at component %d. Try: %s", e.Method, e.Product, e.Value, e.Component, e.Hint())
}

// Hint says what to do about it.
func (e *NonFiniteError) Hint() string {
	return "measure before the run diverges, at finite parameters of moderate size"
}

// ConvergenceError says that an iteration stopped at its limit of products. The
// result that comes with it holds the best pairs so far, with their residuals.
type ConvergenceError struct {
	// Method is the algorithm.
	Method string
	// Products is the number of products spent.
	Products int
	// Pair names the worst eigenvalue, such as "largest eigenvalue 2 of 5", and
	// Value is its estimate.
	Pair  string
	Value float64
	// Residual is |A x - Value x|_2 for its unit vector x, and Limit what it
	// should have come down to.
	Residual, Limit float64
	// Exhausted tells that the basis is the whole space, so that more products
	// would not help: A is not symmetric, or not the same in every product.
	Exhausted bool
}

func (e *ConvergenceError) Error() string {
	return fmt.Sprintf("curvature: %s not converged after %d products, residual %.2g > %.2g (%s, estimate %.6g). Try: %s",
		e.Method, e.Products, e.Residual, e.Limit, e.Pair, e.Value, e.Hint())
}

// Hint says what to do about it.
func (e *ConvergenceError) Hint() string {
	if e.Exhausted {
		return "an operator that is symmetric and the same in every product, which Check tells; or a larger Tolerance"
	}
	return fmt.Sprintf("MaxProducts %d, or a larger Tolerance", 2*e.Products)
}

// multiply asks for a product and makes sure that it can be worked with.
func multiply(op Operator, dst, v []float64, method string, product int) error {
	if err := op.Apply(dst, v); err != nil {
		return fmt.Errorf("curvature: %s: product %d: %w", method, product, err)
	}
	if norm := floats.Norm(dst, 2); !math.IsNaN(norm) && !math.IsInf(norm, 0) {
		return nil
	}
	at := 0
	for i, x := range dst {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			at = i
			break
		}
		if math.Abs(x) > math.Abs(dst[at]) {
			at = i
		}
	}
	return &NonFiniteError{Method: method, Product: product, Component: at, Value: dst[at]}
}

func badSetting(settings, name string, value any, want string) error {
	return fmt.Errorf("curvature: %s.%s is %v. Try: %s", settings, name, value, want)
}

func setDefault[T int | float64](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}
