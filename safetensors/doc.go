// Package safetensors reads and writes files in the safetensors format: named
// tensors and a map of strings, without any code that could run.
//
// A file is
//
//	8 bytes   N, the length of the header, little-endian
//	N bytes   a JSON object, padded with spaces: for every name the dtype, the
//	          shape and the range of bytes [begin, end) in the data; under
//	          "__metadata__" an object of strings
//	the rest  the data, little-endian, row-major, without gaps
//
// [Decode] and [Encode] handle F64 and F32, both as []float64; [ReadIndex] lists the
// tensors of a file of any types, to be read one by one. Nothing is taken on trust:
// every number in a header is checked before it is used.
//
// Source: https://github.com/huggingface/safetensors#format.
package safetensors
