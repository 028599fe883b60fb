//go:build unix

package gemm

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// guarded returns n elements that end right before a page that nobody may touch,
// or begin right after one. An access outside them on that side kills the test.
func guarded[T Float](t *testing.T, n int, atEnd bool) []T {
	t.Helper()
	page := unix.Getpagesize()
	bytes := n * sizeOf[T]()
	pages := roundUp(max(bytes, 1), page)
	memory, err := unix.Mmap(-1, 0, pages+2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Munmap(memory); err != nil {
			t.Error(err)
		}
	})
	for _, wall := range [][]byte{memory[:page], memory[page+pages:]} {
		if err := unix.Mprotect(wall, unix.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	start := page
	if atEnd {
		start = page + pages - bytes
	}
	x := unsafe.Slice((*T)(unsafe.Pointer(&memory[start])), n)
	copy(x, normals[T](uint64(n), n))
	return x
}

// The assembly has no bounds checks, so the memory around every operand is made
// to fault.
func TestNothingOutsideTheSlices(t *testing.T) {
	atLevels(t, func(t *testing.T) {
		for _, atEnd := range []bool{false, true} {
			guardedProducts[float32](t, atEnd)
			guardedProducts[float64](t, atEnd)
			guardedConvolutions[float32](t, atEnd)
			guardedConvolutions[float64](t, atEnd)
		}
	})
}

func guardedProducts[T Float](t *testing.T, atEnd bool) {
	for _, m := range []int{1, 2, 5, 14, 29} {
		for _, n := range []int{1, 3, 8, 16, 23, 33, 40} {
			for _, k := range []int{1, 4, 17, 40} {
				for i := range 8 {
					q := call{m: m, n: n, k: k, lda: k, ldb: n, ldc: n, transA: i&1 != 0, transB: i&2 != 0, accumulate: i&4 != 0}
					if q.transA {
						q.lda = m
					}
					if q.transB {
						q.ldb = k
					}
					na, nb, nc := q.sizes()
					c := guarded[T](t, nc, atEnd)
					a, b := guarded[T](t, na, atEnd), guarded[T](t, nb, atEnd)
					want, scale := naive(q, c, a, b)
					MatMul(nil, nil, c, q.ldc, a, q.lda, q.transA, b, q.ldb, q.transB, m, n, k, q.accumulate)
					if err := compare(c, want, scale, k); err != nil {
						t.Fatalf("%+v: %v", q, err)
					}
				}
			}
		}
	}
}

func guardedConvolutions[T Float](t *testing.T, atEnd bool) {
	for _, g := range []Geometry{
		same(1, 5, 3, 5), same(3, 4, 17, 33), outputs(Geometry{N: 2, H: 7, W: 9, C: 3, KH: 3, KW: 2, O: 19}),
		outputs(Geometry{N: 2, H: 7, W: 9, C: 3, KH: 3, KW: 2, O: 19, StrideH: 2, StrideW: 3, PadLeft: 1}),
		outputs(Geometry{N: 1, H: 3, W: 3, C: 512, KH: 3, KW: 3, O: 3, PadLeft: 1}),
		outputs(Geometry{N: 2, H: 3, W: 3, C: 7, KH: 1, KW: 1, O: 3}),
		outputs(Geometry{N: 2, H: 6, W: 8, C: 19, KH: 3, KW: 3, O: 21}), same(2, 5, 16, 17),
	} {
		x, w := guarded[T](t, g.N*g.H*g.W*g.C, atEnd), guarded[T](t, g.KH*g.KW*g.C*g.O, atEnd)
		y := guarded[T](t, g.N*g.OH*g.OW*g.O, atEnd)
		for _, ws := range []*Workspace[T]{{}, {Winograd: true}} {
			Conv(nil, ws, g, y, x, w, true)
			ConvInputGrad(nil, ws, g, x, y, w, true)
			ConvWeightGrad(nil, ws, g, w, x, y, true)
		}
	}
}
