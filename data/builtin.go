package data

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the data files
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed digits.csv.gz
var digitsFile []byte

//go:embed breast_cancer.csv
var breastCancerFile []byte

// Each file is read once; callers get copies.
var (
	digits = sync.OnceValue(func() *Set {
		unzipped, err := gzip.NewReader(bytes.NewReader(digitsFile))
		s := builtin("digits", unzipped, err)
		s.Shape = []int{8, 8, 1}
		for i := range s.D {
			s.FeatureNames = append(s.FeatureNames, fmt.Sprintf("pixel %d,%d", i/8, i%8))
		}
		for c := range s.Classes {
			s.ClassNames = append(s.ClassNames, strconv.Itoa(c))
		}
		return s
	})
	breastCancer = sync.OnceValue(func() *Set {
		_, body, _ := bytes.Cut(breastCancerFile, []byte("\n")) // its own header
		s := builtin("breast-cancer", bytes.NewReader(body), nil)
		measures := strings.Split("radius,texture,perimeter,area,smoothness,compactness,concavity,concave points,symmetry,fractal dimension", ",")
		for _, statistic := range []string{"mean", "error of", "worst"} {
			for _, m := range measures {
				s.FeatureNames = append(s.FeatureNames, statistic+" "+m)
			}
		}
		s.ClassNames = []string{"malignant", "benign"}
		return s
	})
)

// builtin reads an embedded file. One that cannot be read is a broken build,
// which no user can mend: it panics.
func builtin(name string, r io.Reader, err error) *Set {
	var s *Set
	if err == nil {
		s, err = ReadCSV(r, name)
	}
	if err != nil {
		panic("data: the built-in data is damaged: " + err.Error())
	}
	return s
}

func (s *Set) copy() *Set {
	c := *s
	c.X, c.Y, c.Shape = slices.Clone(s.X), slices.Clone(s.Y), slices.Clone(s.Shape)
	c.FeatureNames, c.ClassNames = slices.Clone(s.FeatureNames), slices.Clone(s.ClassNames)
	return &c
}

// Digits returns 1,797 images of handwritten digits, 8 x 8 pixels row by row,
// as they were published: 0 (white) to 16. Divide by 16 before training,
// Scaled(1.0/16), as [Load] does.
//
// Source: Alpaydin and Kaynak, UCI Machine Learning Repository (1998), CC BY 4.0.
func Digits() *Set { return digits().copy() }

// BreastCancer returns 569 tumours described by 30 features of very different
// size, class 0 malignant and 1 benign. Standardize them before training, as
// [Load] does.
//
// Source: Wolberg, Mangasarian, Street and Street, UCI Machine Learning
// Repository (1995), CC BY 4.0.
func BreastCancer() *Set { return breastCancer().copy() }
