package cpu

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"leeway/autodiff/cpu/gemm"
)

var _ gemm.Pool = (*Pool)(nil)

// Every piece runs exactly once, whatever the number of threads, pieces, and
// goroutines that use pools at the same time; no thread number is used twice at
// the same time. The counts are the truth: a lost or doubled piece changes them.
func TestPoolRunsEveryPieceOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(procs)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				var p Pool
				for _, pieces := range []int{0, 1, 2, 3, 17, 200} {
					for range 20 {
						count := make([]atomic.Int32, pieces)
						busy := make([]atomic.Int32, p.Threads())
						p.Do(pieces, func(piece, thread int) {
							if busy[thread].Add(1) != 1 {
								t.Error("a thread number is used twice at the same time")
							}
							count[piece].Add(1)
							busy[thread].Add(-1)
						})
						for i := range count {
							if n := count[i].Load(); n != 1 {
								t.Errorf("piece %d of %d ran %d times", i, pieces, n)
							}
						}
					}
				}
			})
		}
		wait.Wait()
	}
}

// Workers are really used: two pieces that wait for each other need two threads.
func TestPoolRunsPiecesAtTheSameTime(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	var p Pool
	for range 20 {
		var met atomic.Int32
		p.Do(2, func(_, _ int) {
			met.Add(1)
			for met.Load() < 2 {
				runtime.Gosched()
			}
		})
	}
}

func TestPoolLimit(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	p := Pool{Limit: 1}
	if p.Threads() != 1 {
		t.Errorf("a pool limited to 1 thread has %d", p.Threads())
	}
	p.Do(100, func(_, thread int) {
		if thread != 0 {
			t.Errorf("thread %d of a pool limited to one", thread)
		}
	})
	if n := (&Pool{}).Threads(); n != 4 {
		t.Errorf("the zero pool has %d threads with GOMAXPROCS 4", n)
	}
}

func BenchmarkPool(b *testing.B) {
	var p Pool
	for b.Loop() {
		p.Do(2, func(_, _ int) {})
	}
}
