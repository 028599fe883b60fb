package data

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Samples is a data set as its file has it: the values keep their type, a byte
// a pixel, until rows are asked for, so that 60,000 images of 28 x 28 pixels
// take 47 MB and not the 376 MB of a float64 matrix. The methods never change
// samples, and those that choose rows copy no values.
type Samples struct {
	// Name is what messages call the samples.
	Name string
	// Shape of a row: [height width channels] of an image, channels last, or
	// [features].
	Shape []int
	// Y holds the class of each row, 0 ... Classes-1.
	Y []int
	// N, D and Classes are the numbers of rows, of values in each, and of
	// classes.
	N, D, Classes int
	// Top is the largest value that the type of the data allows: 255 for the
	// pixels of images. It is 0 where there is none.
	Top float64
	// FeatureNames (D) and ClassNames (Classes) may be nil.
	FeatureNames, ClassNames []string

	values store
	rows   []int // row i is number rows[i] of values; nil: number i
}

// store holds values in the type that they have in a file.
type store interface {
	// read puts the values from the given one on into dst.
	read(dst []float64, from int)
}

// pixels are values of one byte.
type pixels []uint8

func (p pixels) read(dst []float64, from int) {
	for j, v := range p[from : from+len(dst)] {
		dst[j] = float64(v)
	}
}

// floats are values that were numbers from the beginning.
type floats []float64

func (f floats) read(dst []float64, from int) { copy(dst, f[from:from+len(dst)]) }

var _, _ store = pixels(nil), floats(nil)

// newImages makes samples of n images with classes y. shape has three sizes.
func newImages(name string, values pixels, shape []int, y []int, classes int) *Samples {
	return &Samples{
		Name: name, Shape: shape, Y: y, Classes: classes, Top: 255,
		N: len(y), D: shape[0] * shape[1] * shape[2], values: values,
	}
}

// Samples are the rows of the set, sharing its memory.
func (s *Set) Samples() *Samples {
	shape := s.Shape
	if shape == nil {
		shape = []int{s.D}
	}
	return &Samples{
		Name: s.Name, Shape: shape, Y: s.Y, N: s.N, D: s.D, Classes: s.Classes,
		FeatureNames: s.FeatureNames, ClassNames: s.ClassNames, values: floats(s.X),
	}
}

// Row puts row i into dst, as it is in the file, and returns dst. It panics
// unless dst has D values.
func (s *Samples) Row(dst []float64, i int) []float64 {
	if len(dst) != s.D {
		panic(fmt.Sprintf("data: a row of %d values into %d", s.D, len(dst)))
	}
	s.values.read(dst, s.at(i)*s.D)
	return dst
}

// at is the number of row i in the store.
func (s *Samples) at(i int) int {
	if s.rows == nil {
		return i
	}
	return s.rows[i]
}

// Set converts all rows to float64, eight bytes a value, and maps them by z.
func (s *Samples) Set(z Normalizer) *Set {
	set := &Set{
		Name: s.Name, X: make([]float64, s.N*s.D), Y: slices.Clone(s.Y), N: s.N, D: s.D, Classes: s.Classes,
		FeatureNames: s.FeatureNames, ClassNames: s.ClassNames,
	}
	if s.image() {
		set.Shape = slices.Clone(s.Shape)
	}
	for i := range s.N {
		row := set.Row(i)
		z.Apply(row, s.Row(row, i))
	}
	return set
}

// image tells whether the rows are images.
func (s *Samples) image() bool { return len(s.Shape) == 3 }

// Counts is the number of rows of each class.
func (s *Samples) Counts() []int { return (&Set{Y: s.Y, Classes: s.Classes}).Counts() }

// Take chooses rows by number, in the order given; a row may occur repeatedly.
// It panics if there is no such row.
func (s *Samples) Take(rows []int) *Samples {
	part := *s
	part.N, part.Y, part.rows = len(rows), make([]int, len(rows)), make([]int, len(rows))
	for i, r := range rows {
		part.Y[i], part.rows[i] = s.Y[r], s.at(r)
	}
	return &part
}

// OfClasses chooses the rows of some classes, in the order of the rows. The
// classes are numbered anew, in the order given: after OfClasses(2, 7) the twos
// are class 0 and the sevens class 1. No class, one that does not exist, and
// one given twice are errors.
func (s *Samples) OfClasses(classes ...int) (*Samples, error) {
	if len(classes) == 0 {
		return nil, fmt.Errorf("data: %s: rows of no class. Try: at least one of 0 to %d", s.Name, s.Classes-1)
	}
	number := make([]int, s.Classes)
	for i := range number {
		number[i] = -1
	}
	var names []string
	for i, c := range classes {
		switch {
		case c < 0 || c >= s.Classes:
			return nil, fmt.Errorf("data: %s: no class %d. Try: one of 0 to %d", s.Name, c, s.Classes-1)
		case number[c] >= 0:
			return nil, fmt.Errorf("data: %s: class %d is given twice. Try: each class once", s.Name, c)
		}
		number[c] = i
		if s.ClassNames != nil {
			names = append(names, s.ClassNames[c])
		}
	}
	var rows []int
	for i, c := range s.Y {
		if number[c] >= 0 {
			rows = append(rows, i)
		}
	}
	part := s.Take(rows)
	for i, c := range part.Y {
		part.Y[i] = number[c]
	}
	part.Classes, part.ClassNames = len(classes), names
	return part, nil
}

// Shuffled puts the rows into an order drawn from seed, the one of
// [Set.Shuffled].
func (s *Samples) Shuffled(seed uint64) *Samples {
	return s.Take(rand.New(rand.NewPCG(seed, 0x64617461)).Perm(s.N)) // stream "data"
}

// Split takes the first train rows for training and the following test rows
// for testing. test may be 0; asking for more rows than there are is an error.
func (s *Samples) Split(train, test int) (*Samples, *Samples, error) {
	if err := checkSplit(s.Name, s.N, train, test); err != nil {
		return nil, nil, err
	}
	return s.slice(0, train), s.slice(train, train+test), nil
}

func (s *Samples) slice(lo, hi int) *Samples {
	rows := make([]int, hi-lo)
	for i := range rows {
		rows[i] = lo + i
	}
	return s.Take(rows)
}
