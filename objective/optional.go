package objective

import "fmt"

// Starter is implemented by problems that have a customary starting point.
type Starter interface {
	// Start returns a fresh copy of it, of length Dim.
	Start() []float64
}

// Classifier is implemented by models that predict a class, so that accuracy
// can be measured on rows that they were not built with.
type Classifier interface {
	// Accuracy is the share of the rows of x (row-major, as many columns as
	// the training data) whose predicted class at theta is the class in y. A
	// tie and a NaN count as wrong.
	Accuracy(theta, x []float64, y []int) (float64, error)
}

// unwrapper is implemented by the objectives of this package that are another
// objective with something added.
type unwrapper interface{ Unwrap() TwiceDifferentiable }

// AsClassifier returns the classifier that obj is or wraps; ok is false when
// there is none.
func AsClassifier(obj Differentiable) (c Classifier, ok bool) {
	for {
		if c, ok = obj.(Classifier); ok {
			return c, true
		}
		u, wraps := obj.(unwrapper)
		if !wraps {
			return nil, false
		}
		obj = u.Unwrap()
	}
}

// Clone returns a clone of obj for another goroutine, or an error if obj, or
// an objective that it wraps, is no [Cloner].
func Clone(obj Differentiable) (TwiceDifferentiable, error) {
	if c, ok := obj.(Cloner); ok {
		if clone := c.Clone(); clone != nil {
			return clone, nil
		}
	}
	return nil, fmt.Errorf("objective: %T cannot be cloned. Try: a single thread", obj)
}

// WeightOf is the weight of batch k in the full loss of obj: Weight(k) if obj
// is [Weighted], else 1/B.
func WeightOf(obj Differentiable, k int) float64 {
	if w, ok := obj.(Weighted); ok {
		return w.Weight(k)
	}
	return 1 / float64(obj.Batches())
}
