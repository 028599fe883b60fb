package optim_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"leeway/optim"
)

// many is enough parameters for a step to be shared among goroutines, with a
// piece and a block at the end that are not whole.
const many = 5*16384 + 700

// withProcessors runs f under another GOMAXPROCS.
func withProcessors(n int, f func()) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	f()
}

// Truth: the same state on one goroutine, which works through the coordinates in
// their order. However many goroutines share a step, parameters, directions and
// memories have its bits, for every kind; so have ranges too short for vector
// functions, cut out of the same vectors.
func TestThreadsDoNotMatter(t *testing.T) {
	x := normal(rand.New(rand.NewPCG(3, 4)), 4, many)
	start, gradients := x[0], x[1:]
	for i, kind := range optim.Kinds() {
		def, _ := optim.Default(kind)
		setRegularization(def, optim.Regularization{WeightDecay: 0.1 * float64(i%2), L2: 0.1 * float64(i%3)})
		opt := mustNew(t, def, 0.05)
		walk := func(threads, from, to int) (out [][]float64) {
			withProcessors(threads, func() {
				theta, state := slices.Clone(start[from:to]), optim.NewState(opt, to-from)
				for _, g := range gradients {
					f := make([]float64, to-from)
					state.StepDirection(f, theta, g[from:to])
					out = append(out, f)
				}
				out = append(out, theta)
				for i := range opt.Rule.Averages {
					if m := state.Memory(i); m != nil {
						out = append(out, m)
					}
				}
			})
			return out
		}
		want := walk(1, 0, many)
		for _, threads := range []int{2, 3, 8} {
			for k, got := range walk(threads, 0, many) {
				if !same(got, want[k]) {
					t.Errorf("%s: vector %d of %d goroutines has other bits than that of one", kind, k, threads)
				}
			}
		}
		const cut = 1000 // and 20 coordinates from there
		for k, got := range walk(1, cut, cut+20) {
			if !same(got, want[k][cut:cut+20]) {
				t.Errorf("%s: vector %d of a short range has other bits", kind, k)
			}
		}
	}
}

// Goroutines are no reason to allocate.
func TestSharedStepAllocatesNothing(t *testing.T) {
	withProcessors(4, func() {
		x := normal(rand.New(rand.NewPCG(1, 1)), 3, many)
		state := optim.NewState(mustNew(t, optim.Adam{Beta1: 0.9, Beta2: 0.99, Eps: 1e-8}, 0.1), many)
		if n := testing.AllocsPerRun(20, func() { state.StepDirection(x[2], x[0], x[1]) }); n != 0 {
			t.Errorf("%v allocations in a step", n)
		}
	})
}

// broken is a readout with a mistake that shows in one coordinate.
type broken struct{ optim.Readout }

func (broken) Direction(dst []float64, s [][]float64, _, _ []float64) {
	for j, x := range s[0] {
		if x == 1 {
			panic("a mistake at 1")
		}
		dst[j] = x
	}
}

// A panic in whatever goroutine has the coordinate reaches the caller, who can
// use the state afterwards.
func TestPanicReachesTheCaller(t *testing.T) {
	rule := &optim.Rule{Name: "broken", Averages: []optim.Average{optim.Present("g", optim.Identity)}, Readout: broken{}}
	withProcessors(4, func() {
		state := optim.NewState(optim.Optimizer{Rule: rule, LR: 0.1}, many)
		theta, gradient := make([]float64, many), make([]float64, many)
		for _, at := range []int{0, 1, many / 2, many - 1} {
			gradient[at] = 1
			func() {
				defer func() {
					if p := recover(); !strings.Contains(fmt.Sprint(p), "a mistake at 1") {
						t.Errorf("coordinate %d: recovered %v", at, p)
					}
				}()
				state.Step(theta, gradient)
				t.Errorf("coordinate %d: no panic", at)
			}()
			gradient[at] = 0
		}
		gradient[7] = 2
		if state.Step(theta, gradient); theta[7] != -0.2 {
			t.Errorf("after a panic a step leads to %v", theta[7])
		}
	})
}
