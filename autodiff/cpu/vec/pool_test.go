package vec

import (
	"math"
	"math/rand/v2"
	"testing"
)

// poolCase is a row of windows on an image of height x width x channels.
type poolCase struct {
	kernel, stride, width, channels int
}

func (p poolCase) taps() []int {
	var taps []int
	for row := range p.kernel {
		for column := range p.kernel {
			taps = append(taps, (row*p.width+column)*p.channels)
		}
	}
	return taps
}

func (p poolCase) windows() int { return (p.width-p.kernel)/p.stride + 1 }

var poolCases = []poolCase{
	{2, 2, 8, 1}, {2, 2, 8, 3}, {2, 2, 6, 4}, {2, 2, 6, 8}, {2, 2, 4, 16}, {2, 2, 4, 32}, {2, 2, 4, 37},
	{3, 2, 9, 10}, {3, 1, 7, 5}, {1, 1, 3, 20}, {2, 1, 5, 19},
}

// The truth is the definition: the value larger than all before it and no
// smaller than all behind it. Half of the arguments are small integers, so that
// there are ties.
func TestPool(t *testing.T) { bothTypes(t, pool[float32], pool[float64]) }

func pool[T Float](t *testing.T, f *Functions[T]) {
	r := rand.New(rand.NewPCG(14, 15))
	for _, p := range poolCases {
		for trial := range 10 {
			image := randoms[T](p.kernel*p.width*p.channels, -1, 1)
			for i := range image {
				if trial%2 == 0 {
					image[i] = T(r.IntN(3))
				}
				if trial == 4 && r.IntN(9) == 0 {
					image[i] = T(math.NaN())
				}
			}
			checkPool(t, f, p, image)
		}
	}
}

func checkPool[T Float](t *testing.T, f *Functions[T], p poolCase, image []T) {
	t.Helper()
	n, taps, step := p.windows()*p.channels, p.taps(), p.stride*p.channels
	value, index, again := make([]T, n), make([]int32, n), make([]int32, n)
	f.PoolMax(value, index, image, taps, p.channels, step)
	f.PoolMax(nil, again, image, taps, p.channels, step)
	gathered := make([]T, n)
	f.PoolGather(gathered, index, image, taps, p.channels, step)
	y, scattered, want := sequence[T](n), make([]T, len(image)), make([]T, len(image))
	f.PoolScatter(scattered, taps, index, y, p.channels, step)
	for i := range index {
		place := func(k int) int { return i/p.channels*step + i%p.channels + taps[k] }
		first := 0
		for k := range taps {
			if x := image[place(k)]; x > image[place(first)] || x != x {
				first = k
			}
		}
		if int(index[i]) != first || again[i] != index[i] {
			t.Fatalf("%+v: position %d is %d and %d, want %d", p, i, index[i], again[i], first)
		}
		if x := image[place(first)]; !identical(value[i], x) || !identical(gathered[i], x) {
			t.Fatalf("%+v: value %d is %v and %v, want %v", p, i, value[i], gathered[i], x)
		}
		want[place(first)] += y[i]
	}
	for i := range want {
		if scattered[i] != want[i] {
			t.Fatalf("%+v: element %d has %v, want %v", p, i, scattered[i], want[i])
		}
	}
}

// An index that is no tap gives 0 and adds nothing.
func TestPoolForeignIndex(t *testing.T) { bothTypes(t, foreignIndex[float32], foreignIndex[float64]) }

func foreignIndex[T Float](t *testing.T, f *Functions[T]) {
	dst, image := []T{7, 7, 7}, []T{1, 2, 3, 4, 5, 6}
	index, taps := []int32{-1, 2, 1}, []int{0, 3}
	f.PoolGather(dst, index, image, taps, 3, 0)
	if dst[0] != 0 || dst[1] != 0 || dst[2] != 6 {
		t.Errorf("gathered %v", dst)
	}
	f.PoolScatter(image, taps, index, []T{10, 10, 10}, 3, 0)
	for i, want := range []T{1, 2, 3, 4, 5, 16} {
		if image[i] != want {
			t.Errorf("scattered %v", image)
		}
	}
	f.PoolMax(nil, nil, nil, nil, 1, 1)
}
