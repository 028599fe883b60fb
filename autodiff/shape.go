package autodiff

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// DType is the type of an array's elements.
type DType uint8

// The element types. Index arrays (labels, tokens, positions of maxima) are
// Int32; comparisons yield 1 or 0 in the type of their operands.
const (
	Float32 DType = iota
	Float64
	Int32
)

// String returns the type's name as configurations spell it.
func (d DType) String() string {
	switch d {
	case Float32:
		return "float32"
	case Float64:
		return "float64"
	case Int32:
		return "int32"
	}
	return fmt.Sprintf("DType(%d)", uint8(d))
}

// Size is the number of bytes of one element.
func (d DType) Size() int {
	if d == Float64 {
		return 8
	}
	return 4
}

// IsFloat reports whether the type is one that derivatives exist for.
func (d DType) IsFloat() bool { return d == Float32 || d == Float64 }

// Shape holds the length of every axis, the last one contiguous in memory. The
// empty shape is a scalar.
type Shape []int

// Size is the number of elements.
func (s Shape) Size() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// Equal reports whether two shapes are the same.
func (s Shape) Equal(t Shape) bool { return slices.Equal(s, t) }

// String writes the shape as [2000 784].
func (s Shape) String() string {
	var b strings.Builder
	b.WriteByte('[')
	for i, d := range s {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprint(&b, d)
	}
	b.WriteByte(']')
	return b.String()
}

// maxRank is the most axes that a value has.
const maxRank = 8

// valid reports whether there are at most 8 axes, each at least 1, and at most
// 2^43 elements: far beyond what a machine holds, so that no product of sizes
// overflows.
func (s Shape) valid() bool {
	if len(s) > maxRank {
		return false
	}
	n := 1
	for _, d := range s {
		if d < 1 || n > math.MaxInt64>>20/d {
			return false
		}
		n *= d
	}
	return true
}

// broadcastShape is the common shape of two shapes aligned at their last axes,
// where an axis of length 1 stretches; ok is false where they do not fit.
func broadcastShape(s, t Shape) (out Shape, ok bool) {
	out = make(Shape, max(len(s), len(t)))
	for i := range out {
		a, b := 1, 1
		if j := i - len(out) + len(s); j >= 0 {
			a = s[j]
		}
		if j := i - len(out) + len(t); j >= 0 {
			b = t[j]
		}
		if a != b && a != 1 && b != 1 {
			return nil, false
		}
		out[i] = max(a, b)
	}
	return out, true
}

// ones is the shape of the rank whose axes all have length 1.
func ones(rank int) Shape {
	s := make(Shape, rank)
	for i := range s {
		s[i] = 1
	}
	return s
}

func clone(s []int) Shape { return append(Shape{}, s...) }
