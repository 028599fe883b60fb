package objective

import (
	"fmt"
	"math"
)

// ask checks a question put to an objective: the batch exists and every vector
// has length dim. name is the objective's, for the message.
func ask(name string, dim, batches, k int, vectors ...[]float64) error {
	if k < 0 || k >= batches {
		return fmt.Errorf("%s: batch %d does not exist, batches are 0 to %d. Try: a batch below %d", name, k, batches-1, batches)
	}
	for _, v := range vectors {
		if len(v) != dim {
			return fmt.Errorf("%s: a vector has length %d, the objective has %d parameters. Try: vectors of length Dim()", name, len(v), dim)
		}
	}
	return nil
}

// nonFinite reports the first entry of x that is NaN or infinite, or -1.
func nonFinite(x []float64) int {
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return i
		}
	}
	return -1
}
