package bea

// vectors makes count vectors of length dim in one piece of memory.
func vectors(count, dim int) [][]float64 {
	all := make([]float64, count*dim)
	v := make([][]float64, count)
	for i := range v {
		v[i] = all[i*dim : (i+1)*dim : (i+1)*dim]
	}
	return v
}

// addScaled does dst += c x.
func addScaled(dst []float64, c float64, x []float64) {
	for j, v := range x {
		dst[j] += c * v
	}
}

// scaleTo does dst = c x.
func scaleTo(dst []float64, c float64, x []float64) {
	for j, v := range x {
		dst[j] = c * v
	}
}
