package gemm

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// results computes one of everything that is cut among threads.
func results[T Float](pool Pool) [][]T {
	var out [][]T
	for _, q := range []call{
		{m: 150, n: 130, k: 140}, {m: 600, n: 300, k: 200}, {m: 128, n: 10, k: 3000, transA: true}, {m: 60, n: 50, k: 5000, transB: true},
		{m: 900, n: 1, k: 700}, {m: 3, n: 900, k: 700, transB: true}, {m: 700, n: 2, k: 900, transA: true},
	} {
		q.lda, q.ldb, q.ldc = q.k, q.n, q.n
		if q.transA {
			q.lda = q.m
		}
		if q.transB {
			q.ldb = q.k
		}
		na, nb, nc := q.sizes()
		c := make([]T, nc)
		MatMul(pool, nil, c, q.ldc, normals[T](1, na), q.lda, q.transA, normals[T](2, nb), q.ldb, q.transB, q.m, q.n, q.k, false)
		out = append(out, c)
	}
	c := make([]T, 40*30*20)
	BatchMatMul(pool, nil, Batch{40, 30 * 64, 64 * 20, 30 * 20}, c, 20, normals[T](1, 40*30*64), 64, false, normals[T](2, 40*64*20), 20, false, 30, 20, 64, false)
	out = append(out, c)
	for _, g := range []Geometry{
		same(30, 8, 24, 40), same(17, 4, 96, 33),
		outputs(Geometry{N: 9, H: 20, W: 21, C: 16, KH: 3, KW: 3, O: 24, StrideH: 2, StrideW: 2, PadTop: 1, PadLeft: 1}),
		outputs(Geometry{N: 40, H: 8, W: 8, C: 20, KH: 1, KW: 1, O: 30}),
	} {
		x, w, y := normals[T](1, g.N*g.H*g.W*g.C), normals[T](2, g.KH*g.KW*g.C*g.O), normals[T](3, g.N*g.OH*g.OW*g.O)
		dx, dw, dy := make([]T, len(x)), make([]T, len(w)), make([]T, len(y))
		for _, ws := range []*Workspace[T]{{}, {Winograd: true}} {
			Conv(pool, ws, g, dy, x, w, false)
			ConvInputGrad(pool, ws, g, dx, y, w, false)
			ConvWeightGrad(pool, ws, g, dw, x, y, false)
			out = append(out, slices.Clone(dx), slices.Clone(dw), slices.Clone(dy))
		}
	}
	return out
}

// The truth is the result of one thread, which claims the pieces in order.
func TestSameBitsOnAnyNumberOfThreads(t *testing.T) {
	atLevels(t, func(t *testing.T) {
		sameBits[float32](t)
		sameBits[float64](t)
	})
}

func sameBits[T Float](t *testing.T) {
	want := results[T](nil)
	for _, threads := range []int{2, 7} {
		got := results[T](goroutines(threads))
		for i := range want {
			if err := equalBits(got[i], want[i]); err != nil {
				t.Errorf("result %d with %d threads and with 1: %v", i, threads, err)
			}
		}
	}
}

// The truth is a loop of MatMul, which other tests hold against its definition.
// The sums are the same sums, so the bits are.
func TestBatchIsALoop(t *testing.T) {
	atLevels(t, func(t *testing.T) {
		var ws Workspace[float32]
		rapid.Check(t, func(t *rapid.T) {
			q := drawCall(t, 60)
			na, nb, nc := q.sizes()
			count := rapid.IntRange(0, 5).Draw(t, "count")
			gap := rapid.IntRange(0, 3)
			batch := Batch{count, na + gap.Draw(t, "gap a"), nb + gap.Draw(t, "gap b"), nc + gap.Draw(t, "gap c")}
			if rapid.Bool().Draw(t, "one a") {
				batch.StrideA = 0
			}
			a, b := normals[float32](1, count*batch.StrideA+na), normals[float32](2, count*batch.StrideB+nb)
			got, want := normals[float32](3, count*batch.StrideC+nc), normals[float32](3, count*batch.StrideC+nc)
			BatchMatMul(goroutines(2), &ws, batch, got, q.ldc, a, q.lda, q.transA, b, q.ldb, q.transB, q.m, q.n, q.k, q.accumulate)
			for i := range count {
				MatMul(nil, nil, want[i*batch.StrideC:], q.ldc, a[i*batch.StrideA:], q.lda, q.transA, b[i*batch.StrideB:], q.ldb, q.transB, q.m, q.n, q.k, q.accumulate)
			}
			if err := equalBits(got, want); err != nil {
				t.Fatal(err)
			}
		})
	})
}

// Large matrices of a batch go one by one through all threads.
func TestBatchOfLargeMatrices(t *testing.T) {
	const size = 330
	a, b := normals[float32](1, 2*size*size), normals[float32](2, size*size)
	got, want := make([]float32, 2*size*size), make([]float32, 2*size*size)
	BatchMatMul(goroutines(3), nil, Batch{2, size * size, 0, size * size}, got, size, a, size, false, b, size, true, size, size, size, false)
	for i := range 2 {
		MatMul(nil, nil, want[i*size*size:], size, a[i*size*size:], size, false, b, size, true, size, size, size, false)
	}
	if err := equalBits(got, want); err != nil {
		t.Error(err)
	}
}

// twice is a pool that does not allocate: it has two threads in name only.
type twice struct{}

func (twice) Threads() int { return 2 }

func (twice) Do(pieces int, f func(piece, thread int)) {
	for i := range pieces {
		f(i, i%2)
	}
}

func TestNoAllocationInSteadyState(t *testing.T) {
	atLevels(t, func(t *testing.T) {
		var ws Workspace[float64]
		g := outputs(Geometry{N: 8, H: 9, W: 9, C: 8, KH: 3, KW: 3, O: 12, StrideH: 2, StrideW: 1, PadTop: 1, PadLeft: 1})
		x, w, y := normals[float64](1, g.N*g.H*g.W*g.C), normals[float64](2, g.KH*g.KW*g.C*g.O), normals[float64](3, g.N*g.OH*g.OW*g.O)
		a := normals[float64](4, 40*4000)
		c := make([]float64, 40*40)
		s := same(8, 8, 16, 16)
		u, v, z := normals[float64](1, 8*8*8*16), normals[float64](2, 9*16*16), normals[float64](3, 8*8*8*16)
		ws.Winograd = true
		all := func() {
			Conv(twice{}, &ws, s, z, u, v, false)
			ConvInputGrad(twice{}, &ws, s, u, z, v, false)
			ConvWeightGrad(twice{}, &ws, s, v, u, z, false)
			Conv(twice{}, &ws, g, y, x, w, false)
			ConvInputGrad(twice{}, &ws, g, x, y, w, false)
			ConvWeightGrad(twice{}, &ws, g, w, x, y, false)
			MatMul(twice{}, &ws, c, 40, a, 4000, false, a, 4000, true, 40, 40, 4000, false)
			MatMul(twice{}, &ws, c, 40, a, 40, false, a, 40, false, 40, 40, 40, false)
			MatMul(twice{}, &ws, c, 1, a, 4000, false, a, 1, false, 40, 1, 4000, false)
			BatchMatMul(twice{}, &ws, Batch{10, 100, 0, 100}, c, 10, a, 10, false, a, 10, false, 10, 10, 10, false)
		}
		if n := testing.AllocsPerRun(5, all); n != 0 {
			t.Errorf("%v allocations a round, want 0", n)
		}
	})
}
