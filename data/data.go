// Package data holds data sets for classification and text for language models:
// two real sets that are built in (handwritten digits and breast cancer), those
// that the field publishes (MNIST, Fashion-MNIST, CIFAR-10 and -100), which it
// finds on this machine or downloads, strict readers for a user's own files
// (CSV, NPZ, folders of images, text), synthetic rows and text from a seed, and
// what is done to rows before training: choosing, shuffling, splitting, scaling,
// augmenting. It fills in no missing values.
//
// [Samples] keep the values as a file has them, a byte a pixel; a [Set] is the
// float64 matrix of those rows that are asked for. [Load] gives the sets that
// have a name.
package data

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Set is a data matrix with a class for every row. The methods never change a
// set; what they return may share its memory.
type Set struct {
	// Name is what messages call the set.
	Name string
	// X holds N rows of D features, row by row.
	X []float64
	// Y holds the class of each row, 0 ... Classes-1.
	Y []int
	// N, D and Classes are the numbers of rows, features and classes.
	N, D, Classes int
	// Shape of a row that is an image: height, width and channels, the channels
	// last. It is nil for a row of plain features.
	Shape []int
	// FeatureNames (D) and ClassNames (Classes) may be nil.
	FeatureNames, ClassNames []string
}

// Row is row i of X, sharing its memory.
func (s *Set) Row(i int) []float64 { return s.X[i*s.D : (i+1)*s.D : (i+1)*s.D] }

// Counts is the number of rows of each class.
func (s *Set) Counts() []int {
	n := make([]int, s.Classes)
	for _, c := range s.Y {
		n[c]++
	}
	return n
}

// Split takes the first train rows for training and the following test rows
// for testing, without copying. test may be 0; asking for more rows than there
// are is an error.
func (s *Set) Split(train, test int) (*Set, *Set, error) {
	if err := checkSplit(s.Name, s.N, train, test); err != nil {
		return nil, nil, err
	}
	return s.slice(0, train), s.slice(train, train+test), nil
}

// checkSplit checks the numbers of rows of both parts against all n.
func checkSplit(name string, n, train, test int) error {
	switch {
	case train < 1 || test < 0:
		return fmt.Errorf("data: %s: a split into %d rows for training and %d for testing. Try: at least 1 and at least 0", name, train, test)
	case train > n:
		return fmt.Errorf("data: %s: %d rows for training, but there are %d. Try: train at most %d", name, train, n, n)
	case test > n-train:
		return fmt.Errorf("data: %s: %d rows for testing, but %d of %d are left after training. Try: test at most %d", name, test, n-train, n, n-train)
	}
	return nil
}

func (s *Set) slice(lo, hi int) *Set {
	part := *s
	part.X, part.Y, part.N = s.X[lo*s.D:hi*s.D:hi*s.D], s.Y[lo:hi:hi], hi-lo
	return &part
}

// Shuffled returns a copy whose rows are in an order drawn from seed.
func (s *Set) Shuffled(seed uint64) *Set {
	mixed := *s
	mixed.X, mixed.Y = make([]float64, 0, len(s.X)), make([]int, 0, len(s.Y))
	for _, i := range rand.New(rand.NewPCG(seed, 0x64617461)).Perm(s.N) { // stream "data"
		mixed.X = append(mixed.X, s.Row(i)...)
		mixed.Y = append(mixed.Y, s.Y[i])
	}
	return &mixed
}

// Scaled returns a copy with every feature multiplied by factor.
func (s *Set) Scaled(factor float64) *Set {
	scaled := *s
	scaled.X = make([]float64, len(s.X))
	for i, v := range s.X {
		scaled.X[i] = factor * v
	}
	return &scaled
}

// Standardize returns copies in which every feature has had the training mean
// taken away and been divided by the training standard deviation (with 1/N).
// The test rows see the statistics of the training rows and add nothing to
// them. A feature that is constant in training is only centred.
func Standardize(train, test *Set) (*Set, *Set) {
	mean, deviation := make([]float64, train.D), make([]float64, train.D)
	for i := range train.N {
		for j, v := range train.Row(i) {
			mean[j] += (v - mean[j]) / float64(i+1) // running, so that it cannot overflow
		}
	}
	for i := range train.N {
		for j, v := range train.Row(i) {
			deviation[j] += (v - mean[j]) * (v - mean[j]) / float64(train.N)
		}
	}
	for j := range deviation {
		if deviation[j] = math.Sqrt(deviation[j]); deviation[j] == 0 {
			deviation[j] = 1
		}
	}
	apply := func(s *Set) *Set {
		t := *s
		t.X = make([]float64, len(s.X))
		for i := range s.N {
			for j, v := range s.Row(i) {
				t.X[i*s.D+j] = (v - mean[j]) / deviation[j]
			}
		}
		return &t
	}
	return apply(train), apply(test)
}
