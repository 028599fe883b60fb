package data

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The truth is what is published of these sets: class counts in the UCI
// descriptions, means in the documentation of scikit-learn and in the
// literature (mean radius 14.127). None of it comes from this reader.
func TestBuiltInSetsAreThePublishedOnes(t *testing.T) {
	d := Digits()
	if got, want := d.Counts(), []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}; !slices.Equal(got, want) {
		t.Errorf("digits: class counts %v, want %v", got, want)
	}
	if d.N != 1797 || d.D != 64 || d.Classes != 10 || len(d.X) != 1797*64 {
		t.Errorf("digits: %d x %d, %d classes", d.N, d.D, d.Classes)
	}
	total := 0.0
	for _, v := range d.X {
		if v != math.Trunc(v) || v < 0 || v > 16 {
			t.Fatalf("digits: pixel %v is no whole number in 0..16", v)
		}
		total += v
	}
	if mean := total / float64(len(d.X)); math.Abs(mean-4.884165) > 1e-6 {
		t.Errorf("digits: mean pixel %.6f, want 4.884165", mean)
	}
	if want := []float64{0, 0, 5, 13, 9, 1, 0, 0}; !slices.Equal(d.Row(0)[:8], want) || d.Y[0] != 0 {
		t.Errorf("digits: the first row starts %v, class %d", d.Row(0)[:8], d.Y[0])
	}

	b := BreastCancer()
	if got, want := b.Counts(), []int{212, 357}; !slices.Equal(got, want) {
		t.Errorf("breast cancer: class counts %v, want %v", got, want)
	}
	radius := 0.0
	for i := range b.N {
		radius += b.Row(i)[0] / float64(b.N)
	}
	if math.Abs(radius-14.127292) > 1e-6 {
		t.Errorf("breast cancer: mean radius %.6f, want 14.127292", radius)
	}
	for _, s := range []*Set{d, b} {
		if len(s.FeatureNames) != s.D || len(s.ClassNames) != s.Classes {
			t.Errorf("%s: %d feature and %d class names", s.Name, len(s.FeatureNames), len(s.ClassNames))
		}
	}
	if b.FeatureNames[0] != "mean radius" || b.FeatureNames[29] != "worst fractal dimension" || b.ClassNames[0] != "malignant" {
		t.Errorf("breast cancer: names %q ... %q, class 0 %q", b.FeatureNames[0], b.FeatureNames[29], b.ClassNames[0])
	}
}

func TestBuiltInSetsAreCopies(t *testing.T) {
	a := Digits()
	a.X[0], a.Y[0], a.FeatureNames[0] = 99, 9, "spoilt"
	if b := Digits(); b.X[0] == 99 || b.Y[0] == 9 || b.FeatureNames[0] == "spoilt" {
		t.Error("a caller's change shows in the next caller's set")
	}
}

// small is a set whose rows say where they come from.
func small(n int) *Set {
	s := &Set{Name: "small", N: n, D: 2, Classes: 2}
	for i := range n {
		s.X, s.Y = append(s.X, float64(i), float64(-i*i)), append(s.Y, i%2)
	}
	return s
}

func TestSplit(t *testing.T) {
	s := small(5)
	train, test, err := s.Split(3, 2)
	if err != nil {
		t.Fatal(err)
	}
	if train.N != 3 || test.N != 2 || test.X[0] != 3 || test.Y[1] != 0 || len(train.X) != 6 {
		t.Errorf("train %+v, test %+v", train, test)
	}
	// Appending to one part must not write into the other.
	_ = append(train.X, 77)
	if test.X[0] == 77 {
		t.Error("the parts overlap")
	}
	if _, test, err := s.Split(5, 0); err != nil || test.N != 0 {
		t.Errorf("all rows for training: %d test rows, error %v", test.N, err)
	}
	for _, c := range []struct {
		train, test int
		want        string
	}{
		{0, 1, "at least 1"}, {3, -1, "at least 0"}, {6, 0, "Try: train at most 5"}, {3, 3, "Try: test at most 2"},
		{math.MaxInt, math.MaxInt, "Try: train at most 5"}, {3, math.MaxInt, "Try: test at most 2"}, // no overflow
	} {
		if _, _, err := s.Split(c.train, c.test); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "small") {
			t.Errorf("split %d, %d: error %v, want %q", c.train, c.test, err, c.want)
		}
	}
}

func TestShuffledKeepsRowsTogether(t *testing.T) {
	s := small(100)
	a, b, c := s.Shuffled(1), s.Shuffled(1), s.Shuffled(2)
	if !cmp.Equal(a, b) {
		t.Error("one seed gave two orders")
	}
	if cmp.Equal(a, c) || cmp.Equal(a.X, s.X) {
		t.Error("the order does not depend on the seed, or nothing moved")
	}
	seen := make([]bool, s.N)
	for i := range a.N {
		from := int(a.Row(i)[0])
		if seen[from] || a.Row(i)[1] != float64(-from*from) || a.Y[i] != from%2 {
			t.Fatalf("row %d: %v, class %d", i, a.Row(i), a.Y[i])
		}
		seen[from] = true
	}
}

