package gemm

import (
	"strings"
	"testing"
)

// Every misuse panics before anything is computed, and says what is wrong.
func TestPanics(t *testing.T) {
	s := func(n int) []float32 { return make([]float32, n) }
	g := same(1, 4, 2, 3)
	conv := func(change func(g *Geometry), x, w, y int) func() {
		return func() {
			g := g
			change(&g)
			Conv(nil, nil, g, s(y), s(x), s(w), false)
		}
	}
	keep := func(*Geometry) {}
	for _, test := range []struct {
		want string
		call func()
	}{
		{"matrix a needs 6 elements and has 5", func() { MatMul(nil, nil, s(4), 2, s(5), 3, false, s(6), 2, false, 2, 2, 3, false) }},
		{"matrix b needs 6 elements and has 5", func() { MatMul(nil, nil, s(4), 2, s(6), 3, false, s(5), 2, false, 2, 2, 3, false) }},
		{"matrix c needs 4 elements and has 3", func() { MatMul(nil, nil, s(3), 2, s(6), 3, false, s(6), 2, false, 2, 2, 3, false) }},
		{"matrix a has rows of 3 elements at a distance of 2", func() { MatMul(nil, nil, s(4), 2, s(6), 2, false, s(6), 2, false, 2, 2, 3, false) }},
		{"matrix a has -1 rows", func() { MatMul(nil, nil, s(4), 2, s(6), 3, false, s(6), 2, false, -1, 2, 3, false) }},
		{"matrix a needs", func() {
			BatchMatMul(nil, nil, Batch{3, 6, 0, 4}, s(12), 2, s(17), 3, false, s(6), 2, false, 2, 2, 3, false)
		}},
		{"negative count", func() {
			BatchMatMul(nil, nil, Batch{Count: -1}, s(4), 2, s(6), 3, false, s(6), 2, false, 2, 2, 3, false)
		}},
		{"x needs 32 elements and has 31", conv(keep, 31, 54, 48)},
		{"w needs 54 elements and has 53", conv(keep, 32, 53, 48)},
		{"y needs 48 elements and has 47", conv(keep, 32, 54, 47)},
		{"PadLeft is -1", conv(func(g *Geometry) { g.PadLeft = -1 }, 32, 54, 48)},
		{"4 output rows need 6 padded input rows and there are 5", conv(func(g *Geometry) { g.PadTop = 0 }, 32, 54, 48)},
		{"4 output columns need 9 padded input columns and there are 6", conv(func(g *Geometry) { g.StrideW = 2 }, 32, 54, 48)},
		{"x needs", func() { ConvInputGrad(nil, nil, g, s(31), s(48), s(54), false) }},
		{"w needs", func() { ConvWeightGrad(nil, nil, g, s(53), s(32), s(48), false) }},
	} {
		if got := caught(test.call); !strings.HasPrefix(got, "gemm: ") || !strings.Contains(got, test.want) {
			t.Errorf("panic is %q, want one with %q", got, test.want)
		}
	}
}

func caught(f func()) (message string) {
	defer func() { message, _ = recover().(string) }()
	f()
	return ""
}

// Empty sums are zero, and empty results are left alone.
func TestEmpty(t *testing.T) {
	c := []float64{1, 2, 3}
	MatMul(nil, nil, c, 2, nil, 0, false, nil, 1, false, 2, 1, 0, true)
	MatMul(nil, nil, c, 3, nil, 0, false, nil, 1, false, 0, 1, 0, false)
	BatchMatMul(nil, nil, Batch{}, c, 3, nil, 0, false, nil, 1, false, 1, 1, 0, false)
	if c[0] != 1 || c[2] != 3 {
		t.Errorf("c is %v, want it untouched", c)
	}
	MatMul(nil, nil, c, 2, nil, 0, false, nil, 1, false, 2, 1, 0, false)
	if c[0] != 0 || c[1] != 2 || c[2] != 0 {
		t.Errorf("c is %v, want zeros in its column and 2 between", c)
	}
	none := outputs(Geometry{N: 1, H: 1, W: 1, C: 1, KH: 2, KW: 2, O: 1})
	ConvInputGrad(nil, nil, none, c[1:2], nil, make([]float64, 4), false)
	if c[1] != 0 {
		t.Errorf("dx is %v, want 0: no output saw it", c[1])
	}
	w := []float64{1, 2, 3, 4}
	ConvWeightGrad(nil, nil, none, w, c, nil, false)
	if [4]float64(w) != [4]float64{} {
		t.Errorf("dw is %v, want 0", w)
	}
	noTaps := Geometry{N: 1, H: 1, W: 1, C: 1, O: 2, OH: 1, OW: 1}
	y := []float64{1, 2}
	Conv(nil, nil, noTaps, y, c, nil, false)
	if y[0] != 0 || y[1] != 0 {
		t.Errorf("y is %v, want 0: there are no taps", y)
	}
	Conv(nil, nil, none, nil, c, w, false)
	ConvWeightGrad(nil, nil, noTaps, nil, c, y, false)
	ConvInputGrad(nil, nil, Geometry{}, nil, y, nil, false)
}

// The comparison that the other tests rest on notices a lost term.
func TestCompareNotices(t *testing.T) {
	q := call{m: 9, n: 7, k: 30, lda: 30, ldb: 7, ldc: 7}
	a, b, c := normals[float32](1, 270), normals[float32](2, 210), make([]float32, 63)
	want, scale := naive(q, c, a, b)
	MatMul(nil, nil, c, 7, a, 30, false, b, 7, false, 9, 7, 30, false)
	if err := compare(c, want, scale, 30); err != nil {
		t.Fatal(err)
	}
	MatMul(nil, nil, c, 7, a, 30, false, b, 7, false, 9, 7, 29, false)
	if compare(c, want, scale, 30) == nil {
		t.Error("a product without its last term passes")
	}
	c[5] = float32(want[5])
	if equalBits(c, c[1:]) == nil {
		t.Error("different results count as equal")
	}
}
