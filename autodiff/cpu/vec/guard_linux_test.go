package vec

import (
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"
)

// A guarded region is one page between two that nobody may read or write, so
// that an access outside a slice at either end of it is a fault, which ends the
// test program.
type guarded struct {
	whole []byte
	page  []byte
	size  int
}

func newGuarded(t *testing.T) *guarded {
	t.Helper()
	size := syscall.Getpagesize()
	whole, err := syscall.Mmap(-1, 0, 3*size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	for _, outside := range [][]byte{whole[:size], whole[2*size:]} {
		if err := syscall.Mprotect(outside, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = syscall.Munmap(whole) })
	return &guarded{whole, whole[size : 2*size], size}
}

// slice is n elements at the start or the end of the page.
func slice[E any](g *guarded, n int, end bool) []E {
	all := unsafe.Slice((*E)(unsafe.Pointer(&g.page[0])), g.size/int(unsafe.Sizeof(*new(E))))
	if end {
		return all[len(all)-n:]
	}
	return all[:n]
}

func filled[T Float](x []T, value T) []T {
	for i := range x {
		x[i] = value
	}
	return x
}

// No function reads or writes outside its slices, whatever their length and
// alignment.
func TestGuardPages(t *testing.T) { bothTypes(t, guardPages[float32], guardPages[float64]) }

func guardPages[T Float](t *testing.T, f *Functions[T]) {
	var regions []*guarded
	for range 5 {
		regions = append(regions, newGuarded(t))
	}
	for _, end := range []bool{false, true} {
		for n := range 140 {
			x := make([][]T, 3)
			for i := range x {
				x[i] = filled(slice[T](regions[i], n, end), T(i)+0.5)
			}
			dst := slice[T](regions[3], n, end)
			for _, o := range operations[T]() {
				o.run(f, dst, x[:o.operands], 2)
			}
			f.AXPY(dst, 2, x[0])
			f.Sum(x[0])
			f.SumSquares(x[0])
			f.Dot(x[0], x[1])
			f.MaxOf(x[0])
			guardRows(f, regions, n, end)
		}
		guardPools(f, regions, end)
	}
}

func guardRows[T Float](f *Functions[T], regions []*guarded, n int, end bool) {
	wide, single := slice[float64](regions[0], n, end), slice[float32](regions[1], n, end)
	ToFloat64(wide, single)
	ToFloat32(single, wide)
	for _, c := range []int{1, 2, 3, 4, 7, 10, 16, 19} {
		long, short, rows := slice[T](regions[2], n/c*c, end), slice[T](regions[3], c, end), slice[T](regions[4], n/c, end)
		f.AddRows(short, long)
		f.Tile(long, short)
		f.Expand(long, rows, c)
		f.RowSums(rows, long)
		f.RowMaxima(rows, long)
		f.Transpose(slice[T](regions[0], n/c*c, end), n/c, long, c, n/c, c)
	}
}

func guardPools[T Float](f *Functions[T], regions []*guarded, end bool) {
	for c := 1; c < 40; c++ {
		taps, windows := []int{0, c, 5 * c, 6 * c}, 2
		image := filled(slice[T](regions[0], 9*c, end), 1)
		dst, index := slice[T](regions[1], windows*c, end), slice[int32](regions[2], windows*c, end)
		f.PoolMax(dst, index, image, taps, c, 2*c)
		f.PoolGather(dst, index, image, taps, c, 2*c)
		f.PoolScatter(image, taps, index, dst, c, 2*c)
	}
}

// The guards do guard: reading behind the page faults. A fault at an address
// that Go did not allocate is a panic where the program asks for it.
func TestGuardsFault(t *testing.T) {
	g := newGuarded(t)
	defer func() {
		if r := recover(); r == nil {
			t.Error("reading behind the page went well")
		}
	}()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	sink = *(*byte)(unsafe.Add(unsafe.Pointer(&g.page[0]), g.size))
}

var sink byte
