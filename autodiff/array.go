package autodiff

import "fmt"

// Array is a dense array in memory, row-major, of one of the three types. The
// zero Array has no elements and stands for none. Arrays share their elements
// when copied.
type Array struct {
	dtype DType
	shape Shape
	f32   []float32
	f64   []float64
	i32   []int32
}

// Array32 wraps float32 elements. It panics if their number is not the shape's
// size: a programmer's error.
func Array32(data []float32, shape ...int) Array {
	checkSize(len(data), shape)
	return Array{dtype: Float32, shape: clone(shape), f32: data}
}

// Array64 wraps float64 elements; it panics as [Array32] does.
func Array64(data []float64, shape ...int) Array {
	checkSize(len(data), shape)
	return Array{dtype: Float64, shape: clone(shape), f64: data}
}

// Indices wraps int32 elements; it panics as [Array32] does.
func Indices(data []int32, shape ...int) Array {
	checkSize(len(data), shape)
	return Array{dtype: Int32, shape: clone(shape), i32: data}
}

func checkSize(n int, shape Shape) {
	if !shape.valid() || n != shape.Size() {
		panic(fmt.Sprintf("autodiff: %d elements for shape %v", n, shape))
	}
}

// NewArray allocates an array of zeros. It panics if an axis is shorter than 1
// or the type is none: a programmer's error.
func NewArray(dtype DType, shape ...int) Array {
	if !Shape(shape).valid() || dtype > Int32 {
		panic(fmt.Sprintf("autodiff: no array of %v %v", dtype, Shape(shape)))
	}
	n := Shape(shape).Size()
	a := Array{dtype: dtype, shape: clone(shape)}
	switch dtype {
	case Float32:
		a.f32 = make([]float32, n)
	case Float64:
		a.f64 = make([]float64, n)
	case Int32:
		a.i32 = make([]int32, n)
	}
	return a
}

// DType is the type of the elements.
func (a Array) DType() DType { return a.dtype }

// Shape is the array's shape; the caller does not change it.
func (a Array) Shape() Shape { return a.shape }

// Float32s are the elements of a Float32 array, nil for other types.
func (a Array) Float32s() []float32 { return a.f32 }

// Float64s are the elements of a Float64 array, nil for other types.
func (a Array) Float64s() []float64 { return a.f64 }

// Int32s are the elements of an Int32 array, nil for other types.
func (a Array) Int32s() []int32 { return a.i32 }

// At is the element at a flat position, as float64.
func (a Array) At(i int) float64 {
	switch a.dtype {
	case Float32:
		return float64(a.f32[i])
	case Float64:
		return a.f64[i]
	}
	return float64(a.i32[i])
}

// Set writes the element at a flat position, rounded to the array's type.
func (a Array) Set(i int, x float64) {
	switch a.dtype {
	case Float32:
		a.f32[i] = float32(x)
	case Float64:
		a.f64[i] = x
	default:
		a.i32[i] = int32(x)
	}
}

// empty reports whether the array is the zero Array or has lost its elements.
func (a Array) empty() bool { return len(a.f32)+len(a.f64)+len(a.i32) == 0 }
