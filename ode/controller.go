package ode

import (
	"math"
	"slices"
)

// minPreviousError keeps one step with a tiny error from making the PI
// controller distrust the next (Hairer, Nørsett, Wanner II, section IV.2).
const minPreviousError = 1e-4

// controller turns scaled errors into step sizes: the PI controller of
// Gustafsson (ACM TOMS 17, 1991, pp. 533-554) with the exponents of Hairer,
// Nørsett, Wanner II, section IV.2,
//
//	factor = safety * previous^beta / err^alpha,   alpha = 1/(q+1) - 3/4 beta,
//
// where q is the order of the embedded method.
type controller struct {
	alpha, beta          float64
	safety               float64
	minFactor, maxFactor float64
}

func newController(set *Settings, m *Method) controller {
	return controller{
		alpha:     1/float64(m.EmbeddedOrder+1) - 0.75*set.Beta,
		beta:      set.Beta,
		safety:    set.Safety,
		minFactor: set.MinFactor,
		maxFactor: set.MaxFactor,
	}
}

// shrink returns the factor after a rejected step; err may be infinite.
func (c *controller) shrink(err float64) float64 {
	return math.Max(c.minFactor, c.safety/math.Pow(err, c.alpha))
}

// accept returns the size wanted for the next step, after a step of size h with
// scaled error err <= 1. wanted is the size that control had asked for; h is
// less than that if the step had to land on a point. retried says that the step
// was rejected before, after which a step does not grow.
func (c *controller) accept(h, wanted, err, previous float64, retried bool) float64 {
	factor := c.safety * math.Pow(math.Max(previous, minPreviousError), c.beta) / math.Pow(err, c.alpha)
	limit := c.maxFactor
	if retried {
		limit = 1
	}
	if h < wanted && factor >= limit {
		// The shortened step was so easy that it says nothing about the size
		// that was wanted.
		return math.Max(wanted, h*limit)
	}
	return h * min(max(factor, c.minFactor), limit)
}

// tolerance returns the bound on the local error of component i whose modulus
// is size.
func (s *Settings) tolerance(i int, size float64) float64 {
	a, r := s.AbsTol, s.RelTol
	if s.AbsTols != nil {
		a = s.AbsTols[i]
	}
	if s.RelTols != nil {
		r = s.RelTols[i]
	}
	return a + r*size
}

// weigh measures the local error err of a step from y to yNew: scaled is its
// norm in units of the tolerance (at most 1 is good), worst the component with
// the largest scaled error and largest its max norm in the units of y. finite
// is false if a component of err or yNew is not; the other results mean nothing
// then.
func (s *Settings) weigh(err, y, yNew []float64) (scaled, largest float64, worst int, finite bool) {
	var poison, sum, top float64
	for i, e := range err {
		poison += 0*e + 0*yNew[i] // 0 unless one of them is NaN or infinite
		e = math.Abs(e)
		if i < s.Observed {
			largest = max(largest, e)
		}
		r := e / s.tolerance(i, max(math.Abs(y[i]), math.Abs(yNew[i])))
		sum += r * r
		if r > top {
			top, worst = r, i
		}
	}
	if s.Norm == RMSNorm {
		top = math.Sqrt(sum / float64(max(len(err), 1)))
	}
	return top, largest, worst, poison == 0
}

// size returns the norm of v in units of the tolerance at y.
func (s *Settings) size(v, y []float64) float64 {
	var sum, top float64
	for i, x := range v {
		r := math.Abs(x) / s.tolerance(i, math.Abs(y[i]))
		sum += r * r
		top = max(top, r)
	}
	if s.Norm == RMSNorm {
		return math.Sqrt(sum / float64(max(len(v), 1)))
	}
	return top
}

// firstNonFinite returns the index of the first component that is NaN or
// infinite, or -1.
func firstNonFinite(v []float64) int {
	var poison float64
	for _, x := range v {
		poison += 0 * x
	}
	if poison == 0 {
		return -1
	}
	return slices.IndexFunc(v, func(x float64) bool { return 0*x != 0 })
}
