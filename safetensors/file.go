package safetensors

import (
	"fmt"
	"math"
	"math/bits"
)

// DType is the type of a tensor's numbers in a file.
type DType string

// The types that are read and written.
const (
	F64 DType = "F64"
	F32 DType = "F32"
)

// metadataKey is the name in a header that is no tensor's.
const metadataKey = "__metadata__"

// maxHeader is the largest header in bytes, the same as in the format's own
// implementation.
const maxHeader = 100_000_000

// maxDims is the largest number of dimensions that is read; a shape must not
// take much more memory than its text.
const maxDims = 64

// chunk is the number of bytes that are read and written at a time.
const chunk = 1 << 18

// File is what a file holds.
type File struct {
	Tensors  []Tensor
	Metadata map[string]string
}

// Tensor is a named array in row-major order.
type Tensor struct {
	Name string
	// DType is the type in the file; the zero value is F64.
	DType DType
	// Shape holds the dimensions: nil for one of len(Data), empty for a scalar.
	Shape []int
	Data  []float64
}

// size is the number of bytes of one number, 0 for an unknown type.
func (d DType) size() int {
	switch d {
	case F64:
		return 8
	case F32:
		return 4
	}
	return 0
}

// byteLength is size times the product of the dimensions.
func byteLength(size int, shape []int) (uint64, error) {
	length := uint64(size)
	for _, n := range shape {
		if n < 0 {
			return 0, fmt.Errorf("dimension %d is negative", n)
		}
		high, low := bits.Mul64(length, uint64(n))
		if high != 0 || low > math.MaxInt64 {
			return 0, fmt.Errorf("shape %v has too many elements", shape)
		}
		length = low
	}
	return length, nil
}
