// Package objective holds what is minimised: the two questions that everything
// in leeway asks of a loss, and a catalogue of problems that answer them in
// closed form.
//
// A loss is a mean over batches E_0 ... E_{B-1}; full-batch training is B = 1.
// Parameters are one flat vector theta of length Dim.
package objective

// Differentiable answers the first question: loss and gradient of one batch.
//
// An implementation may use scratch memory of its own, so one value serves one
// goroutine at a time; see [Cloner].
type Differentiable interface {
	// Dim is the number of parameters.
	Dim() int
	// Batches is the number B of distinct batches, at least 1.
	Batches() int
	// Gradient writes the gradient of the mean loss of batch k at theta into
	// dst (both of length Dim, dst never aliases theta) and returns that loss.
	// A non-finite loss or gradient is a result, not an error; an error means
	// that the question could not be answered at all.
	Gradient(dst, theta []float64, k int) (loss float64, err error)
}

// TwiceDifferentiable answers the second question too: Hessian-vector products.
type TwiceDifferentiable interface {
	Differentiable
	// HVP writes the product of the Hessian of batch k at theta with the
	// direction v into dst. dst aliases neither theta nor v.
	HVP(dst, theta, v []float64, k int) error
}

// Cloner is implemented by objectives that can be used by several goroutines,
// each with a clone of its own. A clone shares data but no scratch memory.
type Cloner interface {
	Clone() TwiceDifferentiable
}

// Weighted is implemented by objectives whose batches differ in size. The full
// loss is then the sum of Weight(k) times the loss of batch k; weights sum to 1.
// Without it every batch weighs 1/B.
type Weighted interface {
	Weight(k int) float64
}
