package vec

import "fmt"

// PoolMax takes the maximum over each of several windows, on arrays whose
// channels are contiguous. Window p < len(index)/channels has its taps at
// src[taps[k]+p*step:][:channels]. index[p*channels+j] becomes the k of the first
// maximum of channel j; dst, which has the length of index or is nil, its value.
// NaN counts as larger than anything before it, as in PyTorch.
//
// A row of max pooling over images [N H W C] is one call: taps are the offsets
// of a window's elements in row-major order, step is the horizontal stride times
// the channels.
func (f *Functions[T]) PoolMax(dst []T, index []int32, src []T, taps []int, channels, step int) {
	if dst != nil {
		same("PoolMax", len(index), len(dst))
	}
	windows("PoolMax", len(index), len(src), taps, channels, step)
	f.kernels.poolMax(dst, index, src, taps, channels, step)
}

// PoolGather sets dst[p*channels+j] to src[taps[k]+p*step+j] with
// k = index[p*channels+j], for the windows of [Functions.PoolMax]. An index that
// is no position in taps gives 0.
func (f *Functions[T]) PoolGather(dst []T, index []int32, src []T, taps []int, channels, step int) {
	same("PoolGather", len(dst), len(index))
	windows("PoolGather", len(index), len(src), taps, channels, step)
	f.kernels.poolGather(dst, index, src, taps, channels, step)
}

// PoolScatter adds src[p*channels+j] to dst[taps[k]+p*step+j] with
// k = index[p*channels+j], the windows in their order: the adjoint of
// [Functions.PoolGather]. An index that is no position in taps adds nothing.
func (f *Functions[T]) PoolScatter(dst []T, taps []int, index []int32, src []T, channels, step int) {
	same("PoolScatter", len(src), len(index))
	windows("PoolScatter", len(index), len(dst), taps, channels, step)
	f.kernels.poolScatter(dst, taps, index, src, channels, step)
}

// windows checks that all windows lie in an array of length n.
func windows(name string, index, n int, taps []int, channels, step int) {
	if index == 0 {
		return
	}
	if channels <= 0 || index%channels != 0 || step < 0 || len(taps) == 0 {
		panic(fmt.Sprintf("vec: %s: %d positions, %d channels, %d taps, step %d", name, index, channels, len(taps), step))
	}
	last := (index/channels-1)*step + channels
	for _, tap := range taps {
		if tap < 0 || tap+last > n {
			panic(fmt.Sprintf("vec: %s: windows at tap %d end at %d of %d", name, tap, tap+last, n))
		}
	}
}
