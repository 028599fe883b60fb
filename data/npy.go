package data

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Array is an array of NumPy. The values keep the type that they have in the
// file until they are asked for.
type Array struct {
	// Name is what messages call the array.
	Name string
	// Type is NumPy's name of the element type, such as "<f4" or "|u1".
	Type string
	// Shape of the array; the last index runs fastest (C order).
	Shape []int

	kind byte // i, u, f or b
	size int  // bytes an element
	big  bool // the first byte of an element is the most significant one
	raw  []byte
}

var _ store = (*Array)(nil)

// Len is the number of values.
func (a *Array) Len() int { return len(a.raw) / a.size }

// Float64s puts len(dst) values from number from on into dst, and returns dst.
// It panics if there are not as many.
func (a *Array) Float64s(dst []float64, from int) []float64 {
	if from < 0 || from > a.Len()-len(dst) {
		panic(fmt.Sprintf("data: values %d to %d of an array of %d", from, from+len(dst), a.Len()))
	}
	for i := range dst {
		dst[i] = a.value(from + i)
	}
	return dst
}

func (a *Array) read(dst []float64, from int) { a.Float64s(dst, from) }

// bits is the element as it is stored.
func (a *Array) bits(i int) uint64 {
	b := a.raw[i*a.size : (i+1)*a.size]
	var order binary.ByteOrder = binary.LittleEndian
	if a.big {
		order = binary.BigEndian
	}
	switch a.size {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(order.Uint16(b))
	case 4:
		return uint64(order.Uint32(b))
	}
	return order.Uint64(b)
}

func (a *Array) value(i int) float64 {
	switch bits := a.bits(i); {
	case a.kind == 'f' && a.size == 4:
		return float64(math.Float32frombits(uint32(bits)))
	case a.kind == 'f':
		return math.Float64frombits(bits)
	case a.kind == 'i':
		unused := 64 - 8*a.size // shifted out and in again, with the sign
		return float64(int64(bits<<unused) >> unused)
	default:
		return float64(bits)
	}
}

// ReadNPY reads an array of NumPy: bool, integers of 8 to 64 bits, float32 or
// float64, of either byte order, in C order.
//
// Other types, Fortran order, a damaged header, a file that ends early or goes
// on, NaN, an infinity and an integer that float64 does not hold exactly are
// errors that name the place. Memory stays in proportion to what the file
// really holds, whatever it claims.
//
// Source of the format: NumPy, numpy.lib.format, versions 1.0 to 3.0.
func ReadNPY(r io.Reader, name string) (*Array, error) {
	a := &Array{Name: name}
	at, err := a.header(r)
	if err != nil {
		return nil, err
	}
	total := a.size
	for _, n := range a.Shape {
		if n != 0 && total > mostBytes/n {
			return nil, fmt.Errorf("data: %s: the shape %v has more than %d bytes. Try: fewer rows", name, a.Shape, mostBytes)
		}
		total *= n
	}
	if a.raw, err = readExactly(r, total); err != nil {
		return nil, fmt.Errorf("data: %s: byte %d: the file ends, but the shape %v of type %s takes %d bytes: %s. Try: saving the array anew", name, at+len(a.raw), a.Shape, a.Type, total, cause(err))
	}
	if err := ended(r); err != nil {
		return nil, fmt.Errorf("data: %s: byte %d: %w. Try: saving the array anew", name, at+total, err)
	}
	return a, a.check()
}

// check looks for values that are no number or lose digits.
func (a *Array) check() error {
	for i := range a.Len() {
		v := a.value(i)
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			return fmt.Errorf("data: %s: the value at %v is %v. Try: removing or imputing it", a.Name, a.place(i), v)
		case a.kind != 'f' && a.size == 8 && math.Abs(v) >= 1<<53:
			return fmt.Errorf("data: %s: the value at %v is beyond the whole numbers that float64 holds. Try: x.astype(numpy.float64)", a.Name, a.place(i))
		}
	}
	return nil
}

// place is the index of value i in every dimension.
func (a *Array) place(i int) []int {
	at := make([]int, len(a.Shape))
	for d := len(at) - 1; d >= 0; d-- {
		at[d] = i % a.Shape[d]
		i /= a.Shape[d]
	}
	return at
}
