package vec

import "fmt"

// Fill sets every element of dst to s.
func (f *Functions[T]) Fill(dst []T, s T) { f.kernels.fill(dst, s) }

// Copy copies a into dst; any overlap is right.
func (f *Functions[T]) Copy(dst, a []T) {
	same("Copy", len(dst), len(a))
	copy(dst, a)
}

// Transpose sets dst[j*ldd+i] to src[i*lds+j] for i < rows, j < cols: src is
// rows x cols with rows lds apart, dst is cols x rows with rows ldd apart. The
// two must not overlap.
func (f *Functions[T]) Transpose(dst []T, ldd int, src []T, lds, rows, cols int) {
	if rows <= 0 || cols <= 0 {
		return
	}
	if ldd < rows || lds < cols || len(src) < (rows-1)*lds+cols || len(dst) < (cols-1)*ldd+rows {
		panic(fmt.Sprintf("vec: Transpose: %d x %d does not fit src (length %d, leading dimension %d) or dst (length %d, leading dimension %d)",
			rows, cols, len(src), lds, len(dst), ldd))
	}
	for _, tile := range f.kernels.tiles {
		if t := tile.side; t <= min(rows, cols) {
			// What whole tiles leave at the bottom and on the right is covered by
			// tiles that overlap them: those elements are written twice.
			r, c := rows/t*t, cols/t*t
			tile.run(dst, ldd, src, lds, r, c)
			if c < cols {
				tile.run(dst[(cols-t)*ldd:], ldd, src[cols-t:], lds, r, t)
			}
			if r < rows {
				tile.run(dst[rows-t:], ldd, src[(rows-t)*lds:], lds, t, c)
			}
			if r < rows && c < cols {
				tile.run(dst[(cols-t)*ldd+rows-t:], ldd, src[(rows-t)*lds+cols-t:], lds, t, t)
			}
			return
		}
	}
	goTranspose(dst, ldd, src, lds, rows, cols)
}

// ToFloat64 converts a into dst, exactly.
func ToFloat64(dst []float64, a []float32) {
	same("ToFloat64", len(dst), len(a))
	converters.toFloat64(dst, a)
}

// ToFloat32 converts a into dst, rounded to nearest even; what is too large
// becomes infinite.
func ToFloat32(dst []float32, a []float64) {
	same("ToFloat32", len(dst), len(a))
	converters.toFloat32(dst, a)
}

// conversions is what a level provides beside its [kernels].
type conversions struct {
	toFloat64 func(dst []float64, a []float32)
	toFloat32 func(dst []float32, a []float64)
}

var converters = bestConversions()

func bestConversions() conversions {
	best := conversions{goToFloat64, goToFloat32}
	for _, level := range []Level{AVX2, AVX512} {
		if c, ok := assemblyConversions(level); ok && supported(level) {
			best = c
		}
	}
	return best
}
