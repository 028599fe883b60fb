package gemm

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkWinograd holds the three maps by Winograd's algorithm against the defining
// sum. A transform mixes the pixels of a square, so an error may be as large as the
// largest sum of absolute values allows, not that of its own pixel, and the
// additions of the transforms come on top of the sum's.
func (r convTruth[T]) checkWinograd(pool Pool, ws *Workspace[T]) error {
	for _, x := range []result[T]{r.y, r.dx, r.dw} {
		if len(x.scale) > 0 {
			largest := slices.Max(x.scale)
			for i := range x.scale {
				x.scale[i] = 4 * largest
			}
		}
	}
	ws.Winograd = true
	return r.check(pool, ws)
}

// The truth is the defining sum; see TestConvAgainstDefinition. Where this CPU has
// no transforms, the option changes nothing and the test holds as well.
func TestWinogradAgainstDefinition(t *testing.T) {
	t.Run("float32", winogradProperty[float32])
	t.Run("float64", winogradProperty[float64])
}

func winogradProperty[T Float](t *testing.T) {
	var ws Workspace[T]
	rapid.Check(t, func(t *rapid.T) {
		g := outputs(Geometry{
			N: either(t, "N", 1, 3), H: either(t, "H", 1, 9), W: either(t, "W", 1, 9), KH: 3, KW: 3,
			C: either(t, "C", 16, 20), O: either(t, "O", 16, 40),
			PadTop: either(t, "PadTop", 0, 3), PadBottom: either(t, "PadBottom", 0, 2),
			PadLeft: either(t, "PadLeft", 0, 3), PadRight: either(t, "PadRight", 0, 2),
		})
		if err := newConvTruth[T](g, rapid.Bool().Draw(t, "accumulate")).checkWinograd(goroutines(2), &ws); err != nil {
			t.Fatalf("%+v: %v", g, err)
		}
	})
}

// Larger shapes: several groups, slices and chunks of squares, bands of an image.
func TestWinogradShapes(t *testing.T) {
	for _, g := range []Geometry{same(5, 16, 40, 64), same(40, 4, 17, 33), same(1, 44, 32, 16), same(3, 4, 512, 32)} {
		if err := newConvTruth[float32](g, false).checkWinograd(goroutines(2), new(Workspace[float32])); err != nil {
			t.Errorf("float32 %+v: %v", g, err)
		}
		if err := newConvTruth[float64](g, true).checkWinograd(nil, new(Workspace[float64])); err != nil {
			t.Errorf("float64 %+v: %v", g, err)
		}
	}
}

// The errors that Winograd's algorithm makes in float32 are at most 4 times those
// of the direct sum, in the mean square. The truth is the defining sum in float64,
// whose own error is 2^29 times smaller.
func TestWinogradError(t *testing.T) {
	r := newConvTruth[float32](same(4, 16, 32, 48), false)
	errors := func(winograd bool) [3]float64 {
		ws := &Workspace[float32]{Winograd: winograd}
		y, dx, dw := slices.Clone(r.y.before), slices.Clone(r.dx.before), slices.Clone(r.dw.before)
		Conv(nil, ws, r.Geometry, y, r.x, r.w, false)
		ConvInputGrad(nil, ws, r.Geometry, dx, r.dy, r.w, false)
		ConvWeightGrad(nil, ws, r.Geometry, dw, r.x, r.dy, false)
		return [3]float64{meanSquare(y, r.y.want), meanSquare(dx, r.dx.want), meanSquare(dw, r.dw.want)}
	}
	direct, fast := errors(false), errors(true)
	t.Log("relative errors of y, dx, dw: direct", fmt.Sprintf("%.2g", direct), "Winograd", fmt.Sprintf("%.2g", fast))
	for i, e := range fast {
		if !(e <= 4*direct[i]) {
			t.Errorf("result %d has a relative error of %.2g, more than 4 times %.2g", i, e, direct[i])
		}
	}
	if kernelsOf[float32]().winograd != nil && direct == fast {
		t.Error("the errors are the same: Winograd's algorithm was not used")
	}
}

// meanSquare is the error in the mean square, relative to the truth.
func meanSquare(got []float32, want []float64) float64 {
	var errors, truth float64
	for i, w := range want {
		d := float64(got[i]) - w
		errors += d * d
		truth += w * w
	}
	return math.Sqrt(errors / truth)
}
