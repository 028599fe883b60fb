package data

import (
	"errors"
	"math"
	"slices"
	"testing"
)

// The truth is what is published of Fashion-MNIST: 6,000 training and 1,000
// test images a class, mean 72.94 and deviation 90.02 of the training pixels.
// It needs the set on this machine, and skips without it.
func TestFashionMNIST(t *testing.T) {
	var absent *NotFoundError
	train, test, err := LoadSamples("fashion-mnist", Settings{Test: All})
	if errors.As(err, &absent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range []*Samples{train, test} {
		want := slices.Repeat([]int{[]int{6000, 1000}[i]}, 10)
		if got := s.Counts(); !slices.Equal(got, want) || !slices.Equal(s.Shape, []int{28, 28, 1}) {
			t.Errorf("%d images of shape %v, classes %v", s.N, s.Shape, got)
		}
	}
	z, err := NewNormalizer(train, Usual)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("mean %.4f, deviation %.4f", z.Mean[0], z.Deviation[0])
	if math.Abs(z.Mean[0]-72.94) > 0.005 || math.Abs(z.Deviation[0]-90.02) > 0.005 {
		t.Errorf("mean %.4f, deviation %.4f", z.Mean[0], z.Deviation[0])
	}
	// The classes of the first images, as the authors print them: an ankle
	// boot, two T-shirts.
	if got := train.Y[:3]; !slices.Equal(got, []int{9, 0, 0}) || train.ClassNames[9] != "ankle boot" {
		t.Errorf("the first classes are %v", got)
	}
}
