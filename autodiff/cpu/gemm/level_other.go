//go:build !amd64 || noasm

package gemm

func best() level { return portable }

func addAssembly() {}
