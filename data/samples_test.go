package data

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// numbered are n images of 2 x 1 pixels and 3 channels whose values say where
// they come from: value j of row i is 6i + j mod 256. Row i has class i mod 4.
func numbered(n int) *Samples {
	var values []uint8
	var y []int
	for i := range n {
		for j := range 6 {
			values = append(values, uint8(6*i+j))
		}
		y = append(y, i%4)
	}
	s := newImages("numbered", values, []int{2, 1, 3}, y, 4)
	s.ClassNames = []string{"a", "b", "c", "d"}
	return s
}

// from is the row of numbered that row i of s was.
func from(s *Samples, i int) int { return int(s.Row(make([]float64, 6), i)[0]) / 6 }

// Chosen rows are those that a list of row numbers, kept beside them, names.
func TestChoicesKeepRowsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := numbered(40)
		rows := make([]int, s.N)
		for i := range rows {
			rows[i] = i
		}
		for range rapid.IntRange(0, 4).Draw(t, "steps") {
			if s.N == 0 {
				break
			}
			chosen := rapid.SliceOfN(rapid.IntRange(0, s.N-1), 0, 20).Draw(t, "rows")
			var next []int
			for _, r := range chosen {
				next = append(next, rows[r])
			}
			s, rows = s.Take(chosen), next
		}
		if s.N != len(rows) || len(s.Y) != s.N {
			t.Fatalf("%d rows, want %d", s.N, len(rows))
		}
		for i, r := range rows {
			if from(s, i) != r || s.Y[i] != r%4 {
				t.Fatalf("row %d is %d of class %d, want %d", i, from(s, i), s.Y[i], r)
			}
		}
	})
}

func TestOfClasses(t *testing.T) {
	s, err := numbered(10).Shuffled(1).OfClasses(3, 0)
	if err != nil {
		t.Fatal(err)
	}
	if s.N != 5 || s.Classes != 2 || !slices.Equal(s.ClassNames, []string{"d", "a"}) {
		t.Errorf("%d rows, %d classes %v", s.N, s.Classes, s.ClassNames)
	}
	for i, c := range s.Y {
		if want := map[int]int{3: 0, 0: 1}[from(s, i)%4]; c != want {
			t.Errorf("row %d of class %d, want %d", from(s, i), c, want)
		}
	}
	for _, c := range []struct {
		classes []int
		want    string
	}{{nil, "rows of no class"}, {[]int{4}, "no class 4. Try: one of 0 to 3"}, {[]int{-1}, "no class -1"}, {[]int{1, 1}, "class 1 is given twice"}} {
		if _, err := numbered(10).OfClasses(c.classes...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("classes %v: error %v", c.classes, err)
		}
	}
}

// The order is that of the rows as a Set, whose shuffling and splitting have
// tests of their own.
func TestSamplesAreTheSetsRows(t *testing.T) {
	set := small(30)
	a, b := set.Samples().Shuffled(5).Set(Normalizer{}), set.Shuffled(5)
	if !slices.Equal(a.X, b.X) || !slices.Equal(a.Y, b.Y) || a.Shape != nil {
		t.Error("samples and set are shuffled differently")
	}
	train, test, err := set.Samples().Shuffled(5).Split(20, 7)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(train.Set(Normalizer{}).X, b.X[:40]) || !slices.Equal(test.Set(Normalizer{}).X, b.X[40:54]) {
		t.Error("samples and set are split differently")
	}
	if _, _, err := set.Samples().Split(31, 0); err == nil {
		t.Error("more rows than there are")
	}
	if got := numbered(3).Set(Normalizer{}); !slices.Equal(got.Shape, []int{2, 1, 3}) || got.X[7] != 7 {
		t.Errorf("a set %+v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a row went into a slice of another size")
		}
	}()
	numbered(1).Row(make([]float64, 5), 0)
}

