//go:build !amd64 || noasm

package vec

func supported(Level) bool { return false }

func assembly[T Float](Level) (kernels[T], bool) { return kernels[T]{}, false }

func assemblyConversions(Level) (conversions, bool) { return conversions{}, false }
