package optim

import (
	"fmt"
	"math"
)

// ExactStep is the constant step size sqrt(2 L(theta_0) / (K T)) for T steps of Adam on
// a loss whose gradient has the Lipschitz constant K. The loss at the start stands for
// its excess over the least value, and the size of a step for 1.
//
// Source: Mazumder et al., "Convergence of Adam with an exact constant step size", arXiv
// 2309.08339, as released. A loss, constant or number of steps that is not positive and
// finite is an error.
func ExactStep(loss, lipschitz float64, steps int) (float64, error) {
	for _, x := range []struct {
		name  string
		value float64
	}{{"loss at the start", loss}, {"Lipschitz constant", lipschitz}, {"number of steps", float64(steps)}} {
		if !(x.value > 0) || math.IsInf(x.value, 1) {
			return 0, fmt.Errorf("optim: exact step: the %s is %v. Try: a positive number", x.name, x.value)
		}
	}
	return math.Sqrt(2 * loss / (lipschitz * float64(steps))), nil
}