// The truth is the definition: after the map, the training values of each group
// have mean 0 and mean square 1. The rows come as bytes, counted, and as
// numbers, summed up: two ways to one result.
func TestNormalizer(t *testing.T) {
	images := numbered(40).Shuffled(2).slice(3, 33)
	numbers := images.Set(Normalizer{}).Samples()
	for _, c := range []struct {
		scaling Scaling
		groups  int
	}{{Global, 1}, {PerChannel, 3}, {Usual, 3}, {PerFeature, 6}} {
		var both [2]Normalizer
		for i, s := range []*Samples{images, numbers} {
			z, err := NewNormalizer(s, c.scaling)
			if err != nil {
				t.Fatal(err)
			}
			both[i] = z
			sum, square := make([]float64, c.groups), make([]float64, c.groups)
			set := s.Set(z)
			for j, v := range set.X {
				sum[j%c.groups] += v
				square[j%c.groups] += v * v
			}
			n := float64(len(set.X) / c.groups)
			for g := range c.groups {
				if math.Abs(sum[g]/n) > 1e-12 || math.Abs(square[g]/n-1) > 1e-12 {
					t.Errorf("%q, group %d: mean %g, mean square %g", c.scaling, g, sum[g]/n, square[g]/n)
				}
			}
		}
		for g := range c.groups {
			if math.Abs(both[0].Mean[g]-both[1].Mean[g]) > 1e-10 || math.Abs(both[0].Deviation[g]-both[1].Deviation[g]) > 1e-10 {
				t.Errorf("%q: bytes give %v, numbers %v", c.scaling, both[0], both[1])
			}
		}
		if black := both[0].Black(); math.Abs(black[0]+both[0].Mean[0]/both[0].Deviation[0]) > 1e-15 {
			t.Errorf("%q: black is %v", c.scaling, black)
		}
	}
	// A value that is always the same is only centred.
	same := newImages("same", []uint8{7, 9, 7, 9}, []int{1, 1, 2}, []int{0, 0}, 1)
	if z, _ := NewNormalizer(same, PerChannel); !slices.Equal(z.Mean, []float64{7, 9}) || !slices.Equal(z.Deviation, []float64{1, 1}) {
		t.Errorf("constant channels: %+v", z)
	}
	for scaling, want := range map[Scaling][2]float64{Raw: {0, 255}, Unit: {0, 1}, Symmetric: {-1, 1}} {
		z, err := NewNormalizer(images, scaling)
		if err != nil {
			t.Fatal(err)
		}
		got := []float64{0, 255}
		z.Apply(got, got)
		if !slices.Equal(got, want[:]) || z.Black()[0] != want[0] {
			t.Errorf("%s maps 0 and 255 to %v", scaling, got)
		}
	}
	flat := small(4).Samples()
	for scaling, want := range map[Scaling]string{Unit: "no largest one. Try: global", PerChannel: "no channels. Try: feature", "chanel": "unknown scaling \"chanel\". Try: channel", "xxxxxxx": "Try: global"} {
		if _, _, err := Prepare(flat, flat, scaling); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", scaling, err)
		}
	}
}

// Standardize has a test of its own; the scaling by feature gives its bits.
func TestPerFeatureIsStandardize(t *testing.T) {
	train, test, err := BreastCancer().Split(400, 169)
	if err != nil {
		t.Fatal(err)
	}
	wantTrain, wantTest := Standardize(train, test)
	gotTrain, gotTest, err := Prepare(train.Samples(), test.Samples(), PerFeature)
	if err != nil || !slices.Equal(gotTrain.X, wantTrain.X) || !slices.Equal(gotTest.X, wantTest.X) {
		t.Errorf("different values, error %v", err)
	}
}

func TestLoadBuiltIn(t *testing.T) {
	train, test, err := Load("digits", Settings{Classes: []int{2, 7}, Train: 100, Test: All, Shuffle: true})
	if err != nil {
		t.Fatal(err)
	}
	if train.N != 100 || test.N != 177+179-100 || train.Classes != 2 || !slices.Equal(train.Shape, []int{8, 8, 1}) || slices.Max(train.X) != 1 {
		t.Errorf("%d and %d rows, %d classes, shape %v", train.N, test.N, train.Classes, train.Shape)
	}
	if all, rest, err := Load("digits", Settings{Train: All, Scaling: Symmetric}); err != nil || all.N != 1797 || rest.N != 0 || slices.Min(all.X) != -1 {
		t.Errorf("all digits: error %v", err)
	}
	for _, c := range []struct {
		name string
		s    Settings
		want string
	}{
		{"digits", Settings{Test: All}, "all rows for training and all for testing"},
		{"digits", Settings{Classes: []int{10}}, "no class 10"},
		{"digits", Settings{Scaling: "unitt"}, "Try: unit"},
		{"cifar10", Settings{}, "Try: cifar-10"},
		{"cifar10", Settings{Scaling: Raw}, "Try: cifar-10"},
	} {
		if _, _, err := Load(c.name, c.s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %+v: error %v, want %q", c.name, c.s, err, c.want)
		}
	}
}
