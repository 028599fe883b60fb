package vec

func goFill[T Float](dst []T, s T) {
	for i := range dst {
		dst[i] = s
	}
}

func goExpand[T Float](dst, src []T, c int) {
	for i, x := range src {
		goFill(dst[i*c:(i+1)*c], x)
	}
}

// goTranspose goes through tiles of 16 x 16, which stay in L1 on both sides.
func goTranspose[T Float](dst []T, ldd int, src []T, lds, rows, cols int) {
	const tile = 16
	for i0 := 0; i0 < rows; i0 += tile {
		for j0 := 0; j0 < cols; j0 += tile {
			width := min(tile, cols-j0)
			for i := i0; i < min(i0+tile, rows); i++ {
				for j, x := range src[i*lds+j0:][:width] {
					dst[(j0+j)*ldd+i] = x
				}
			}
		}
	}
}

func goToFloat64(dst []float64, a []float32) {
	for i, x := range a[:len(dst)] {
		dst[i] = float64(x)
	}
}

func goToFloat32(dst []float32, a []float64) {
	for i, x := range a[:len(dst)] {
		dst[i] = float32(x)
	}
}
