package nn

import (
	"runtime"
	"testing"

	"leeway/autodiff"
)

// heap is what a full-batch gradient takes of the heap, in bytes.
type heap struct {
	data      int // the caller's examples and labels
	copies    int // of them in the network's type
	live      int // everything else that is alive while gradients are computed
	allocated int // everything else that was ever allocated: no less than the peak
	again     int // what a further gradient allocates
	promised  int // by Stats
}

// measureHeap asks the runtime, which knows nothing of the plans. On one thread: with
// more it depends on the race for the work which of them needs a workspace, and when.
func measureHeap(n, physical int) heap {
	d := randomData(n, 10, 8, 8, 3)
	var before, first, second runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	o := must(New(d, Settings{Architecture: CNN{Channels: []int{8, 16}, Dense: 32}, PhysicalBatch: physical, Threads: 1}))
	theta, gradient := o.Start(), make([]float64, o.Dim())
	must(o.Gradient(gradient, theta, 0))
	runtime.GC()
	runtime.ReadMemStats(&first)
	must(o.Gradient(gradient, theta, 0))
	runtime.ReadMemStats(&second)
	h := heap{data: 8 * (len(d.X) + len(d.Y)), copies: autodiff.Float32.Size() * (len(d.X) + len(d.Y))}
	h.live = int(first.HeapAlloc-before.HeapAlloc) - h.copies
	h.allocated = int(first.TotalAlloc-before.TotalAlloc) - h.copies
	h.again = int(second.TotalAlloc - first.TotalAlloc)
	h.promised = must(o.Stats()).Gradient.PeakBytes
	runtime.KeepAlive(d)
	runtime.KeepAlive(theta)
	return h
}

// A gradient of five times the data takes the memory of the same physical batches.
// The truth is the runtime's count of the heap. Where the physical batch grows with
// the data, so does the memory: the measurement can tell.
func TestHeapDoesNotGrowWithTheData(t *testing.T) {
	measureHeap(10, 5) // what is made once in a process
	small, large := measureHeap(2_000, 250), measureHeap(10_000, 250)
	ratio := func(large, small int) float64 { return float64(large) / float64(small) }
	all := func(h heap) int { return h.data + h.copies + h.live }
	t.Logf("2,000 images: %+v", small)
	t.Logf("10,000 images: %+v", large)
	t.Logf("ratios: beside the data %.4f, with all that was ever allocated %.4f; data included %.2f",
		ratio(large.live, small.live), ratio(large.allocated, small.allocated), ratio(all(large), all(small)))
	for _, r := range []float64{ratio(large.live, small.live), ratio(large.allocated, small.allocated)} {
		if !(r < 1.1) {
			t.Errorf("10,000 images take %.3f times the memory of 2,000", r)
		}
	}
	for _, h := range []heap{small, large} {
		// The plan counts less than what is alive, which has parameters and graphs
		// too; a further gradient allocates next to nothing.
		if h.live < h.promised || h.again > h.live/20 {
			t.Errorf("%+v", h)
		}
	}
	if whole, part := measureHeap(1_500, 1_500), measureHeap(150, 150); ratio(whole.live, part.live) < 2 {
		t.Errorf("one physical batch of 1,500 images takes %d bytes, of 150 %d", whole.live, part.live)
	}
}
