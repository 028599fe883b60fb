package gemm

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawGeometry(t *rapid.T) Geometry {
	in := func(name string, from, to int) int { return either(t, name, from, to) }
	g := Geometry{
		N: in("N", 1, 3), H: in("H", 1, 9), W: in("W", 1, 17), KH: in("KH", 1, 4), KW: in("KW", 1, 4),
		C:       rapid.SampledFrom([]int{1, 2, 3, 4, 16, 17}).Draw(t, "C"),
		O:       rapid.SampledFrom([]int{1, 3, 8, 10, 16, 31, 32, 33, 40}).Draw(t, "O"),
		StrideH: in("StrideH", 1, 3), StrideW: in("StrideW", 1, 3),
		PadTop: in("PadTop", 0, 5), PadBottom: in("PadBottom", 0, 3), PadLeft: in("PadLeft", 0, 5), PadRight: in("PadRight", 0, 3),
	}
	return outputs(g)
}

// outputs sets the largest output that the geometry allows.
func outputs(g Geometry) Geometry {
	side := func(padded, kernel, stride int) int {
		if padded < kernel {
			return 0
		}
		return (padded-kernel)/stride + 1
	}
	g = g.withDefaults()
	g.OH = side(g.H+g.PadTop+g.PadBottom, g.KH, g.StrideH)
	g.OW = side(g.W+g.PadLeft+g.PadRight, g.KW, g.StrideW)
	return g
}

// same is a 3 by 3 convolution that keeps the size.
func same(n, side, c, o int) Geometry {
	return Geometry{N: n, H: side, W: side, C: c, KH: 3, KW: 3, O: o, OH: side, OW: side,
		StrideH: 1, StrideW: 1, PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1}
}

// terms calls f for every product in the sum that defines the convolution, with
// the places of its y, x and w.
func terms(g Geometry, f func(y, x, w int)) {
	g = g.withDefaults()
	for i := range g.N {
		for p := range g.OH {
			for q := range g.OW {
				for u := range g.KH {
					for v := range g.KW {
						h, k := p*g.StrideH+u-g.PadTop, q*g.StrideW+v-g.PadLeft
						if h < 0 || h >= g.H || k < 0 || k >= g.W {
							continue
						}
						for c := range g.C {
							for o := range g.O {
								f(((i*g.OH+p)*g.OW+q)*g.O+o, ((i*g.H+h)*g.W+k)*g.C+c, ((u*g.KW+v)*g.C+c)*g.O+o)
							}
						}
					}
				}
			}
		}
	}
}

// convTruth is a geometry with operands for the three maps, and their results by
// the defining sum in float64.
type convTruth[T Float] struct {
	Geometry
	accumulate bool
	x, w, dy   []T
	y, dx, dw  result[T]
}

// result is what a result holds before, and what it must hold then.
type result[T Float] struct {
	before      []T
	want, scale []float64
}

func newResult[T Float](seed uint64, n int, accumulate bool) result[T] {
	r := result[T]{normals[T](seed, n), make([]float64, n), make([]float64, n)}
	for i, v := range r.before {
		if accumulate {
			r.want[i] = float64(v)
		}
		r.scale[i] = math.Abs(r.want[i])
	}
	return r
}

func (r result[T]) add(i int, x, y T) {
	term := float64(x) * float64(y)
	r.want[i] += term
	r.scale[i] += math.Abs(term)
}

func newConvTruth[T Float](g Geometry, accumulate bool) convTruth[T] {
	r := convTruth[T]{Geometry: g, accumulate: accumulate,
		x: normals[T](1, g.N*g.H*g.W*g.C), w: normals[T](2, g.KH*g.KW*g.C*g.O), dy: normals[T](3, g.N*g.OH*g.OW*g.O)}
	r.y, r.dx, r.dw = newResult[T](4, len(r.dy), accumulate), newResult[T](5, len(r.x), accumulate), newResult[T](6, len(r.w), accumulate)
	terms(g, func(iy, ix, iw int) {
		r.y.add(iy, r.x[ix], r.w[iw])
		r.dx.add(ix, r.dy[iy], r.w[iw])
		r.dw.add(iw, r.x[ix], r.dy[iy])
	})
	return r
}

