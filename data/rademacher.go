package data

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Rademacher returns rows whose features all have one size a_i, uniform in [0.5, 1.5),
// and random signs, but for the first feature, whose sign is the class: class 0 stands
// for -1 and 1 for +1. So the first feature alone separates the classes. On such rows
// adaptive steps of one sample each lose their geometry. The same arguments give the
// same bits. Fewer than one row or feature and more than 2^30 values are errors.
//
// Source: the scaled Rademacher data of Baek, Song and Yun, arXiv 2510.26303; the
// distribution of the sizes is ours.
func Rademacher(rows, features int, seed uint64) (*Set, error) {
	const name = "rademacher"
	switch {
	case rows < 1 || features < 1:
		return nil, fmt.Errorf("data: %s: %d rows of %d features. Try: at least 1 of each", name, rows, features)
	case rows > largest/features:
		return nil, fmt.Errorf("data: %s: %d rows of %d features are more than %d values. Try: fewer rows", name, rows, features, largest)
	}
	s := &Set{Name: name, X: make([]float64, rows*features), Y: make([]int, rows), N: rows, D: features, Classes: 2}
	inputs := rand.New(rand.NewPCG(seed, 0x696e70757473)) // stream "inputs"
	labels := rand.New(rand.NewPCG(seed, 0x6c6162656c73)) // stream "labels"
	for i := range rows {
		s.Y[i] = labels.IntN(2)
		size, row := 0.5+inputs.Float64(), s.Row(i)
		for j := range row {
			row[j] = math.Copysign(size, float64(inputs.IntN(2))-0.5)
		}
		row[0] = math.Copysign(size, float64(s.Y[i])-0.5)
	}
	return s, nil
}
