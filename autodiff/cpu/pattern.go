package cpu

import (
	"slices"

	"leeway/autodiff"
)

// A pattern says where a loop over flat positions 0..n-1 finds its operand: the
// position is written in the digits of the dimensions, the last the fastest, and
// the element stands at the sum of digits times strides. A stride of 0 repeats.
// Patterns are kept in the shortest form: a reshape does not change a pattern,
// and shapes vanish.
type pattern []dimension

type dimension struct{ n, stride int }

// maxDigits is the most dimensions of a pattern: the most axes that a value has.
const maxDigits = 8

// identity reads n elements in their order.
func identity(n int) pattern { return pattern{{n, 1}} }

func (p pattern) isIdentity() bool { return len(p) == 1 && (p[0].stride == 1 || p[0].n == 1) }

// isScalar reports whether there is one element for all positions.
func (p pattern) isScalar() bool { return len(p) == 1 && p[0].stride == 0 && p[0].n > 1 }

// tile is the period of a pattern that repeats a row, or 0.
func (p pattern) tile() int {
	if len(p) == 2 && p[0].stride == 0 && p[1].stride == 1 {
		return p[1].n
	}
	return 0
}

// column is how often a pattern repeats each element in place, or 0.
func (p pattern) column() int {
	if len(p) == 2 && p[0].stride == 1 && p[1].stride == 0 {
		return p[1].n
	}
	return 0
}

// newPattern drops dimensions of length 1 and joins those that move as one.
func newPattern(dims []dimension) pattern {
	var p pattern
	for _, d := range dims {
		if d.n == 1 {
			continue
		}
		if k := len(p) - 1; k >= 0 && p[k].stride == d.n*d.stride {
			p[k] = dimension{p[k].n * d.n, d.stride}
			continue
		}
		p = append(p, d)
	}
	if len(p) == 0 {
		return identity(1)
	}
	return p
}

// strides of a dense array.
func strides(shape autodiff.Shape) []int {
	s := make([]int, len(shape))
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		s[i] = n
		n *= shape[i]
	}
	return s
}

// broadcastPattern stretches axes of length 1.
func broadcastPattern(from, to autodiff.Shape) pattern {
	dims := make([]dimension, len(to))
	for i, s := range strides(from) {
		if from[i] == 1 {
			s = 0
		}
		dims[i] = dimension{to[i], s}
	}
	return newPattern(dims)
}

// transposePattern reads the elements of shape in the order of permuted axes.
func transposePattern(shape autodiff.Shape, perm []int) pattern {
	s := strides(shape)
	dims := make([]dimension, len(perm))
	for i, axis := range perm {
		dims[i] = dimension{shape[axis], s[axis]}
	}
	return newPattern(dims)
}

// slicePattern reads a block of the given shape, from its first element.
func slicePattern(shape, block autodiff.Shape) pattern {
	dims := make([]dimension, len(block))
	for i, s := range strides(shape) {
		dims[i] = dimension{block[i], s}
	}
	return newPattern(dims)
}

// after is the pattern that reads through inner at the places that outer names;
// ok is false where no pattern does, because a dimension of outer does not keep
// within the digits of inner, or because it would have too many dimensions: one of
// outer may become several.
func (outer pattern) after(inner pattern) (p pattern, ok bool) {
	if inner.isIdentity() {
		return outer, true
	}
	var dims []dimension
	for _, d := range outer {
		if d.stride == 0 {
			dims = append(dims, d)
			continue
		}
		parts, ok := splitDimension(d, inner)
		if !ok {
			return nil, false
		}
		dims = append(dims, parts...)
	}
	p = newPattern(dims)
	return p, len(p) <= maxDigits
}

func splitDimension(d dimension, inner pattern) (parts []dimension, ok bool) {
	weight := 1
	for k := len(inner) - 1; k >= 0 && d.n > 1; k-- {
		digit := inner[k]
		if d.stride >= weight*digit.n {
			weight *= digit.n
			continue
		}
		if d.stride%weight != 0 {
			return nil, false
		}
		step := d.stride / weight
		if d.n*step <= digit.n {
			parts = append(parts, dimension{d.n, step * digit.stride})
			d.n = 1
			break
		}
		if digit.n%step != 0 || d.n%(digit.n/step) != 0 {
			return nil, false
		}
		m := digit.n / step
		parts = append(parts, dimension{m, step * digit.stride})
		weight *= digit.n
		d = dimension{d.n / m, weight}
	}
	slices.Reverse(parts)
	return parts, d.n == 1
}

// span is the length of memory from the first element to the last.
func (p pattern) span() int {
	n := 1
	for _, d := range p {
		n += (d.n - 1) * d.stride
	}
	return n
}

// at is where the element of a position stands.
func (p pattern) at(position int) int {
	at := 0
	for k := len(p) - 1; k >= 0; k-- {
		at += position % p[k].n * p[k].stride
		position /= p[k].n
	}
	return at
}

// load writes the elements that the pattern reads at positions from, from+1, ...
// into dst.
func load[T any](dst, src []T, p pattern, from int) {
	last := p[len(p)-1]
	var digit [maxDigits]int
	at, rest := 0, from
	for k := len(p) - 1; k >= 0; k-- {
		digit[k] = rest % p[k].n
		rest /= p[k].n
		at += digit[k] * p[k].stride
	}
	for len(dst) > 0 {
		k := len(p) - 1
		run := min(len(dst), last.n-digit[k])
		switch last.stride {
		case 1:
			copy(dst[:run], src[at:at+run])
		case 0:
			x := src[at]
			for i := range dst[:run] {
				dst[i] = x
			}
		default:
			for i := range dst[:run] {
				dst[i] = src[at+i*last.stride]
			}
		}
		dst = dst[run:]
		at -= digit[k] * last.stride
		digit[k] = 0
		for k--; k >= 0; k-- { // the next row
			digit[k]++
			at += p[k].stride
			if digit[k] < p[k].n {
				break
			}
			at -= p[k].n * p[k].stride
			digit[k] = 0
		}
	}
}
