package optim

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	// block is the number of coordinates that a step works on at a time, so that
	// all passes over them stay in the first-level cache.
	block = 512
	// piece is the number of coordinates that a goroutine takes at a time.
	piece = 32 * block
	// shared is the least number of coordinates for which a step is shared: one
	// goroutine then takes about as long as it takes to wake twenty others.
	shared = 4 * piece
)

// task is what a step is given.
type task struct {
	dst, theta, gradient []float64
	h                    float64
}

// crew is the workers of a state. The first works on the goroutine of the
// caller; the others on goroutines that live for a step each, so that a state
// needs no closing: starting one costs about a microsecond and, after the first
// step, no memory.
type crew struct {
	workers  []*worker
	task     task
	next     atomic.Int64 // the piece to be taken next
	busy     sync.WaitGroup
	panicked atomic.Pointer[any]
}

// worker is the room that one goroutine needs.
type worker struct {
	gradient []float64   // one block of the regularised gradient
	buffer   [][]float64 // one block of each accumulator
	value    [][]float64 // the part of buffer that the present block fills
	f        []float64   // one block of the direction
	run      func()      // the worker's part of a step, as a goroutine
}

// hire makes the workers: one for few coordinates, else one a processor.
func (s *State) hire() {
	n := 1
	if s.dim >= shared {
		n = min(runtime.GOMAXPROCS(0), s.dim/piece)
	}
	r, room := len(s.memory), min(block, s.dim)
	for range n {
		w := &worker{gradient: make([]float64, room), buffer: make([][]float64, r), value: make([][]float64, r), f: make([]float64, room)}
		for i := range w.buffer {
			w.buffer[i] = make([]float64, room)
		}
		w.run = func() {
			defer s.crew.busy.Done()
			s.guarded(w)
		}
		s.crew.workers = append(s.crew.workers, w)
	}
}

// share lets all workers do a task. A panic of one of them, of a readout that is
// not this package's, becomes a panic of the caller, who can recover from it.
func (s *State) share(t task) {
	c := &s.crew
	c.task = t
	if helpers := c.workers[1:]; len(helpers) == 0 {
		s.part(c.workers[0], 0, s.dim)
	} else {
		c.next.Store(0)
		c.busy.Add(len(helpers))
		for _, w := range helpers {
			go w.run()
		}
		s.guarded(c.workers[0])
		c.busy.Wait()
		if p := c.panicked.Swap(nil); p != nil {
			panic(*p)
		}
	}
	c.task = task{} // the caller's memory is not ours to keep
}

// guarded is work that keeps a panic for the caller.
func (s *State) guarded(w *worker) {
	defer func() {
		if p := recover(); p != nil {
			s.crew.keep(p)
		}
	}()
	s.work(w)
}

// keep is a function of its own since what it stores is on the heap.
func (c *crew) keep(p any) { c.panicked.Store(&p) }

// work does pieces of the task until there are none left.
func (s *State) work(w *worker) {
	for {
		begin := int(s.crew.next.Add(1)-1) * piece
		if begin >= s.dim {
			return
		}
		s.part(w, begin, min(begin+piece, s.dim))
	}
}

// part does the task for the coordinates from begin to end.
func (s *State) part(w *worker, begin, end int) {
	for low := begin; low < end; low += block {
		s.step(w, low, min(low+block, end))
	}
}

// step does the task for the coordinates from low to high, a block at most.
func (s *State) step(w *worker, low, high int) {
	t, rule, size := &s.crew.task, s.opt.Rule, high-low
	theta, g := t.theta[low:high], t.gradient[low:high]
	if rule.L2 != 0 && rule.Direction == nil {
		regularised := w.gradient[:size]
		l2 := math.Ldexp(rule.L2, s.exponent)
		for j, x := range g {
			regularised[j] = x + float64(l2*theta[j])
		}
		g = regularised
	}
	for i, a := range rule.Averages {
		value := w.buffer[i][:size]
		w.value[i] = value
		q := g
		if a.Of != Identity { // of which there is no need to have a copy
			q = value
			a.Of.Apply(q, g)
		}
		scale := 1.0
		if a.Corrected {
			scale = 1 / s.total[i]
		}
		var memory []float64
		if s.memory[i] != nil {
			memory = s.memory[i][low:high]
		}
		a.Update(value, memory, q, scale)
	}
	room := w.f[:size]
	f := room
	if t.dst != nil {
		f = t.dst[low:high]
	}
	if s.exponent == 0 {
		rule.Readout.Direction(f, w.value, theta, s.total)
	} else {
		rule.Readout.(Scalable).DirectionScaled(f, w.value, theta, s.total, s.exponent)
	}
	descend(theta, room, f, t.h)
}
