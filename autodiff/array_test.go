package autodiff_test

import (
	"testing"

	"leeway/autodiff"
)

func TestArray(t *testing.T) {
	shape := []int{2, 3}
	for _, a := range []autodiff.Array{
		autodiff.Array32(make([]float32, 6), shape...), autodiff.Array64(make([]float64, 6), shape...), autodiff.Indices(make([]int32, 6), shape...),
		autodiff.NewArray(autodiff.Float32, shape...), autodiff.NewArray(autodiff.Float64, shape...), autodiff.NewArray(autodiff.Int32, shape...),
	} {
		shape[0] = 7 // the array has its own
		if !a.Shape().Equal(autodiff.Shape{2, 3}) {
			t.Errorf("shape %v", a.Shape())
		}
		shape[0] = 2
		a.Set(4, 3.5)
		want := map[autodiff.DType]float64{autodiff.Float32: 3.5, autodiff.Float64: 3.5, autodiff.Int32: 3}[a.DType()]
		if a.At(4) != want || a.At(5) != 0 {
			t.Errorf("%v: elements %v and %v", a.DType(), a.At(4), a.At(5))
		}
		if n := len(a.Float32s()) + len(a.Float64s()) + len(a.Int32s()); n != 6 {
			t.Errorf("%v: %d elements", a.DType(), n)
		}
	}
}

// TestArrayPanics: shapes that do not fit their elements are a programmer's
// errors.
func TestArrayPanics(t *testing.T) {
	for name, f := range map[string]func(){
		"elements":  func() { autodiff.Array32(make([]float32, 5), 2, 3) },
		"negative":  func() { autodiff.Array64(make([]float64, 6), -2, -3) },
		"new":       func() { autodiff.NewArray(autodiff.Float32, 0) },
		"new dtype": func() { autodiff.NewArray(autodiff.DType(9), 2) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestNames(t *testing.T) {
	for d, want := range map[autodiff.DType]struct {
		name  string
		bytes int
	}{autodiff.Float32: {"float32", 4}, autodiff.Float64: {"float64", 8}, autodiff.Int32: {"int32", 4}} {
		if d.String() != want.name || d.Size() != want.bytes || d.IsFloat() != (d != autodiff.Int32) {
			t.Errorf("%v of %d bytes, want %v", d, d.Size(), want)
		}
	}
	seen := map[string]bool{}
	for op := autodiff.OpInvalid; op <= autodiff.OpConvWeightGrad; op++ {
		if name := op.String(); name == "" || name == "unknown" || seen[name] {
			t.Errorf("operation %d is called %q", op, name)
		} else {
			seen[name] = true
		}
	}
	if got := autodiff.Op(200).String(); got != "unknown" {
		t.Error(got)
	}
}
