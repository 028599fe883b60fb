package gemm

// level is an instruction set that the kernels can be made of.
type level int

const (
	portable level = iota
	avx2
	avx512
	levels
)

func (l level) String() string { return [...]string{"portable", "AVX2", "AVX-512"}[l] }

// active is the level in use; tests set it.
var active = best()

// kernels32 and kernels64 hold the kernels of every level that was built in.
var (
	kernels32 [levels]*kernels[float32]
	kernels64 [levels]*kernels[float64]
)

func init() {
	kernels32[portable], kernels64[portable] = portableKernels[float32](), portableKernels[float64]()
	addAssembly()
}

// Level names the instruction set in use: "portable", "AVX2" or "AVX-512".
func Level() string { return active.String() }

func kernelsOf[T Float]() *kernels[T] {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return any(kernels32[active]).(*kernels[T])
	}
	return any(kernels64[active]).(*kernels[T])
}
