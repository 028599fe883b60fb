package data

import (
	"fmt"
	"math"

	"leeway/internal/spelling"
)

// Scaling says how values are mapped before training. A mean and a deviation
// (with 1/N) are always those of the training rows in use; the test rows see
// them and add nothing to them. A deviation of 0 counts as 1.
type Scaling string

const (
	// Usual is Standard, unless a set with a name has a usual scaling of its own
	// (see [Information]).
	Usual Scaling = ""
	// Raw leaves the values as they are in the file.
	Raw Scaling = "none"
	// Standard is PerChannel for images, as the code of Cattaneo, Klusowski and
	// Shigida (ICML 2024) has it, and PerFeature for other rows.
	Standard Scaling = "standard"
	// Unit maps 0 ... Top to 0 ... 1: v / Top.
	Unit Scaling = "unit"
	// Symmetric maps 0 ... Top to -1 ... 1: v / (Top/2) - 1.
	Symmetric Scaling = "symmetric"
	// Global standardizes by one mean and deviation of all values.
	Global Scaling = "global"
	// PerChannel standardizes each channel of images by its own.
	PerChannel Scaling = "channel"
	// PerFeature standardizes each feature, or each pixel, by its own.
	PerFeature Scaling = "feature"
)

// Scalings lists the scalings that have a name.
func Scalings() []Scaling {
	return []Scaling{Raw, Unit, Symmetric, Standard, Global, PerChannel, PerFeature}
}

// Normalizer maps a row: value j becomes (v - Mean[c]) / Deviation[c] with
// c = j mod len(Mean). One number is for all values, one a channel is for
// images, whose channels are last, and one a value for each its own. The zero
// Normalizer changes nothing.
type Normalizer struct {
	// Mean and Deviation have the same length. No deviation is 0.
	Mean, Deviation []float64
}

// Apply maps the values of src into dst, which may be src.
func (z Normalizer) Apply(dst, src []float64) {
	if len(z.Mean) == 0 {
		copy(dst, src)
		return
	}
	c := 0
	for j, v := range src {
		dst[j] = (v - z.Mean[c]) / z.Deviation[c]
		if c++; c == len(z.Mean) {
			c = 0
		}
	}
}

// Black is what the value 0 becomes: one number, or one a channel or value. An
// image that is padded after scaling is padded with it.
func (z Normalizer) Black() []float64 {
	black := make([]float64, max(len(z.Mean), 1))
	z.Apply(black, black)
	return black
}

// NewNormalizer finds the map of a scaling from training rows. A scaling that
// the rows do not have (channels, a largest value) or that nobody knows is an
// error.
func NewNormalizer(train *Samples, scaling Scaling) (Normalizer, error) {
	if scaling == Usual || scaling == Standard {
		scaling = PerFeature
		if train.image() {
			scaling = PerChannel
		}
	}
	switch scaling {
	case Raw:
		return Normalizer{}, nil
	case Unit, Symmetric:
		if train.Top == 0 {
			return Normalizer{}, fmt.Errorf("data: %s: scaling %s, but the values have no largest one. Try: %s", train.Name, scaling, Global)
		}
		if scaling == Unit {
			return Normalizer{Mean: []float64{0}, Deviation: []float64{train.Top}}, nil
		}
		return Normalizer{Mean: []float64{train.Top / 2}, Deviation: []float64{train.Top / 2}}, nil
	case Global:
		return standard(train, 1), nil
	case PerChannel:
		if !train.image() {
			return Normalizer{}, fmt.Errorf("data: %s: scaling %s, but the rows have no channels. Try: %s", train.Name, scaling, PerFeature)
		}
		return standard(train, train.Shape[2]), nil
	case PerFeature:
		return standard(train, train.D), nil
	}
	var names []string
	for _, s := range Scalings() {
		names = append(names, string(s))
	}
	try := spelling.Nearest(string(scaling), names)
	if try == "" {
		try = string(Global)
	}
	return Normalizer{}, fmt.Errorf("data: %s: unknown scaling %.40q. Try: %s", train.Name, string(scaling), try)
}

// standard is the mean and the deviation of the values whose number has the
// same remainder mod groups. The mean is a running one, so that it cannot
// overflow, and the sums have one order: the same rows give the same bits.
func standard(s *Samples, groups int) Normalizer {
	z := Normalizer{Mean: make([]float64, groups), Deviation: make([]float64, groups)}
	if p, ok := s.values.(pixels); ok {
		z.count(s, p)
		return z
	}
	row, perRow := make([]float64, s.D), s.D/groups
	for i := range s.N {
		for j, v := range s.Row(row, i) {
			c := j % groups
			z.Mean[c] += (v - z.Mean[c]) / float64(i*perRow+j/groups+1)
		}
	}
	for i := range s.N {
		for j, v := range s.Row(row, i) {
			c := j % groups
			z.Deviation[c] += (v - z.Mean[c]) * (v - z.Mean[c]) / float64(s.N*perRow)
		}
	}
	for c, variance := range z.Deviation {
		z.deviate(c, variance)
	}
	return z
}

func (z Normalizer) deviate(c int, variance float64) {
	if z.Deviation[c] = math.Sqrt(variance); z.Deviation[c] == 0 {
		z.Deviation[c] = 1
	}
}

// count finds the same of bytes from how often each of their 256 values occurs,
// some ten times faster.
func (z Normalizer) count(s *Samples, p pixels) {
	groups := len(z.Mean)
	often := make([][256]int, groups)
	for i := range s.N {
		from := s.at(i) * s.D
		for j := 0; j < s.D; j += groups {
			for c, v := range p[from+j : from+j+groups] {
				often[c][v]++
			}
		}
	}
	for c := range often {
		n, sum, variance := 0, 0, 0.0
		for v, k := range often[c] {
			n += k
			sum += v * k
		}
		z.Mean[c] = float64(sum) / float64(n)
		for v, k := range often[c] {
			variance += float64(k) / float64(n) * (float64(v) - z.Mean[c]) * (float64(v) - z.Mean[c])
		}
		z.deviate(c, variance)
	}
}

// Prepare converts training and test rows to float64 and scales both by what
// scaling finds in the training rows.
func Prepare(train, test *Samples, scaling Scaling) (*Set, *Set, error) {
	z, err := NewNormalizer(train, scaling)
	if err != nil {
		return nil, nil, err
	}
	return train.Set(z), test.Set(z), nil
}