// The truth is the definition: mean 0 and mean square 1 on the training rows,
// and on the test rows the same affine map, found here from two training rows.
func TestStandardize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 20).Draw(t, "n")
		s := &Set{Name: "drawn", N: n + 3, D: 3, Classes: 1, Y: make([]int, n+3)}
		for range s.N {
			s.X = append(s.X, rapid.Float64Range(-1, 1).Draw(t, "x"), 1e3*rapid.Float64Range(0, 1).Draw(t, "y"), 7)
		}
		s.X[0], s.X[3], s.X[1], s.X[4] = -1, 1, 0, 1e3 // not constant
		train, test, err := s.Split(n, 3)
		if err != nil {
			t.Fatal(err)
		}
		before := slices.Clone(s.X)
		a, b := Standardize(train, test)
		if !slices.Equal(before, s.X) {
			t.Fatal("the input changed")
		}
		for j := range 3 {
			mean, square := 0.0, 0.0
			for i := range n {
				mean += a.Row(i)[j] / float64(n)
				square += a.Row(i)[j] * a.Row(i)[j] / float64(n)
			}
			want := 1.0
			if j == 2 {
				want = 0 // constant in training: centred only
			}
			if math.Abs(mean) > 1e-12 || math.Abs(square-want) > 1e-12 {
				t.Fatalf("feature %d: mean %g, mean square %g", j, mean, square)
			}
		}
		for j := range 2 {
			slope := (a.Row(1)[j] - a.Row(0)[j]) / (train.Row(1)[j] - train.Row(0)[j])
			for i := range 3 {
				want := a.Row(0)[j] + slope*(test.Row(i)[j]-train.Row(0)[j])
				if math.Abs(b.Row(i)[j]-want) > 1e-9 {
					t.Fatalf("test row %d, feature %d: %g, want %g", i, j, b.Row(i)[j], want)
				}
			}
		}
	})
}

func TestLoad(t *testing.T) {
	train, test, err := Load("digits", Settings{Train: 1000, Test: 797})
	if err != nil {
		t.Fatal(err)
	}
	if train.N != 1000 || test.N != 797 || slices.Max(train.X) != 1 || train.X[2] != 5.0/16 {
		t.Errorf("%d and %d rows, largest pixel %v", train.N, test.N, slices.Max(train.X))
	}
	if want := Digits().Scaled(1.0 / 16); !slices.Equal(want.X[:64000], train.X) || !slices.Equal(want.Y[1000:], test.Y) {
		t.Error("the pixels are not those of Digits, divided by 16")
	}
	raw, _, err := Load("digits", Settings{Scaling: Raw, Shuffle: true, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if raw.N != 1797 || slices.Max(raw.X) != 16 || slices.Equal(raw.X, Digits().X) {
		t.Errorf("raw and shuffled: %d rows, largest pixel %v", raw.N, slices.Max(raw.X))
	}
	if cancer, rest, err := Load("breast-cancer", Settings{Test: 69}); err != nil || cancer.N != 500 || rest.N != 69 || slices.Max(cancer.X) > 15 {
		t.Errorf("breast cancer: error %v", err)
	}
	if _, _, err := Load("digits", Settings{Train: 1000, Test: 900}); err == nil || !strings.Contains(err.Error(), "Try: test at most 797") {
		t.Errorf("too many rows: error %v", err)
	}
	if _, _, err := Load("digtis", Settings{}); err == nil || !strings.HasSuffix(err.Error(), "Try: digits") {
		t.Errorf("misspelt: error %v", err)
	}
}

func TestInfoMatchesTheData(t *testing.T) {
	if want := []string{"breast-cancer", "digits"}; !slices.Equal(Names(), want) {
		t.Errorf("names %v, want %v", Names(), want)
	}
	for _, name := range Names() {
		i, err := Info(name)
		if err != nil {
			t.Fatal(err)
		}
		s, _, err := Load(name, Settings{Scaling: Raw})
		if err != nil {
			t.Fatal(err)
		}
		if i.N != s.N || i.D != s.D || i.Classes != s.Classes || i.Name != s.Name || i.Licence != "CC BY 4.0" {
			t.Errorf("%s: info %+v", name, i)
		}
		if !strings.HasPrefix(i.Citation, "@misc{") || !strings.Contains(i.Source, "uci.edu") || i.Description == "" || i.Preparation == "" {
			t.Errorf("%s: info %+v", name, i)
		}
	}
	for wrong, want := range map[string]string{"Breast_Cancer": "breast-cancer", "digit": "digits", "fashion_mnist": "fashion-mnist", "": "mnist", strings.Repeat("x", 1e6): "digits"} {
		if _, err := Info(wrong); err == nil || !strings.Contains(err.Error(), "Try: ") || len(err.Error()) > 150 {
			t.Errorf("%.20q: error %v", wrong, err)
		} else if len(wrong) < 20 && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", wrong, err, want)
		}
	}
}
