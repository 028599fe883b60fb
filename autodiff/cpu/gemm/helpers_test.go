package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

// goroutines is a Pool for tests: its threads claim pieces in an order that
// nobody decides.
type goroutines int

func (p goroutines) Threads() int { return int(p) }

func (p goroutines) Do(pieces int, f func(piece, thread int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for thread := range int(p) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < pieces; i = int(next.Add(1)) - 1 {
				f(i, thread)
			}
		})
	}
	wait.Wait()
}

// atLevels runs a test at every level that this CPU has.
func atLevels(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	for l := portable; l <= best(); l++ {
		t.Run(l.String(), func(t *testing.T) {
			force(t, l)
			test(t)
		})
	}
}

// force makes the kernels those of a level until the test ends.
func force(t testing.TB, l level) {
	active = l
	t.Cleanup(func() { active = best() })
}

// either draws a number that is as often near the upper end as near the lower:
// ranges of rapid alone yield mostly the smallest.
func either(t *rapid.T, name string, from, to int) int {
	x := rapid.IntRange(from, to).Draw(t, name)
	if rapid.Bool().Draw(t, "large "+name) {
		return from + to - x
	}
	return x
}

// unit is the distance between 1 and the next number.
func unit[T Float]() float64 {
	if sizeOf[T]() == 4 {
		return 0x1p-23
	}
	return 0x1p-52
}

// normals are n normal numbers.
func normals[T Float](seed uint64, n int) []T {
	r := rand.New(rand.NewPCG(seed, 7))
	x := make([]T, n)
	for i := range x {
		x[i] = T(r.NormFloat64())
	}
	return x
}

// compare says where got leaves the truth by more than the rounding of terms
// terms allows; scale holds the sums of the terms' absolute values.
func compare[T Float](got []T, want, scale []float64, terms int) error {
	for i, w := range want {
		// Any order of summation errs by less than (terms + 2) unit/2 of the sum of
		// absolute values, up to second order.
		bound := float64(terms+2) * unit[T]() * scale[i]
		if d := math.Abs(float64(got[i]) - w); !(d <= bound) {
			return fmt.Errorf("element %d is %v, want %v within %v", i, got[i], w, bound)
		}
	}
	return nil
}

// equalBits says where two results differ in any bit.
func equalBits[T Float](a, b []T) error {
	for i := range a {
		if math.Float64bits(float64(a[i])) != math.Float64bits(float64(b[i])) {
			return fmt.Errorf("element %d is %v and %v", i, a[i], b[i])
		}
	}
	return nil
}
