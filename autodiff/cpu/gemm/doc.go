// Package gemm computes matrix products and two-dimensional convolutions of
// float32 and float64 on one machine: [MatMul], [BatchMatMul], and the three
// bilinear maps of a convolution, [Conv], [ConvInputGrad] and [ConvWeightGrad].
// Images are channels last, [N H W C]; weights are [KH KW C O].
//
// One micro-kernel does all the arithmetic. It keeps a tile of C of a few rows
// by two vectors in registers over
//
//	C[m, n] (+)= sum over segments s, sum over k: A_s[m, k] B_s[k, n]
//
// where the elements of A are broadcast from wherever they lie and the rows of B
// are vectors. A matrix product has one segment; a convolution has one for every
// row of its kernel, because the KW*C inputs that one output pixel sees in a row
// lie side by side in memory, as do their weights. So a convolution needs no
// matrix of patches.
//
// Convolutions of 3 by 3 and stride 1 can have fewer operations by Winograd's
// algorithm; see [Workspace].
//
// The kernel is Go assembly for AVX-512 and AVX2 with FMA, and Go elsewhere; the
// CPU is asked once, when the program starts. Build with the tag noasm to have
// Go only.
//
// Results depend on shapes and data alone: work is cut, and partial sums are
// added, in ways that the shapes decide, so any number of threads gives the same
// bits. Different instruction sets may differ in the last bits.
//
// Slices that are too short for the given sizes, and negative sizes, are
// programmer errors: every function here panics on them before it computes.
package gemm

//go:generate go -C gen run . -dir ..
