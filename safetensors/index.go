package safetensors

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// Index is what the header of a file says of it. Unlike [File] it may hold tensors of
// any type, and takes no memory for their numbers.
type Index struct {
	Entries  []Entry // in the order of their data
	Metadata map[string]string
}

// Entry is a tensor whose numbers are still in the file.
type Entry struct {
	Name  string
	DType DType
	Shape []int
	// Begin and End are the range of its bytes in the file.
	Begin, End int64
}

// ReadIndex reads the header of the size bytes that r holds. Like [Decode] it takes
// nothing on trust: tensors own all bytes of the data, each its own, and as many as
// type and shape need where the type is one that [Entry.Blocks] reads.
func ReadIndex(r io.ReaderAt, size int64) (*Index, error) {
	header, err := Header(r, size)
	if err != nil {
		return nil, err
	}
	file, entries, err := decodeHeader(header, true)
	if err != nil {
		return nil, fmt.Errorf("safetensors: header: %w", err)
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	data := int64(8 + len(header))
	index, at := &Index{Metadata: file.Metadata}, 0
	for _, e := range entries {
		if e.begin != at || e.end < e.begin || int64(e.end) > size-data {
			return nil, fmt.Errorf("safetensors: tensor %q: bytes %d to %d of the data are not its own", e.name, e.begin, e.end)
		}
		if width := e.dtype.width(); width > 0 {
			want, err := byteLength(width, e.shape)
			if err != nil {
				return nil, fmt.Errorf("safetensors: tensor %q: %w", e.name, err)
			}
			if want != uint64(e.end-e.begin) {
				return nil, fmt.Errorf("safetensors: tensor %q has %d bytes, but %s of shape %v takes %d", e.name, e.end-e.begin, e.dtype, e.shape, want)
			}
		}
		index.Entries = append(index.Entries, Entry{e.name, e.dtype, e.shape, data + int64(e.begin), data + int64(e.end)})
		at = e.end
	}
	if int64(at) != size-data {
		return nil, fmt.Errorf("safetensors: the last %d bytes of the data belong to no tensor", size-data-int64(at))
	}
	return index, nil
}

// Len is the number of numbers of a tensor, 0 if its type is not one that is read.
func (e Entry) Len() int {
	if width := e.DType.width(); width > 0 {
		return int((e.End - e.Begin) / int64(width))
	}
	return 0
}

// Blocks reads the numbers of a tensor from the file and gives them to visit, in
// order and some thousand at a time; the slice is reused. It returns the first error
// of visit or of reading, and an error for types other than F64, F32, F16, BF16 and
// whole numbers of 8 to 64 bits.
func (e Entry) Blocks(r io.ReaderAt, visit func(block []float64) error) error {
	width := e.DType.width()
	if width == 0 {
		return fmt.Errorf("safetensors: tensor %q: numbers of the type %.20q are not read", e.Name, e.DType)
	}
	const most = 1 << 14
	n := min(e.Len(), most)
	buffer, block := make([]byte, n*width), make([]float64, n)
	for at := e.Begin; at < e.End; {
		part := buffer[:min(int64(len(buffer)), e.End-at)]
		if err := readAt(r, part, at); err != nil {
			return fmt.Errorf("safetensors: tensor %q: %w", e.Name, err)
		}
		at += int64(len(part))
		values := block[:len(part)/width]
		for i := range values {
			values[i] = e.DType.number(part[i*width:])
		}
		if err := visit(values); err != nil {
			return err
		}
	}
	return nil
}

// width is the number of bytes of a number of any type that [Entry.Blocks] reads, 0 of
// another.
func (d DType) width() int {
	switch d {
	case F64, "I64", "U64":
		return 8
	case F32, "I32", "U32":
		return 4
	case "F16", "BF16", "I16", "U16":
		return 2
	case "I8", "U8", "BOOL":
		return 1
	}
	return 0
}

// number is the number at the beginning of b.
func (d DType) number(b []byte) float64 {
	order := binary.LittleEndian
	switch d {
	case F64:
		return math.Float64frombits(order.Uint64(b))
	case F32:
		return float64(math.Float32frombits(order.Uint32(b)))
	case "BF16": // the upper half of an F32
		return float64(math.Float32frombits(uint32(order.Uint16(b)) << 16))
	case "F16":
		return half(order.Uint16(b))
	case "I64":
		return float64(int64(order.Uint64(b)))
	case "U64":
		return float64(order.Uint64(b))
	case "I32":
		return float64(int32(order.Uint32(b)))
	case "U32":
		return float64(order.Uint32(b))
	case "I16":
		return float64(int16(order.Uint16(b)))
	case "U16":
		return float64(order.Uint16(b))
	case "I8":
		return float64(int8(b[0]))
	}
	return float64(b[0]) // U8, BOOL
}

// half is a number of IEEE 754's binary16: a sign, 5 bits of exponent, 10 of fraction.
func half(b uint16) float64 {
	exponent, fraction := int(b>>10)&31, float64(b&1023)
	x := 0.0
	switch exponent {
	case 0:
		x = math.Ldexp(fraction, -24)
	case 31:
		if x = math.Inf(1); fraction != 0 {
			x = math.NaN()
		}
	default:
		x = math.Ldexp(1024+fraction, exponent-25)
	}
	if b>>15 != 0 {
		x = -x
	}
	return x
}
