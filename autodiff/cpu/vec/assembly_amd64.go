//go:build amd64 && !noasm

package vec

import "golang.org/x/sys/cpu"

// supported reports whether this CPU, and its operating system, has a level.
func supported(level Level) bool {
	switch level {
	case AVX2:
		return cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasBMI2
	case AVX512:
		return cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasBMI2
	}
	return false
}

// assembly is the table of a level in assembly.
func assembly[T Float](level Level) (kernels[T], bool) {
	var table any
	_, double := any(T(0)).(float64)
	switch {
	case level == AVX2 && double:
		table = tableFloat64AVX2()
	case level == AVX2:
		table = tableFloat32AVX2()
	case level == AVX512 && double:
		table = tableFloat64AVX512()
	case level == AVX512:
		table = tableFloat32AVX512()
	}
	k, ok := table.(kernels[T])
	return k, ok
}

// assemblyConversions is the conversions of a level in assembly.
func assemblyConversions(level Level) (conversions, bool) {
	switch level {
	case AVX2:
		return conversions{toFloat64Float64AVX2, toFloat32Float64AVX2}, true
	case AVX512:
		return conversions{toFloat64Float64AVX512, toFloat32Float64AVX512}, true
	}
	return conversions{}, false
}
