package figure

import "math"

// Thin chooses at most limit indices of y, in order, so that a line through the
// chosen points looks like the line through all of them: y is cut into equal
// buckets, and each keeps its smallest and largest finite value and one value
// that is not finite, if it has one, so that spikes and gaps survive. The first
// and last finite values are kept too. All indices are returned where y is no
// longer than limit. A limit below 8 counts as 8.
func Thin(y []float64, limit int) []int {
	limit = max(limit, 8)
	if len(y) <= limit {
		all := make([]int, len(y))
		for i := range all {
			all[i] = i
		}
		return all
	}
	first, last := -1, -1
	for i, v := range y {
		if finite(v) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	buckets := (limit - 2) / 3
	kept := make([]int, 0, limit)
	for b := range buckets {
		lo, hi := b*len(y)/buckets, (b+1)*len(y)/buckets
		low, high, gap := -1, -1, -1
		for i := lo; i < hi; i++ {
			switch v := y[i]; {
			case !finite(v):
				gap = i
			case low < 0:
				low, high = i, i
			case v < y[low]:
				low = i
			case v > y[high]:
				high = i
			}
		}
		chosen := []int{low, high, gap}
		if lo <= first && first < hi {
			chosen = append(chosen, first)
		}
		if lo <= last && last < hi {
			chosen = append(chosen, last)
		}
		kept = appendSorted(kept, chosen)
	}
	return kept
}

// appendSorted appends the non-negative indices in rising order, each once.
func appendSorted(dst, indices []int) []int {
	for {
		next := -1
		for _, i := range indices {
			if i >= 0 && (len(dst) == 0 || i > dst[len(dst)-1]) && (next < 0 || i < next) {
				next = i
			}
		}
		if next < 0 {
			return dst
		}
		dst = append(dst, next)
	}
}

// finite says whether v is neither NaN nor infinite.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
