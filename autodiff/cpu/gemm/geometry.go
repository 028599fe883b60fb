package gemm

import "fmt"

// Geometry is the shape of a convolution
//
//	y[i, p, q, o] = sum over u, v, c: x[i, p StrideH + u - PadTop, q StrideW + v - PadLeft, c] w[u, v, c, o]
//
// of images x [N H W C] with weights w [KH KW C O] to images y [N OH OW O], where
// x is zero outside. A stride of 0 means 1. OH and OW may be smaller than what
// the image and its padding allow.
type Geometry struct {
	N, H, W, C                           int
	KH, KW, O                            int
	OH, OW                               int
	StrideH, StrideW                     int
	PadTop, PadBottom, PadLeft, PadRight int
}

// withDefaults sets the strides that are 0.
func (g Geometry) withDefaults() Geometry {
	if g.StrideH == 0 {
		g.StrideH = 1
	}
	if g.StrideW == 0 {
		g.StrideW = 1
	}
	return g
}

// Flops is the number of floating-point operations of each of the three maps: a
// multiplication and an addition for every weight at every output pixel.
func (g Geometry) Flops() float64 {
	return 2 * float64(g.N) * float64(g.OH) * float64(g.OW) * float64(g.O) * float64(g.KH) * float64(g.KW) * float64(g.C)
}

// check panics unless the geometry makes sense and the slices hold its arrays.
func (g Geometry) check(x, w, y int) {
	for _, s := range []struct {
		name  string
		value int
	}{
		{"N", g.N}, {"H", g.H}, {"W", g.W}, {"C", g.C}, {"KH", g.KH}, {"KW", g.KW}, {"O", g.O}, {"OH", g.OH}, {"OW", g.OW},
		{"StrideH", g.StrideH}, {"StrideW", g.StrideW},
		{"PadTop", g.PadTop}, {"PadBottom", g.PadBottom}, {"PadLeft", g.PadLeft}, {"PadRight", g.PadRight},
	} {
		if s.value < 0 {
			panic(fmt.Sprintf("gemm: convolution: %s is %d", s.name, s.value))
		}
	}
	checkSide("rows", g.OH, g.StrideH, g.KH, g.H+g.PadTop+g.PadBottom)
	checkSide("columns", g.OW, g.StrideW, g.KW, g.W+g.PadLeft+g.PadRight)
	checkLength("x", x, g.N*g.H*g.W*g.C)
	checkLength("w", w, g.KH*g.KW*g.C*g.O)
	checkLength("y", y, g.N*g.OH*g.OW*g.O)
}

func checkSide(name string, out, stride, kernel, padded int) {
	if need := (out-1)*stride + kernel; out > 0 && need > padded {
		panic(fmt.Sprintf("gemm: convolution: %d output %s need %d padded input %s and there are %d", out, name, need, name, padded))
	}
}

func checkLength(name string, have, need int) {
	if have < need {
		panic(fmt.Sprintf("gemm: convolution: %s needs %d elements and has %d", name, need, have))
	}
}

// pointwise reports whether the convolution is a matrix product of all pixels.
func (g Geometry) pointwise() bool {
	return g.KH == 1 && g.KW == 1 && g.StrideH == 1 && g.StrideW == 1 &&
		g.PadTop == 0 && g.PadLeft == 0 && g.OH == g.H && g.OW == g.W
}
