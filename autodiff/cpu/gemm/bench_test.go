package gemm

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// Benchmarks report GFLOP/s; for Winograd's algorithm those of the direct sum, so
// that the rates compare. Compare with BenchmarkRoof, the rate of fused
// multiply-adds in registers, which no
// direct sum exceeds. The number of threads is in
// the names.

// measure reports the mean rate, and the rate of the fastest repetition, which is
// the one to quote from a machine with other work.
func measure(b *testing.B, flops float64, f func()) {
	f() // grows the workspace
	b.ReportAllocs()
	fastest := math.Inf(1)
	for b.Loop() {
		start := time.Now()
		f()
		fastest = min(fastest, time.Since(start).Seconds())
	}
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	b.ReportMetric(flops/fastest/1e9, "best-GFLOP/s")
}

func bothTypes(b *testing.B, threads []int, f32, f64 func(b *testing.B, pool Pool)) {
	for _, n := range threads {
		var pool Pool
		if n > 1 {
			pool = goroutines(n)
		}
		b.Run(fmt.Sprintf("float32/threads=%d", n), func(b *testing.B) { f32(b, pool) })
		b.Run(fmt.Sprintf("float64/threads=%d", n), func(b *testing.B) { f64(b, pool) })
	}
}

func BenchmarkMatMul(b *testing.B) {
	for _, q := range []call{
		{m: 1024, n: 1024, k: 1024}, {m: 1024, n: 1024, k: 1024, transA: true}, {m: 1024, n: 1024, k: 1024, transB: true},
		{m: 2000, n: 128, k: 784}, {m: 784, n: 128, k: 2000, transA: true}, {m: 2000, n: 784, k: 128, transB: true},
		{m: 2000, n: 128, k: 128}, {m: 128, n: 128, k: 2000, transA: true},
		{m: 2000, n: 10, k: 128}, {m: 128, n: 10, k: 2000, transA: true}, {m: 2000, n: 128, k: 10, transB: true},
		{m: 256, n: 512, k: 2048}, {m: 64, n: 64, k: 64}, {m: 32, n: 32, k: 32}, {m: 8, n: 8, k: 8},
		{m: 1, n: 1024, k: 1024}, {m: 1, n: 1024, k: 1024, transB: true}, {m: 1024, n: 1, k: 1024}, {m: 1024, n: 1, k: 1024, transA: true},
		{m: 4, n: 1024, k: 1024}, {m: 4, n: 1024, k: 1024, transB: true}, {m: 1024, n: 4, k: 1024},
	} {
		name := fmt.Sprintf("%dx%dx%d", q.m, q.k, q.n)
		if q.transA {
			name += "/transA"
		}
		if q.transB {
			name += "/transB"
		}
		b.Run(name, func(b *testing.B) {
			threads := []int{1, 2}
			bothTypes(b, threads, func(b *testing.B, pool Pool) { benchMatMul[float32](b, pool, q) },
				func(b *testing.B, pool Pool) { benchMatMul[float64](b, pool, q) })
		})
	}
}

func benchMatMul[T Float](b *testing.B, pool Pool, q call) {
	q.lda, q.ldb, q.ldc = q.k, q.n, q.n
	if q.transA {
		q.lda = q.m
	}
	if q.transB {
		q.ldb = q.k
	}
	na, nb, nc := q.sizes()
	x, y, z := normals[T](1, na), normals[T](2, nb), make([]T, nc)
	var ws Workspace[T]
	measure(b, 2*float64(q.m)*float64(q.n)*float64(q.k), func() {
		MatMul(pool, &ws, z, q.ldc, x, q.lda, q.transA, y, q.ldb, q.transB, q.m, q.n, q.k, false)
	})
}

// The layers of a CNN for 32 by 32 images, batch 256, and of a ResNet. With -short
// the batches are an eighth as large.
var layers = []struct {
	name string
	g    Geometry
}{
	{"32x32x3to32", same(256, 32, 3, 32)}, {"32x32x32to32", same(256, 32, 32, 32)},
	{"16x16x32to64", same(256, 16, 32, 64)}, {"16x16x64to64", same(256, 16, 64, 64)},
	{"8x8x64to128", same(256, 8, 64, 128)}, {"8x8x128to128", same(256, 8, 128, 128)},
	{"4x4x512to512", same(64, 4, 512, 512)},
	{"16x16x64to128stride2", outputs(Geometry{N: 128, H: 16, W: 16, C: 64, KH: 3, KW: 3, O: 128, StrideH: 2, StrideW: 2, PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1})},
	{"16x16x64to128pointwise2", outputs(Geometry{N: 128, H: 16, W: 16, C: 64, KH: 1, KW: 1, O: 128, StrideH: 2, StrideW: 2})},
	{"16x16x64to64pointwise", outputs(Geometry{N: 128, H: 16, W: 16, C: 64, KH: 1, KW: 1, O: 64})},
}

func BenchmarkConv(b *testing.B) {
	for _, layer := range layers {
		if testing.Short() {
			layer.g.N /= 8
		}
		b.Run(layer.name, func(b *testing.B) {
			threads := []int{1, 2}
			bothTypes(b, threads, func(b *testing.B, pool Pool) { benchConv[float32](b, pool, layer.g) },
				func(b *testing.B, pool Pool) { benchConv[float64](b, pool, layer.g) })
		})
	}
}

func benchConv[T Float](b *testing.B, pool Pool, g Geometry) {
	x, w := normals[T](1, g.N*g.H*g.W*g.C), normals[T](2, g.KH*g.KW*g.C*g.O)
	y := normals[T](3, g.N*g.OH*g.OW*g.O)
	for _, winograd := range []bool{false, true} {
		ws := &Workspace[T]{Winograd: winograd}
		if winograd && !kernelsOf[T]().winogradFits(g.withDefaults().window(), g.O) {
			continue
		}
		algorithm := map[bool]string{false: "direct", true: "winograd"}[winograd]
		b.Run("forward/"+algorithm, func(b *testing.B) {
			measure(b, g.Flops(), func() { Conv(pool, ws, g, y, x, w, false) })
		})
		b.Run("inputgrad/"+algorithm, func(b *testing.B) {
			measure(b, g.Flops(), func() { ConvInputGrad(pool, ws, g, x, y, w, false) })
		})
		b.Run("weightgrad/"+algorithm, func(b *testing.B) {
			measure(b, g.Flops(), func() { ConvWeightGrad(pool, ws, g, w, x, y, false) })
		})
	}
}
