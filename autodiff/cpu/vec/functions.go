package vec

import "fmt"

// Float is the constraint of element types.
type Float interface{ float32 | float64 }

// Functions is the set of functions of one element type at one level of
// instructions. The sets to use are [Float32] and [Float64].
type Functions[T Float] struct {
	level   Level
	kernels kernels[T]
}

// Float32 and Float64 are the functions at the best level that this CPU has.
var (
	Float32 = best[float32]()
	Float64 = best[float64]()
)

// For returns [Float32] or [Float64], for generic callers.
func For[T Float]() *Functions[T] {
	var f any = Float32
	if _, ok := any(T(0)).(float64); ok {
		f = Float64
	}
	return f.(*Functions[T])
}

// Level is the set of instructions that the functions use.
func (f *Functions[T]) Level() Level { return f.level }

func best[T Float]() *Functions[T] {
	all := available[T]()
	return all[len(all)-1]
}

// available lists the levels that this CPU and this build have, portable first,
// best last.
func available[T Float]() []*Functions[T] {
	all := []*Functions[T]{{Portable, portable[T]()}}
	for _, level := range []Level{AVX2, AVX512} {
		if table, ok := assembly[T](level); ok && supported(level) {
			all = append(all, &Functions[T]{level, table})
		}
	}
	return all
}

// Level names a set of instructions.
type Level int

// The levels, from the slowest to the fastest.
const (
	Portable Level = iota // Go without assembly
	AVX2                  // AVX2 and FMA, 256 bits
	AVX512                // AVX-512 F, DQ, BW and VL, 512 bits
)

// String returns the level's name as it stands in reports and benchmarks.
func (l Level) String() string {
	switch l {
	case Portable:
		return "portable"
	case AVX2:
		return "avx2"
	case AVX512:
		return "avx512"
	}
	return fmt.Sprintf("level(%d)", int(l))
}

// same panics if a length is not dst's.
func same(name string, dst int, operands ...int) {
	for _, n := range operands {
		if n != dst {
			panic(fmt.Sprintf("vec: %s: an operand has length %d, dst %d", name, n, dst))
		}
	}
}
