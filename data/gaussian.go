package data

import (
	"fmt"
	"math/rand/v2"
)

// largest bounds the values of a synthetic set: 8 GiB of them are a slip of the
// keyboard.
const largest = 1 << 30

// Gaussian returns rows of standard normal features, each with a class drawn
// uniformly from 0 ... classes-1: there is nothing to learn in it, which makes
// it the set for measuring speed and derivatives. The same arguments give the
// same bits. Fewer than one row or feature, fewer than two classes and more
// than 2^30 values are errors.
func Gaussian(rows, features, classes int, seed uint64) (*Set, error) {
	const name = "gaussian"
	switch {
	case rows < 1 || features < 1:
		return nil, fmt.Errorf("data: %s: %d rows of %d features. Try: at least 1 of each", name, rows, features)
	case classes < 2:
		return nil, fmt.Errorf("data: %s: %d classes. Try: at least 2", name, classes)
	case rows > largest/features:
		return nil, fmt.Errorf("data: %s: %d rows of %d features are more than %d values. Try: fewer rows", name, rows, features, largest)
	}
	s := &Set{Name: name, X: make([]float64, rows*features), Y: make([]int, rows), N: rows, D: features, Classes: classes}
	inputs := rand.New(rand.NewPCG(seed, 0x696e70757473)) // stream "inputs"
	for i := range s.X {
		s.X[i] = inputs.NormFloat64()
	}
	labels := rand.New(rand.NewPCG(seed, 0x6c6162656c73)) // stream "labels"
	for i := range s.Y {
		s.Y[i] = labels.IntN(classes)
	}
	return s, nil
}
