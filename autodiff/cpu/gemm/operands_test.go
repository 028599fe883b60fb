package gemm

import (
	"fmt"
	"runtime"
	"testing"
	"weak"
)

// A workspace keeps no operand alive after a call: the garbage collector is the
// witness. The shapes are those that are computed in different ways.
func TestWorkspaceKeepsNoOperand(t *testing.T) {
	var ws Workspace[float32]
	ws.Winograd = true
	calls := map[string]func(c, a, b []float32){}
	for _, s := range [][3]int{{64, 64, 64}, {64, 2, 64}, {2, 64, 64}, {8, 8, 40_000}, {1, 1, 1}} {
		m, n, k := s[0], s[1], s[2]
		for _, trans := range []bool{false, true} {
			lda, ldb := k, n
			if trans {
				lda, ldb = m, k
			}
			calls[fmt.Sprint("product ", s, trans)] = func(c, a, b []float32) {
				MatMul(goroutines(2), &ws, c, n, a, lda, trans, b, ldb, trans, m, n, k, false)
			}
		}
	}
	for _, size := range []int{8, 300} {
		calls[fmt.Sprint("batch ", size)] = func(c, a, b []float32) {
			BatchMatMul(goroutines(2), &ws, Batch{Count: 2, StrideA: size * size, StrideB: size * size, StrideC: size * size},
				c, size, a, size, false, b, size, false, size, size, size, false)
		}
	}
	for _, g := range []Geometry{
		outputs(Geometry{N: 2, H: 12, W: 12, C: 16, KH: 3, KW: 3, O: 32, PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1}),
		outputs(Geometry{N: 2, H: 12, W: 12, C: 3, KH: 3, KW: 3, O: 5, StrideH: 2, StrideW: 2}),
		outputs(Geometry{N: 2, H: 12, W: 12, C: 16, KH: 1, KW: 1, O: 32}),
	} {
		name := fmt.Sprintf("%+v", g)
		calls["convolution "+name] = func(c, a, b []float32) { Conv(goroutines(2), &ws, g, c, a, b, false) }
		calls["input gradient "+name] = func(c, a, b []float32) { ConvInputGrad(goroutines(2), &ws, g, c, a, b, false) }
		calls["weight gradient "+name] = func(c, a, b []float32) { ConvWeightGrad(goroutines(2), &ws, g, c, a, b, false) }
	}
	for name, call := range calls {
		const size = 400_000 // enough for every operand
		witness := func() (w [3]weak.Pointer[float32]) {
			var x [3][]float32
			for i := range x {
				x[i] = make([]float32, size)
				w[i] = weak.Make(&x[i][0])
			}
			call(x[0], x[1], x[2])
			return w
		}()
		runtime.GC()
		for i, w := range witness {
			if w.Value() != nil {
				t.Errorf("%s: operand %c is kept", name, "cab"[i])
			}
		}
	}
	runtime.KeepAlive(&ws)
}
