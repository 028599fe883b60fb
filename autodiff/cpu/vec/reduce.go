package vec

// block is the length up to which a sum is one call of a kernel. Longer sums
// are halved, so that the rounding error grows with the logarithm of the length.
const block = 4096

// Sum returns the sum of a, added in an order that depends on len(a) alone: 0 if
// a is empty.
func (f *Functions[T]) Sum(a []T) T {
	if len(a) <= block {
		return f.kernels.sum(a)
	}
	half := middle(len(a))
	return f.Sum(a[:half]) + f.Sum(a[half:])
}

// SumSquares returns the sum of a^2 in the order of [Functions.Sum].
func (f *Functions[T]) SumSquares(a []T) T {
	if len(a) <= block {
		return f.kernels.sumSquares(a)
	}
	half := middle(len(a))
	return f.SumSquares(a[:half]) + f.SumSquares(a[half:])
}

// Dot returns the sum of a b in the order of [Functions.Sum]; a and b have the
// same length.
func (f *Functions[T]) Dot(a, b []T) T {
	same("Dot", len(a), len(b))
	return f.dot(a, b)
}

func (f *Functions[T]) dot(a, b []T) T {
	if len(a) <= block {
		return f.kernels.dot(a, b)
	}
	half := middle(len(a))
	return f.dot(a[:half], b[:half]) + f.dot(a[half:], b[half:])
}

// MaxOf returns the largest element of a: NaN if one is NaN, -Inf if a is empty.
func (f *Functions[T]) MaxOf(a []T) T { return f.kernels.maxOf(a) }

// middle cuts a length above block in two, the first a multiple of block.
func middle(n int) int { return (n/2 + block - 1) / block * block }
