package vec

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Benchmarks report elements per nanosecond on blocks that stay in L1.

const benchmarkLength = 1024

func randoms[T Float](n int, low, high float64) []T {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	x := make([]T, n)
	for i := range x {
		x[i] = T(low + (high-low)*r.Float64())
	}
	return x
}

func rate(b *testing.B, elements int) {
	b.ReportMetric(float64(elements)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "elements/ns")
}

// call binds a function to its operands, outside the time measured.
type call[T Float] func(f *Functions[T], dst, a, c, d []T) func()

func benchmark[T Float](b *testing.B, bind call[T]) {
	dst, a := make([]T, benchmarkLength), randoms[T](benchmarkLength, 0.1, 4)
	c, d := randoms[T](benchmarkLength, 0.1, 4), randoms[T](benchmarkLength, 0.1, 4)
	for _, f := range available[T]() {
		b.Run(fmt.Sprintf("%T/%v", a[0], f.Level()), func(b *testing.B) {
			run := bind(f, dst, a, c, d)
			for b.Loop() {
				run()
			}
			rate(b, benchmarkLength)
		})
	}
}

func BenchmarkUnary(b *testing.B) {
	for _, name := range []string{"Exp", "Log", "Log1p", "Tanh", "Erf", "Sigmoid", "Softplus", "Sqrt", "Rsqrt", "Sign", "Square"} {
		b.Run(name, func(b *testing.B) {
			benchmark(b, unaryCall[float32](name))
			benchmark(b, unaryCall[float64](name))
		})
	}
}

func unaryCall[T Float](name string) call[T] {
	return func(f *Functions[T], dst, a, _, _ []T) func() {
		run := unaryOf(f, name)
		return func() { run(dst, a) }
	}
}

func BenchmarkOthers(b *testing.B) {
	for _, name := range []string{"Copy", "Add", "Div", "Max", "Greater", "MaxScalar", "MulAdd", "Where", "AXPY"} {
		b.Run(name, func(b *testing.B) {
			benchmark(b, otherCall[float32](name))
			benchmark(b, otherCall[float64](name))
		})
	}
}

func otherCall[T Float](name string) call[T] {
	return func(f *Functions[T], dst, a, c, d []T) func() {
		return map[string]func(){
			"Copy": func() { f.Copy(dst, a) }, "Add": func() { f.Add(dst, a, c) }, "Div": func() { f.Div(dst, a, c) }, "Max": func() { f.Max(dst, a, c) },
			"Greater": func() { f.Greater(dst, a, c) }, "MaxScalar": func() { f.MaxScalar(dst, a, 1) },
			"MulAdd": func() { f.MulAdd(dst, a, c, d) }, "Where": func() { f.Where(dst, a, c, d) }, "AXPY": func() { f.AXPY(dst, 0.5, a) },
		}[name]
	}
}

// BenchmarkRows counts the elements of the longer array; the pool's are those of
// the image.
func BenchmarkRows(b *testing.B) {
	names := []string{"Sum", "Dot", "MaxOf", "Sum10", "RowSums10", "RowMaxima10", "AddRows10", "AddRows32", "AddRows128", "Tile10", "Expand10", "Expand64", "Transpose", "Fill", "PoolMax32", "PoolGather32", "PoolScatter32"}
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			benchmarkRows[float32](b, name)
			benchmarkRows[float64](b, name)
		})
	}
}

func benchmarkRows[T Float](b *testing.B, name string) {
	const n = 2560
	a, c, dst := randoms[T](n, -1, 1), randoms[T](n, -1, 1), make([]T, n)
	p := poolCase{kernel: 2, stride: 2, width: 40, channels: 32}
	index, taps, pooled := make([]int32, n/4), p.taps(), make([]T, n/4)
	for _, f := range available[T]() {
		run := map[string]func(){
			"Sum": func() { f.Sum(a) }, "Dot": func() { f.Dot(a, c) }, "MaxOf": func() { f.MaxOf(a) },
			"Sum10": func() {
				for i := 0; i < n; i += 10 {
					f.Sum(a[i : i+10])
				}
			},
			"RowSums10": func() { f.RowSums(dst[:n/10], a) }, "RowMaxima10": func() { f.RowMaxima(dst[:n/10], a) },
			"AddRows10": func() { f.AddRows(dst[:10], a) }, "AddRows32": func() { f.AddRows(dst[:32], a) }, "AddRows128": func() { f.AddRows(dst[:128], a) },
			"Tile10": func() { f.Tile(dst, a[:10]) }, "Expand10": func() { f.Expand(dst, a[:n/10], 10) }, "Expand64": func() { f.Expand(dst, a[:n/64], 64) },
			"Transpose": func() { f.Transpose(dst, 40, a, 64, 40, 64) }, "Fill": func() { f.Fill(dst, 1) },
			"PoolMax32":     func() { f.PoolMax(pooled, index, a, taps, 32, 64) },
			"PoolGather32":  func() { f.PoolGather(pooled, index, a, taps, 32, 64) },
			"PoolScatter32": func() { f.PoolScatter(a, taps, index, pooled, 32, 64) },
		}[name]
		b.Run(fmt.Sprintf("%T/%v", a[0], f.Level()), func(b *testing.B) {
			for b.Loop() {
				run()
			}
			rate(b, n)
		})
	}
}

// BenchmarkTransposeLarge is an array that does not fit into L2.
func BenchmarkTransposeLarge(b *testing.B) {
	const side = 1024
	src, dst := make([]float32, side*side), make([]float32, side*side)
	for _, f := range available[float32]() {
		b.Run(f.Level().String(), func(b *testing.B) {
			for b.Loop() {
				f.Transpose(dst, side, src, side, side, side)
			}
			rate(b, side*side)
		})
	}
}
