package data

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// The truth is a count of the rows themselves, where they are on this machine,
// and otherwise what the sets say of themselves: all classes together are all
// rows.
func TestRowsOf(t *testing.T) {
	for _, name := range append(Names(), Published()...) {
		i, err := Info(name)
		if err != nil {
			t.Fatal(err)
		}
		train, test := 0, 0
		for c := range i.Classes {
			a, b, err := RowsOf(name, c)
			if err != nil || a < 1 {
				t.Fatalf("%s, class %d: %d rows, error %v", name, c, a, err)
			}
			train, test = train+a, test+b
		}
		all, rest, err := RowsOf(name)
		if train != i.N || test != i.Test || all != i.N || rest != i.Test || err != nil {
			t.Errorf("%s: %d and %d rows of all classes, want %d and %d", name, train, test, i.N, i.Test)
		}
		if _, _, err := RowsOf(name, i.Classes); err == nil || !strings.Contains(err.Error(), "Try: one of 0 to") {
			t.Errorf("%s: error %v", name, err)
		}
		if _, err := Find(name); err != nil {
			continue
		}
		if i.BuiltIn {
			all, _, err := LoadSamples(name, Settings{})
			if err != nil || !slices.Equal(countsOf(name)[0], all.Counts()) {
				t.Errorf("%s: rows of each class are said to be %v, error %v", name, countsOf(name)[0], err)
			}
		}
		chosen, apart, err := LoadSamples(name, Settings{Classes: []int{1, 0}, Test: All, Train: 1})
		if err != nil {
			t.Fatal(err)
		}
		a, b, _ := RowsOf(name, 1, 0)
		if got := chosen.N + apart.N; i.BuiltIn && got != a || !i.BuiltIn && apart.N != b {
			t.Errorf("%s: %d rows of two classes, want %d and %d", name, got, a, b)
		}
	}
	if _, _, err := RowsOf("digts", 1); err == nil || !strings.HasSuffix(err.Error(), "Try: digits") {
		t.Errorf("error %v", err)
	}
}

// Rows of one's own are chosen as those of a set with a name: the built-in one
// is the truth here, and rows whose values say where they come from.
func TestChoose(t *testing.T) {
	s := Settings{Train: 5, Test: 3, Classes: []int{7, 2}, Shuffle: true, Seed: 4}
	want, wantTest, err := LoadSamples("digits", s)
	if err != nil {
		t.Fatal(err)
	}
	got, gotTest, err := s.Choose(Digits().Samples(), nil)
	if err != nil || !slices.Equal(got.Y, want.Y) || !slices.Equal(gotTest.Set(Normalizer{}).X, wantTest.Set(Normalizer{}).X) {
		t.Errorf("other rows, error %v", err)
	}
	a, b, err := Settings{Train: 2, Test: All, Classes: []int{1, 0}}.Choose(small(5).Samples(), small(7).Samples())
	if err != nil || a.N != 2 || b.N != 7 || !slices.Equal(b.Y, []int{1, 0, 1, 0, 1, 0, 1}) {
		t.Errorf("two parts: %+v, %+v, error %v", a, b, err)
	}
	for _, s := range []Settings{{Train: 6}, {Test: 8}, {Train: -3}, {Classes: []int{2}}} {
		if _, _, err := s.Choose(small(5).Samples(), small(7).Samples()); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%+v: error %v", s, err)
		}
	}
	narrow := small(7).Samples()
	narrow.Classes = 1
	if _, _, err := (Settings{Classes: []int{1}}).Choose(small(5).Samples(), narrow); err == nil {
		t.Error("a class that the rows for testing have not")
	}
}

// The truth is Apply, image by image: copy e of image i is that image in epoch
// e, after scaling, with black around it.
func TestAugmentedRows(t *testing.T) {
	images := newImages("a", []uint8{0, 50, 100, 150, 200, 250, 9, 8, 7, 6, 5, 4}, []int{2, 3, 1}, []int{1, 0}, 2)
	z, err := NewNormalizer(images, Standard)
	if err != nil {
		t.Fatal(err)
	}
	a := Augmentation{Flip: true, Crop: 1, Seed: 5}
	s := a.Rows(images, z, 3)
	if s.N != 6 || !slices.Equal(s.Y, []int{1, 0, 1, 0, 1, 0}) || !slices.Equal(s.Shape, images.Shape) || s.Classes != 2 {
		t.Fatalf("%+v", s)
	}
	black := (0 - z.Mean[0]) / z.Deviation[0]
	a.Fill = []float64{black}
	row, want := make([]float64, 6), make([]float64, 6)
	moved := 0
	for i := range s.N {
		z.Apply(row, images.Row(row, i%2))
		a.Apply(want, row, images.Shape, i/2, i%2)
		if !slices.Equal(s.Row(i), want) {
			t.Errorf("row %d is %v, want %v", i, s.Row(i), want)
		}
		if !slices.Equal(want, row) {
			moved++
		}
	}
	if moved == 0 || math.IsNaN(black) {
		t.Error("nothing was augmented")
	}
	for _, wrong := range []func(){
		func() { a.Rows(images, z, 0) },
		func() { a.Rows(small(3).Samples(), Normalizer{}, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			wrong()
		}()
	}
}

// Standard is the scaling that suits the rows.
func TestStandardScaling(t *testing.T) {
	images := newImages("a", []uint8{0, 50, 100, 150, 200, 250}, []int{1, 1, 3}, []int{1, 0}, 2)
	for _, c := range []struct {
		rows *Samples
		want Scaling
	}{{images, PerChannel}, {small(4).Samples(), PerFeature}} {
		for _, scaling := range []Scaling{Standard, Usual} {
			got, err := NewNormalizer(c.rows, scaling)
			want, _ := NewNormalizer(c.rows, c.want)
			if err != nil || !slices.Equal(got.Mean, want.Mean) || !slices.Equal(got.Deviation, want.Deviation) {
				t.Errorf("%q: %+v, error %v", scaling, got, err)
			}
		}
	}
}
