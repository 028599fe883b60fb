package data

import (
	"math"
	"testing"
)

// Truth: the definition, row by row, and the expected shares of components.
func TestTeacher(t *testing.T) {
	for _, sparse := range [][2]int{{0, 0}, {11, 0}, {0, 4}, {11, 4}} {
		s := TeacherSettings{Rows: 2000, Features: 128, SparseTeacher: sparse[0], SparseRows: sparse[1], Seed: 3}
		set, teacher, err := Teacher(s)
		if err != nil {
			t.Fatal(err)
		}
		nonzero := 0
		for i := range set.N {
			sum := 0.0
			for j, v := range set.Row(i) {
				sum += v * teacher[j]
				if v != 0 {
					nonzero++
				}
			}
			if math.Abs(sum) > 1e-12 && (sum > 0) != (set.Y[i] == 1) {
				t.Fatalf("row %d has class %d, the teacher says %v", i, set.Y[i], sum)
			}
		}
		want := 128.0
		if sparse[1] > 0 {
			want = float64(sparse[1]) / (1 - math.Pow(1-float64(sparse[1])/128, 128)) // given one at least
		}
		if mean := float64(nonzero) / float64(set.N); math.Abs(mean-want) > 0.2 {
			t.Errorf("%v: %v components a row, want about %v", sparse, mean, want)
		}
		s.Draw = 1
		other, same, err := Teacher(s)
		if err != nil {
			t.Fatal(err)
		}
		if same[5] != teacher[5] || same[77] != teacher[77] {
			t.Error("another draw has another teacher")
		}
		equal := 0
		for i := range other.X {
			if other.X[i] == set.X[i] && set.X[i] != 0 {
				equal++
			}
		}
		if sparse[1] == 0 && equal > 0 {
			t.Errorf("%d values of another draw are the same", equal)
		}
	}
	for _, s := range []TeacherSettings{{Features: 1}, {Rows: 1}, {Rows: 1 << 20, Features: 1 << 20}, {Rows: 1, Features: 2, SparseRows: 3}, {Rows: 1, Features: 2, SparseTeacher: -1}} {
		if _, _, err := Teacher(s); err == nil {
			t.Errorf("%+v without an error", s)
		}
	}
}
