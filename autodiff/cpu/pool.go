package cpu

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Pool runs the pieces of a job on several threads: the goroutine that calls Do
// and helpers borrowed from workers that all pools of the process share. The
// zero Pool uses GOMAXPROCS threads; Limit lowers that. One Pool serves one
// goroutine at a time, several pools run side by side and share the workers.
type Pool struct {
	Limit   int // the largest number of threads; 0 for GOMAXPROCS
	fixed   int // what Threads returns, if not 0: one number for all of a run
	helpers []*worker
	job     job
}

// Threads is the number of threads that Do uses at most: thread numbers are
// smaller than it.
func (p *Pool) Threads() int {
	if p.fixed > 0 {
		return p.fixed
	}
	n := runtime.GOMAXPROCS(0)
	if p.Limit > 0 {
		n = min(n, p.Limit)
	}
	return n
}

// Do calls f once for every piece in 0..pieces-1 and returns when all calls have
// returned. The pieces are claimed one by one in their order; no two calls at
// the same time have the same thread number. f must not call Do of the same
// Pool.
func (p *Pool) Do(pieces int, f func(piece, thread int)) {
	want := min(p.Threads(), pieces) - 1
	if want <= 0 {
		for i := range pieces {
			f(i, 0)
		}
		return
	}
	j := &p.job
	j.f, j.pieces = f, int64(pieces)
	j.next.Store(0)
	p.helpers = workers.borrow(p.helpers[:0], want)
	j.busy.Store(int64(len(p.helpers)))
	for i, w := range p.helpers {
		w.thread = i + 1
		w.hand(j)
	}
	j.work(0)
	// A helper that has not begun by now would find nothing to do: its job is
	// taken back instead of waiting for its thread to wake up.
	for _, w := range p.helpers {
		if w.job.CompareAndSwap(j, nil) {
			workers.giveBack(w)
			j.busy.Add(-1)
		}
	}
	for spins := 0; j.busy.Load() > 0; spins++ {
		if spins > spinsBeforeYield {
			runtime.Gosched()
		}
	}
	j.f = nil
}

// job is what a call of Do shares with its helpers.
type job struct {
	f      func(piece, thread int)
	pieces int64
	_      [64]byte // the counters on cache lines of their own
	next   atomic.Int64
	_      [56]byte
	busy   atomic.Int64 // helpers that still may touch the job
}

func (j *job) work(thread int) {
	for {
		i := j.next.Add(1) - 1
		if i >= j.pieces {
			return
		}
		j.f(int(i), thread)
	}
}

// Spins are loads of one word, about a nanosecond each. A worker waits for the
// next kernel about as long as a short kernel takes before it parks, since
// waking a parked thread costs several microseconds.
const (
	spinsBeforeYield = 2000
	spinsBeforePark  = 30000
)

// worker is a goroutine that helps whoever hands it a job.
type worker struct {
	job    atomic.Pointer[job]
	thread int
	parked atomic.Bool
	wake   chan struct{}
}

func (w *worker) hand(j *job) {
	w.job.Store(j)
	if w.parked.CompareAndSwap(true, false) {
		w.wake <- struct{}{}
	}
}

func (w *worker) loop() {
	for {
		j := w.await()
		if !w.job.CompareAndSwap(j, nil) {
			continue // taken back
		}
		j.work(w.thread) // which nobody changes before the worker is given back
		workers.giveBack(w)
		j.busy.Add(-1)
	}
}

// await returns the next job, which may be taken back before it is begun.
func (w *worker) await() *job {
	for {
		for range spinsBeforePark {
			if j := w.job.Load(); j != nil {
				return j
			}
		}
		w.parked.Store(true)
		if w.job.Load() != nil && w.parked.CompareAndSwap(true, false) {
			continue
		}
		<-w.wake
	}
}

// crew is the set of workers of the process.
type crew struct {
	mu   sync.Mutex
	idle []*worker
	size int
}

var workers crew

// borrow appends up to n idle workers; it hires while there are fewer workers
// than processors beside the caller's.
func (c *crew) borrow(dst []*worker, n int) []*worker {
	c.mu.Lock()
	defer c.mu.Unlock()
	limit := runtime.GOMAXPROCS(0) - 1
	for len(c.idle) < n && c.size < limit {
		w := &worker{wake: make(chan struct{}, 1)}
		c.idle = append(c.idle, w)
		c.size++
		go w.loop()
	}
	n = min(n, len(c.idle))
	from := len(c.idle) - n
	dst = append(dst, c.idle[from:]...)
	c.idle = c.idle[:from]
	return dst
}

func (c *crew) giveBack(w *worker) {
	c.mu.Lock()
	c.idle = append(c.idle, w)
	c.mu.Unlock()
}
