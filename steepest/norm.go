package steepest

import (
	"fmt"
	"math"
)

// Norm is the p of an l_p norm, from 1 to +Inf.
type Norm float64

// Inf is the norm of the largest component.
var Inf = Norm(math.Inf(1))

// Check is an error unless p >= 1.
func (p Norm) Check() error {
	if p >= 1 {
		return nil
	}
	return fmt.Errorf("steepest: an l_p norm with p = %v. Try: 1, 2 or infinity", float64(p))
}

// Dual is the q with 1/p + 1/q = 1.
func (p Norm) Dual() Norm {
	switch {
	case p == 1:
		return Inf
	case math.IsInf(float64(p), 1):
		return 1
	}
	return p / (p - 1)
}

// Of is the norm of x; NaN if a component is.
func (p Norm) Of(x []float64) float64 {
	top := 0.0
	for _, v := range x {
		top = max(top, math.Abs(v))
	}
	if top == 0 || math.IsInf(top, 1) || top != top || math.IsInf(float64(p), 1) {
		return top
	}
	sum := 0.0
	for _, v := range x {
		switch r := math.Abs(v) / top; p { // scaled, so that no power overflows
		case 1:
			sum += r
		case 2:
			sum += r * r
		default:
			sum += math.Pow(r, float64(p))
		}
	}
	switch p {
	case 1:
		return top * sum
	case 2:
		return top * math.Sqrt(sum)
	}
	return top * math.Pow(sum, 1/float64(p))
}

// Steepest writes to dst the vector of norm 1 whose inner product with g is largest,
// the dual norm of g: sign(g) for p infinite, g/|g| for 2, and for 1 the first of the
// largest components alone. It is 0 where g is. dst may be g. It panics if lengths
// differ.
func (p Norm) Steepest(dst, g []float64) {
	if len(dst) != len(g) {
		panic(fmt.Sprintf("steepest: room for %d components of %d", len(dst), len(g)))
	}
	size := p.Dual().Of(g)
	switch {
	case size == 0:
		clear(dst)
	case math.IsInf(float64(p), 1):
		for j, v := range g {
			if v != 0 {
				v = math.Copysign(1, v)
			}
			dst[j] = v
		}
	case p == 1:
		at := 0
		for j, v := range g {
			if math.Abs(v) > math.Abs(g[at]) {
				at = j
			}
		}
		sign := math.Copysign(1, g[at])
		clear(dst)
		dst[at] = sign
	case p == 2:
		for j, v := range g {
			dst[j] = v / size
		}
	default:
		power := float64(p.Dual() - 1)
		for j, v := range g {
			dst[j] = math.Copysign(math.Pow(math.Abs(v)/size, power), v)
		}
	}
}