func (r convTruth[T]) check(pool Pool, ws *Workspace[T]) error {
	y, dx, dw := slices.Clone(r.y.before), slices.Clone(r.dx.before), slices.Clone(r.dw.before)
	Conv(pool, ws, r.Geometry, y, r.x, r.w, r.accumulate)
	if err := compare(y, r.y.want, r.y.scale, r.KH*r.KW*r.C); err != nil {
		return fmt.Errorf("y: %w", err)
	}
	ConvInputGrad(pool, ws, r.Geometry, dx, r.dy, r.w, r.accumulate)
	if err := compare(dx, r.dx.want, r.dx.scale, r.KH*r.KW*r.O); err != nil {
		return fmt.Errorf("dx: %w", err)
	}
	ConvWeightGrad(pool, ws, r.Geometry, dw, r.x, r.dy, r.accumulate)
	if err := compare(dw, r.dw.want, r.dw.scale, r.N*r.OH*r.OW); err != nil {
		return fmt.Errorf("dw: %w", err)
	}
	return nil
}

// The truth is the defining sum, term by term in float64; it knows nothing of
// bands, copies, classes of stride or packed weights.
func TestConvAgainstDefinition(t *testing.T) {
	atLevels(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { convProperty[float32](t) })
		t.Run("float64", func(t *testing.T) { convProperty[float64](t) })
	})
}

func convProperty[T Float](t *testing.T) {
	var ws Workspace[T]
	rapid.Check(t, func(t *rapid.T) {
		g := drawGeometry(t)
		if rapid.Bool().Draw(t, "smaller") {
			g.OH, g.OW = g.OH/2, max(0, g.OW-1)
		}
		if err := newConvTruth[T](g, rapid.Bool().Draw(t, "accumulate")).check(nil, &ws); err != nil {
			t.Fatalf("%+v: %v", g, err)
		}
	})
}

// Geometries of networks, small in number of images: they reach bands within an
// image, groups of images, taps one by one, and blocks of weights.
func TestConvShapes(t *testing.T) {
	for _, g := range []Geometry{
		same(2, 32, 3, 32), same(3, 16, 32, 64), same(9, 4, 64, 96), same(1, 6, 512, 33), same(20, 2, 16, 32),
		outputs(Geometry{N: 2, H: 70, W: 60, C: 24, KH: 5, KW: 3, O: 16, PadTop: 2, PadBottom: 1, PadLeft: 1}),
		outputs(Geometry{N: 3, H: 9, W: 9, C: 40, KH: 3, KW: 3, O: 48, StrideH: 2, StrideW: 2, PadTop: 1, PadBottom: 1, PadLeft: 1, PadRight: 1}),
		outputs(Geometry{N: 3, H: 9, W: 8, C: 40, KH: 1, KW: 1, O: 48, StrideH: 2, StrideW: 2}),
		outputs(Geometry{N: 3, H: 9, W: 8, C: 40, KH: 1, KW: 1, O: 48}),
		outputs(Geometry{N: 1, H: 40, W: 3, C: 5, KH: 7, KW: 2, O: 3, StrideH: 3, StrideW: 1, PadLeft: 4}),
	} {
		single, double := newConvTruth[float32](g, true), newConvTruth[float64](g, false)
		for l := portable; l <= best(); l++ {
			active = l
			if err := single.check(goroutines(2), nil); err != nil {
				t.Errorf("%v float32 %+v: %v", l, g, err)
			}
			if err := double.check(nil, nil); err != nil {
				t.Errorf("%v float64 %+v: %v", l, g, err)
			}
		}
	}
}
