package curvature

import (
	"errors"
	"fmt"
	"math"
)

// Lipschitz estimates the Lipschitz constant of a loss's gradient as the largest
// modulus of an eigenvalue of the Hessian, by power iteration, at several points and,
// there, of every batch. It is a lower bound of the constant. Each at(k) is the loss
// with a point; it is asked for k = 0 to points-1.
//
// An iteration that does not converge is a [*ConvergenceError], wrapped.
//
// Source: the released code of Mazumder et al., arXiv 2309.08339 (fresh initialisations,
// 100 products, relative change 1e-3; here the residual decides).
func Lipschitz(points int, at func(k int) (Objective, []float64, error), settings *PowerSettings) (constant float64, products int, err error) {
	if points < 1 {
		return 0, 0, errors.New("curvature: a Lipschitz constant from no points. Try: at least 1")
	}
	for k := range points {
		obj, theta, err := at(k)
		if err != nil {
			return 0, products, err
		}
		for batch := range obj.Batches() {
			h, err := NewHessian(obj, theta, batch)
			if err != nil {
				return 0, products, err
			}
			pair, spent, err := PowerIteration(h, settings)
			products += spent
			if err != nil {
				return 0, products, fmt.Errorf("curvature: Lipschitz constant, point %d, batch %d: %w", k, batch, err)
			}
			constant = math.Max(constant, math.Abs(pair.Value))
		}
	}
	return constant, products, nil
}
