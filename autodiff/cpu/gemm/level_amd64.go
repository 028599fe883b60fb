//go:build amd64 && !noasm

package gemm

import "golang.org/x/sys/cpu"

// best asks the CPU once for the widest instruction set that the kernels know.
func best() level {
	x := &cpu.X86
	switch {
	case x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL && x.HasBMI2:
		return avx512
	case x.HasAVX2 && x.HasFMA:
		return avx2
	}
	return portable
}

func addAssembly() {
	kernels32[avx2] = &kernelsAVX2F32
	kernels64[avx2] = &kernelsAVX2F64
	kernels32[avx512] = &kernelsAVX512F32
	kernels64[avx512] = &kernelsAVX512F64
}
