package external

import (
	"sync"
	"unsafe"
)

// slot is array i of the shared memory as bytes.
func (c *conn) slot(i int) []byte { return c.memory.data[i*c.memory.stride:] }

// put writes x into a slot of the shared memory.
func (c *conn) put(i int, x []float64) {
	if len(x) == 0 {
		return
	}
	to := unsafe.Pointer(&c.slot(i)[0])
	if c.wire.dtype == Float64 {
		copyHalves(unsafe.Slice((*float64)(to), len(x)), x)
		return
	}
	narrowed(unsafe.Slice((*float32)(to), len(x)), x)
}

// get reads x from a slot of the shared memory.
func (c *conn) get(i int, x []float64) {
	if len(x) == 0 {
		return
	}
	from := unsafe.Pointer(&c.slot(i)[0])
	if c.wire.dtype == Float64 {
		copyHalves(x, unsafe.Slice((*float64)(from), len(x)))
		return
	}
	widened(x, unsafe.Slice((*float32)(from), len(x)))
}

// parallel is the length from which two threads copy faster than one.
const parallel = 1 << 20

// copyHalves copies two halves at once where x is long.
func copyHalves(dst, x []float64) {
	if len(x) < parallel {
		copy(dst, x)
		return
	}
	n := len(x) / 2
	var wg sync.WaitGroup
	wg.Go(func() { copy(dst[:n], x[:n]) })
	copy(dst[n:], x[n:])
	wg.Wait()
}
