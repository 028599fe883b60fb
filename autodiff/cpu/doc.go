// Package cpu compiles graphs of package autodiff for this machine and runs
// them.
//
//	program, err := cpu.Compile(outputs, cpu.Settings{})
//	err = program.Bind(x, autodiff.Array64(data, 100, 3)) // no copy
//	err = program.Run()
//	loss := program.Output(0)
//
// Compiling decides three things. Fusion: elementwise operations, the sums and
// maxima that follow them, and broadcasts become loops that pass over memory
// once; matrix products, convolutions, pooling, indexing and transpositions are
// kernels of their own (packages gemm and vec beneath this one). Memory: arrays
// that are not alive together share it, loops write over operands that nobody
// needs again, and reshapes cost nothing. Order: values are computed as late as
// possible.
//
// Runs give the same bits for every number of threads: work is cut in pieces by
// shapes alone, and sums over pieces are added in the order of the pieces. They
// allocate nothing after the first; on several threads, nothing once every thread
// has had a part in every kernel. What a program takes is known when it is compiled
// ([Stats]) and limited ([Settings].MemoryLimit).
package cpu
