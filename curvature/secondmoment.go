package curvature

import (
	"fmt"
	"math"
)

// EpsPlacement says where eps stands in the denominator of an adaptive method.
// The values are in the order of optim.EpsMode.
type EpsPlacement int

const (
	// Inside is P = sqrt(v_hat + eps), the convention of arXiv 2309.00079.
	Inside EpsPlacement = iota
	// Outside is P = sqrt(v_hat) + eps, as in PyTorch.
	Outside
	// OutsideUncorrected is P = (sqrt(v) + eps) / sqrt(1 - beta2^n) with v not
	// yet corrected, as in TensorFlow.
	OutsideUncorrected
)

// SecondMoment says how an adaptive method turns its second moment v into the
// diagonal P by which it divides. The zero value is P = sqrt(v).
type SecondMoment struct {
	Eps       float64
	Placement EpsPlacement
	// Steps is the number n of gradients in v if the method corrects the bias
	// of starting at zero, v_hat = v / (1 - Beta2^n); 0 means no correction.
	Steps int
	Beta2 float64
	// Beta1 above 0 multiplies P by 1 - Beta1^n, the correction of the first
	// moment: a method that divides m by it takes steps that are larger by that
	// factor, which a stability line for the uncorrected m must know. Used only
	// if Steps is positive; it dies out after a few times 1/(1-Beta1) steps.
	Beta1 float64
}

// Diagonal writes P into dst, which may be v. A v of another length than dst,
// negative or NaN entries of v and settings out of range are errors.
//
// Source: M. D. Cattaneo, J. M. Klusowski, B. Shigida, "On the Implicit Bias of
// Adam", arXiv 2309.00079, Definition 1.1, for Inside; with both corrections
// and eps Outside it is the preconditioner of J. Cohen et al., arXiv
// 2207.14484.
func (s SecondMoment) Diagonal(dst, v []float64) error {
	if err := s.check(len(dst), len(v)); err != nil {
		return err
	}
	correction, factor := 1.0, 1.0
	if s.Steps > 0 {
		correction, factor = weightSum(s.Beta2, s.Steps), weightSum(s.Beta1, s.Steps)
	}
	for i, x := range v {
		if !(x >= 0) {
			return fmt.Errorf("curvature: second moment is %g at component %d. Try: an average of squares", x, i)
		}
		switch s.Placement {
		case Inside:
			x = math.Sqrt(x/correction + s.Eps)
		case Outside:
			x = math.Sqrt(x/correction) + s.Eps
		default:
			x = (math.Sqrt(x) + s.Eps) / math.Sqrt(correction)
		}
		dst[i] = factor * x
	}
	return nil
}

func (s SecondMoment) check(dst, v int) error {
	bad := func(name string, value any, want string) error { return badSetting("SecondMoment", name, value, want) }
	switch {
	case dst != v:
		return fmt.Errorf("curvature: second moment has length %d for a destination of %d. Try: equal lengths", v, dst)
	case !(s.Eps >= 0) || math.IsInf(s.Eps, 1):
		return bad("Eps", s.Eps, "a finite value that is not negative")
	case s.Placement < Inside || s.Placement > OutsideUncorrected:
		return bad("Placement", int(s.Placement), "Inside, Outside or OutsideUncorrected")
	case s.Steps < 0:
		return bad("Steps", s.Steps, "the number of gradients seen, or 0 for no bias correction")
	case !(s.Beta1 >= 0 && s.Beta1 < 1):
		return bad("Beta1", s.Beta1, "a value from 0 to below 1")
	case !(s.Beta2 >= 0 && s.Beta2 < 1):
		return bad("Beta2", s.Beta2, "a value from 0 to below 1")
	}
	return nil
}

// weightSum is 1 - beta^n, without cancellation for beta near 1.
func weightSum(beta float64, n int) float64 {
	if beta == 0 {
		return 1
	}
	return -math.Expm1(float64(n) * math.Log(beta))
}
