package objective

import (
	"fmt"
	"math"
)

// The losses of a linear model.
const (
	Logistic     = "logistic"      // log(1 + exp(-m)) of the margin m
	Exponential  = "exponential"   // exp(-m) of the margin m
	LeastSquares = "least-squares" // 1/2 (prediction - target)^2
)

// scalarLoss returns the loss and its first two derivatives with respect to
// the margin m (with respect to the prediction, for least squares).
type scalarLoss func(m, target float64) (loss, slope, bend float64)

func scalarLossOf(kind string) (scalarLoss, error) {
	switch kind {
	case Logistic, "":
		return logistic, nil
	case Exponential:
		return exponential, nil
	case LeastSquares:
		return leastSquares, nil
	}
	return nil, fmt.Errorf("linear: unknown loss %q. Try: %s, %s or %s", kind, Logistic, Exponential, LeastSquares)
}

// logistic never exponentiates a positive number, so that it neither overflows
// nor loses the tail: loss and slope stay exact to the last bits for margins
// of either sign until they underflow near m = 745.
func logistic(m, _ float64) (loss, slope, bend float64) {
	e := math.Exp(-math.Abs(m))
	tail := e / (1 + e) // 1 / (1 + exp|m|)
	if m > 0 {
		return math.Log1p(e), -tail, tail / (1 + e)
	}
	return math.Log1p(e) - m, -1 / (1 + e), tail / (1 + e)
}

func exponential(m, _ float64) (loss, slope, bend float64) {
	e := math.Exp(-m)
	return e, -e, e
}

func leastSquares(prediction, target float64) (loss, slope, bend float64) {
	r := prediction - target
	return r * r / 2, r, 1
}
