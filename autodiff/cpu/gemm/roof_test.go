//go:build amd64 && !noasm

package gemm

import "testing"

// BenchmarkRoof measures the rate of independent fused multiply-adds.
func BenchmarkRoof(b *testing.B) {
	for _, r := range []struct {
		name  string
		level level
		lanes int
		run   func(n int)
	}{
		{"AVX2/float32", avx2, 8, roofAVX2F32}, {"AVX2/float64", avx2, 4, roofAVX2F64},
		{"AVX-512/float32", avx512, 16, roofAVX512F32}, {"AVX-512/float64", avx512, 8, roofAVX512F64},
	} {
		if r.level > best() {
			continue
		}
		b.Run(r.name, func(b *testing.B) {
			const rounds = 100000
			measure(b, rounds*12*2*float64(r.lanes), func() { r.run(rounds) })
		})
	}
}
