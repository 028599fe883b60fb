package data_test

import (
	"strings"
	"testing"

	"leeway/data"
)

// Truth: means of squares, by hand.
func TestShrunk(t *testing.T) {
	set := &data.Set{X: []float64{0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16, 7, 17, 8, 18}, Y: []int{1}, N: 1, D: 18, Classes: 2, Shape: []int{3, 3, 2}}
	small, err := set.Shrunk(2)
	if err != nil || len(small.X) != 2 || small.X[0] != 2 || small.X[1] != 12 || small.D != 2 || small.Y[0] != 1 {
		t.Errorf("%+v (%v), want the means 2 and 12 of two channels", small, err)
	}
	if same, err := set.Shrunk(1); err != nil || same.X[17] != 18 || len(same.X) != 18 {
		t.Errorf("%+v (%v), want the image itself", same, err)
	}
	for _, by := range []int{0, 4} {
		if _, err := set.Shrunk(by); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("shrunk by %d: error %v", by, err)
		}
	}
	if _, err := (&data.Set{X: []float64{1}, N: 1, D: 1}).Shrunk(1); err == nil {
		t.Error("no error for rows that are no images")
	}
}
