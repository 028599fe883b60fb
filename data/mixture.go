package data

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Mixture returns rows of a mixture of Gaussians, one for each class: the class
// is drawn uniformly, and feature j of a row of class c is normal with mean
// means[c][j] and deviation deviations[j]. One deviation is for all features,
// none is 1. The same arguments give the same bits.
//
// Fewer than one row or feature or two classes, means of different lengths,
// numbers that are not finite, negative deviations and more than 2^30 values
// are errors.
func Mixture(rows int, means [][]float64, deviations []float64, seed uint64) (*Set, error) {
	const name = "mixture"
	if len(means) < 2 || len(means[0]) < 1 || rows < 1 {
		return nil, fmt.Errorf("data: %s: %d rows of %d classes. Try: at least 1 row, 2 classes and 1 feature", name, rows, len(means))
	}
	features := len(means[0])
	if rows > largest/features {
		return nil, fmt.Errorf("data: %s: %d rows of %d features are more than %d values. Try: fewer rows", name, rows, features, largest)
	}
	for c, mean := range means {
		if len(mean) != features {
			return nil, fmt.Errorf("data: %s: class %d has a mean of %d features, class 0 of %d. Try: one number", name, c, len(mean), features)
		}
		for j, m := range mean {
			if math.IsNaN(m) || math.IsInf(m, 0) {
				return nil, fmt.Errorf("data: %s: the mean of class %d, feature %d is %v. Try: a finite number", name, c, j, m)
			}
		}
	}
	if len(deviations) == 0 {
		deviations = []float64{1}
	}
	if len(deviations) != 1 && len(deviations) != features {
		return nil, fmt.Errorf("data: %s: %d deviations for %d features. Try: one, or one a feature", name, len(deviations), features)
	}
	for j, d := range deviations {
		if !(d >= 0) || math.IsInf(d, 0) {
			return nil, fmt.Errorf("data: %s: deviation %d is %v. Try: a finite number from 0 on", name, j, d)
		}
	}
	s := &Set{Name: name, X: make([]float64, rows*features), Y: make([]int, rows), N: rows, D: features, Classes: len(means)}
	inputs := rand.New(rand.NewPCG(seed, 0x696e70757473)) // stream "inputs"
	labels := rand.New(rand.NewPCG(seed, 0x6c6162656c73)) // stream "labels"
	for i := range rows {
		s.Y[i] = labels.IntN(len(means))
		for j, mean := range means[s.Y[i]] {
			s.X[i*features+j] = mean + deviations[j%len(deviations)]*inputs.NormFloat64()
		}
	}
	return s, nil
}

// Centres draws means for [Mixture]: for each class a point whose features are
// normal with mean 0 and the given deviation. Two of them are on average
// spread * sqrt(2 features) apart. It panics if a number is negative.
func Centres(classes, features int, spread float64, seed uint64) [][]float64 {
	random := rand.New(rand.NewPCG(seed, 0x63656e74726573)) // stream "centres"
	means := make([][]float64, classes)
	for c := range means {
		means[c] = make([]float64, features)
		for j := range means[c] {
			means[c][j] = spread * random.NormFloat64()
		}
	}
	return means
}
