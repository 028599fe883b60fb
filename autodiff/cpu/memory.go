package cpu

import (
	"unsafe"

	"leeway/autodiff"
	"leeway/autodiff/cpu/vec"
)

// alignment of every buffer in bytes: a cache line, and a vector of AVX-512.
const alignment = 64

// storage is memory that holds one array during a run, or part of it. Several
// values may share one: views of it, or values that are not alive together.
type storage struct {
	id     int             // its place in a program's table of addresses
	value  *autodiff.Value // the value that it was made for, for errors
	dtype  autodiff.DType
	size   int // elements
	bytes  int // length, in whole cache lines
	origin origin
	own    bool           // not of a buffer, but made when compiling: a constant or a folded value
	data   autodiff.Array // literals and constants
	first  int            // the kernel that writes it; -1 if none does
	last   int            // the last kernel that uses it; -1 if none does
	offset int            // where a buffer begins in the program's arena, in bytes
	joined *storage       // the buffer that it is written over
}

// origin says where a storage's address comes from.
type origin uint8

const (
	fromBuffer  origin = iota // the program's own arena, shared over time
	fromCaller                // bound by the caller
	fromCompile               // known when compiling
)

// ref is a place in memory: from element off of a storage.
type ref struct {
	store *storage
	off   int
	n     int
}

// resolve returns the elements of a reference in a program.
func resolve[T vec.Float | int32](p *Program, r ref) []T {
	base := (*T)(p.address[r.store.id])
	return unsafe.Slice(base, r.off+r.n)[r.off:]
}

// addressOf is where an array's elements begin.
func addressOf(a autodiff.Array) unsafe.Pointer {
	switch a.DType() {
	case autodiff.Float32:
		return unsafe.Pointer(unsafe.SliceData(a.Float32s()))
	case autodiff.Float64:
		return unsafe.Pointer(unsafe.SliceData(a.Float64s()))
	}
	return unsafe.Pointer(unsafe.SliceData(a.Int32s()))
}

// arrayAt is the array of a shape at an address.
func arrayAt(at unsafe.Pointer, dtype autodiff.DType, shape autodiff.Shape) autodiff.Array {
	n := shape.Size()
	switch dtype {
	case autodiff.Float32:
		return autodiff.Array32(unsafe.Slice((*float32)(at), n), shape...)
	case autodiff.Float64:
		return autodiff.Array64(unsafe.Slice((*float64)(at), n), shape...)
	}
	return autodiff.Indices(unsafe.Slice((*int32)(at), n), shape...)
}

// arena allocates aligned bytes. The slice keeps them alive.
func arena(bytes int) (memory []uint64, begin unsafe.Pointer) {
	memory = make([]uint64, (bytes+alignment)/8+1)
	begin = unsafe.Pointer(unsafe.SliceData(memory))
	skip := (alignment - uintptr(begin)%alignment) % alignment
	return memory, unsafe.Add(begin, skip)
}

// aligned rounds a number of bytes up.
func aligned(bytes int) int { return (bytes + alignment - 1) / alignment * alignment }

// as32 views 4-byte elements as float32, to move them: moving does not look at
// what the bits mean.
func as32(d autodiff.DType) autodiff.DType {
	if d == autodiff.Int32 {
		return autodiff.Float32
	}
	return d
}
