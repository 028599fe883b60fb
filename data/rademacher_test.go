package data

import (
	"math"
	"slices"
	"testing"
)

// The definition: one size a row, within its bounds, the class as the first sign, and
// signs and classes that are fair coins (their mean has the deviation 1/sqrt n).
func TestRademacher(t *testing.T) {
	const rows, features = 400, 20
	s, err := Rademacher(rows, features, 7)
	if err != nil {
		t.Fatal(err)
	}
	signs, classes := 0.0, 0.0
	for i := range rows {
		row := s.Row(i)
		size := math.Abs(row[0])
		if size < 0.5 || size >= 1.5 || (row[0] > 0) != (s.Y[i] == 1) {
			t.Fatalf("row %d of class %d begins with %v", i, s.Y[i], row[0])
		}
		for _, v := range row[1:] {
			if math.Abs(v) != size {
				t.Fatalf("row %d has %v beside %v", i, v, size)
			}
			signs += math.Copysign(1, v)
		}
		classes += float64(2*s.Y[i] - 1)
	}
	if math.Abs(signs) > 4*math.Sqrt(rows*(features-1)) || math.Abs(classes) > 4*math.Sqrt(rows) {
		t.Errorf("signs add up to %v, classes to %v", signs, classes)
	}
	again, _ := Rademacher(rows, features, 7)
	other, _ := Rademacher(rows, features, 8)
	if !slices.Equal(s.X, again.X) || slices.Equal(s.X, other.X) {
		t.Error("the seed does not decide the rows")
	}
	for _, bad := range [][2]int{{0, 1}, {1, 0}, {1 << 16, 1 << 16}} {
		if _, err := Rademacher(bad[0], bad[1], 1); err == nil {
			t.Errorf("%d rows of %d features without an error", bad[0], bad[1])
		}
	}
}
