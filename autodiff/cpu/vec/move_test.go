package vec

import (
	"fmt"
	"math"
	"testing"
)

// sequence has a different number in each place.
func sequence[T Float](n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(i + 1)
	}
	return x
}

// The truth of every movement is the index formula of its doc comment.
func TestTile(t *testing.T) { bothTypes(t, tile[float32], tile[float64]) }

func tile[T Float](t *testing.T, f *Functions[T]) {
	for _, c := range []int{1, 2, 3, 10, 100, 5000} {
		for _, n := range []int{0, 1, 2, 3, 17, 1000} {
			dst, row := make([]T, n*c), sequence[T](c)
			f.Tile(dst, row)
			for i, x := range dst {
				if x != row[i%c] {
					t.Fatalf("%d rows of %d: element %d is %v", n, c, i, x)
				}
			}
		}
	}
	f.Tile(nil, nil)
}

func TestExpand(t *testing.T) { bothTypes(t, expand[float32], expand[float64]) }

func expand[T Float](t *testing.T, f *Functions[T]) {
	for c := range 70 {
		for n := range 20 {
			// The element behind dst must stay.
			whole := sequence[T](n*c + 1)
			dst, src := whole[:n*c], sequence[T](n)
			f.Expand(dst, src, c)
			for i, x := range dst {
				if x != src[i/c] {
					t.Fatalf("%d times %d: element %d is %v", n, c, i, x)
				}
			}
			if whole[n*c] != T(n*c+1) {
				t.Fatalf("%d times %d: wrote behind dst", n, c)
			}
		}
	}
}

func TestTranspose(t *testing.T) { bothTypes(t, transpose[float32], transpose[float64]) }

func transpose[T Float](t *testing.T, f *Functions[T]) {
	sides := []int{1, 3, 4, 7, 8, 9, 15, 16, 17, 32, 45}
	for _, rows := range sides {
		for _, cols := range sides {
			for _, extra := range []int{0, 5} {
				lds, ldd := cols+extra, rows+2*extra
				src, dst := sequence[T](rows*lds), make([]T, cols*ldd)
				f.Transpose(dst, ldd, src[:(rows-1)*lds+cols], lds, rows, cols)
				for k, x := range dst {
					j, i := k/ldd, k%ldd
					want := T(0) // between rows nothing is written
					if i < rows {
						want = src[i*lds+j]
					}
					if x != want {
						t.Fatalf("%d x %d: element (%d, %d) is %v, want %v", rows, cols, j, i, x, want)
					}
				}
			}
		}
	}
	f.Transpose(nil, 0, nil, 0, 0, 5)
}

func TestConversions(t *testing.T) {
	for _, level := range []Level{Portable, AVX2, AVX512} {
		t.Run(level.String(), func(t *testing.T) {
			c, ok := conversions{goToFloat64, goToFloat32}, true
			if level != Portable {
				c, ok = assemblyConversions(level)
			}
			if !ok || level != Portable && !supported(level) {
				t.Skip("not on this CPU or in this build")
			}
			for n := range 100 {
				// Thirds need rounding; the special numbers come first.
				wide := append(specials[float64](), specials[float64]()...)
				for i := range n {
					wide = append(wide, float64(i)/3)
				}
				wide = wide[len(wide)-n:]
				narrow, back := make([]float32, n), make([]float64, n)
				c.toFloat32(narrow, wide)
				c.toFloat64(back, narrow)
				for i := range wide {
					if !identical(narrow[i], float32(wide[i])) || !identical(back[i], float64(narrow[i])) {
						t.Fatalf("%v becomes %v and %v", wide[i], narrow[i], back[i])
					}
				}
			}
		})
	}
	dst := make([]float32, 1)
	ToFloat32(dst, []float64{1e300})
	if !math.IsInf(float64(dst[0]), 1) {
		t.Errorf("1e300 in float32 is %v", dst[0])
	}
	back := make([]float64, 1)
	if ToFloat64(back, []float32{0.5}); back[0] != 0.5 {
		t.Errorf("0.5 in float64 is %v", back[0])
	}
}

func TestLevel(t *testing.T) {
	if For[float32]() != Float32 || For[float64]() != Float64 {
		t.Error("For gives other functions than Float32 and Float64")
	}
	if got := fmt.Sprint(Portable, AVX2, AVX512, Level(7)); got != "portable avx2 avx512 level(7)" {
		t.Error(got)
	}
	if _, ok := assembly[float64](Portable); ok || supported(Portable) {
		t.Error("the portable level is no assembly")
	}
	if _, ok := assemblyConversions(Portable); ok {
		t.Error("the portable conversions are no assembly")
	}
}
