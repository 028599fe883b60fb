package objective

import "math"

// Scaled is implemented by objectives whose gradients become too small for a float64
// along the way, as those of separable data do, where losses fall like exp(-margin).
type Scaled interface {
	Differentiable
	// GradientScaled writes 2^exponent times the gradient of batch k at theta into dst
	// and returns 2^exponent times the loss. The exponent, >= 0, is the objective's
	// choice: one for which the largest terms are near 1. For the rest see
	// [Differentiable].
	GradientScaled(dst, theta []float64, k int) (loss float64, exponent int, err error)
}

// AsScaled returns the objective that obj is or wraps with its loss unchanged, if it
// can scale its gradients; ok is false otherwise.
func AsScaled(obj Differentiable) (s Scaled, ok bool) {
	for {
		if s, ok = obj.(Scaled); ok {
			return s, true
		}
		switch o := obj.(type) {
		case *Counter:
			obj = o.TwiceDifferentiable
		case *FullBatch:
			if o.Batches() != o.obj.Batches() {
				return nil, false
			}
			obj = o.obj
		default:
			return nil, false
		}
	}
}

var _ Scaled = (*Linear)(nil)

// GradientScaled is Gradient times 2^exponent, where the smallest margin of the batch,
// if positive, is about ln 2 times the exponent. Source: as [Linear]; the loss and
// slopes are those with exp(c - m) in place of exp(-m), which is exact for the
// exponential loss, and for the logistic one wherever exp(-m) is below rounding.
func (l *Linear) GradientScaled(dst, theta []float64, k int) (loss float64, exponent int, err error) {
	if err := ask(l.name, l.Dim(), l.Batches(), k, dst, theta); err != nil {
		return 0, 0, err
	}
	if l.kind == LeastSquares {
		loss, err := l.Gradient(dst, theta, k)
		return loss, 0, err
	}
	lo, hi := l.edges[k], l.edges[k+1]
	w, b := l.split(theta)
	times(l.row[lo:hi], l.x[lo*l.d:hi*l.d], w, l.d, b)
	cost, smallest := l.attack.cost(w), math.Inf(1)
	for i := lo; i < hi; i++ {
		l.row[i] = l.sign[i]*l.row[i] - cost
		smallest = min(smallest, l.row[i])
	}
	if smallest > 0 && !math.IsInf(smallest, 0) {
		exponent = int(smallest / math.Ln2)
	}
	shift, factor := float64(exponent)*math.Ln2, math.Ldexp(1, min(exponent, 1000))
	logistic := l.kind != Exponential
	share, total := 1/float64(hi-lo), 0.0
	for i := lo; i < hi; i++ {
		m := l.row[i]
		e := math.Exp(shift - m) // 2^exponent exp(-m)
		value, slope := e, e
		if logistic && m < 40 { // 1 + exp(-m) is not yet 1, and exponent < 58
			small := math.Exp(-math.Abs(m))
			if value, slope = factor*math.Log1p(small), factor*small/(1+small); m < 0 {
				value, slope = factor*(math.Log1p(small)-m), factor/(1+small)
			}
		}
		loss += value
		total -= slope
		l.row[i] = -share * slope * l.sign[i]
	}
	l.backward(dst, k)
	if l.attack.radius > 0 {
		price, g := -l.attack.radius*total*share, dst[:l.d]
		s := l.full[:l.d]
		l.attack.subgradient(s, w, g, price)
		addKink(g, price, s)
	}
	return share * loss, exponent, nil
}
