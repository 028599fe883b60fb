package external

import (
	"io"
	"unsafe"
)

// DType is the type of the numbers on the wire.
type DType string

// The types that there are.
const (
	Float64 DType = "float64"
	Float32 DType = "float32"
)

// size of a number in bytes.
func (d DType) size() int {
	if d == Float32 {
		return 4
	}
	return 8
}

// chunk is how many float32 are converted at a time.
const chunk = 1 << 15

// bytesOf is x as the bytes in which this machine holds it, without a copy. On a
// little-endian machine these are the bytes of the protocol.
func bytesOf[T float32 | float64](x []T) []byte {
	if len(x) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), len(x)*int(unsafe.Sizeof(x[0])))
}

// littleEndian is checked before anything is sent.
func littleEndian() bool {
	x := []float64{1}
	return bytesOf(x)[7] == 0x3f
}

// wire sends and receives arrays of one type.
type wire struct {
	dtype  DType
	narrow []float32 // scratch of chunk, for float32
}

func newWire(d DType) *wire {
	w := &wire{dtype: d}
	if d == Float32 {
		w.narrow = make([]float32, chunk)
	}
	return w
}

// lender is a writer to which large arrays may be lent instead of written. They must
// not change before the answer has come.
type lender interface{ lend(p []byte) error }

// lendable is the length in bytes from which lending costs less than writing.
const lendable = 1 << 16

// write sends x.
func (w *wire) write(to io.Writer, x []float64) error {
	if w.dtype == Float64 {
		if l, ok := to.(lender); ok && 8*len(x) >= lendable {
			return l.lend(bytesOf(x))
		}
		_, err := to.Write(bytesOf(x))
		return err
	}
	for len(x) > 0 {
		n := min(len(x), chunk)
		narrowed(w.narrow[:n], x[:n])
		if _, err := to.Write(bytesOf(w.narrow[:n])); err != nil {
			return err
		}
		x = x[n:]
	}
	return nil
}

// read fills x.
func (w *wire) read(from io.Reader, x []float64) error {
	if w.dtype == Float64 {
		_, err := io.ReadFull(from, bytesOf(x))
		return err
	}
	for len(x) > 0 {
		n := min(len(x), chunk)
		if _, err := io.ReadFull(from, bytesOf(w.narrow[:n])); err != nil {
			return err
		}
		widened(x[:n], w.narrow[:n])
		x = x[n:]
	}
	return nil
}

func narrowed(dst []float32, x []float64) {
	for j, v := range x {
		dst[j] = float32(v)
	}
}

func widened(dst []float64, x []float32) {
	for j, v := range x {
		dst[j] = float64(v)
	}
}
