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
		halves(len(x), unsafe.Slice((*float64)(to), len(x)), x, copyOf)
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
		halves(len(x), x, unsafe.Slice((*float64)(from), len(x)), copyOf)
		return
	}
	widened(x, unsafe.Slice((*float32)(from), len(x)))
}

func copyOf(dst, x []float64) { copy(dst, x) }

// parallel is the length from which two threads copy faster than one.
const parallel = 1 << 20

// halves does the work on two halves at once where it is long.
func halves(n int, dst, x []float64, work func(dst, x []float64)) {
	if n < parallel {
		work(dst, x)
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { work(dst[:n/2], x[:n/2]) })
	work(dst[n/2:], x[n/2:])
	wg.Wait()
}
