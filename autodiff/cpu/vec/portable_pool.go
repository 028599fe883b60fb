package vec

func goPoolMax[T Float](dst []T, index []int32, src []T, taps []int, c, step int) {
	for start := 0; len(index) > 0; start += step {
		best := index[:c]
		for j := range best {
			first, position := src[start+taps[0]+j], int32(0)
			for k, tap := range taps[1:] {
				if x := src[start+tap+j]; x > first || x != x {
					first, position = x, int32(k+1)
				}
			}
			best[j] = position
			if dst != nil {
				dst[j] = first
			}
		}
		index = index[c:]
		if dst != nil {
			dst = dst[c:]
		}
	}
}

func goPoolGather[T Float](dst []T, index []int32, src []T, taps []int, c, step int) {
	for start := 0; len(index) > 0; start += step {
		for j, k := range index[:c] {
			dst[j] = 0
			if uint(k) < uint(len(taps)) {
				dst[j] = src[start+taps[k]+j]
			}
		}
		dst, index = dst[c:], index[c:]
	}
}

func goPoolScatter[T Float](dst []T, taps []int, index []int32, src []T, c, step int) {
	for start := 0; len(index) > 0; start += step {
		for j, k := range index[:c] {
			if uint(k) < uint(len(taps)) {
				dst[start+taps[k]+j] += src[j]
			}
		}
		src, index = src[c:], index[c:]
	}
}
