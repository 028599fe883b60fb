package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// set is an instruction set: how wide its vectors are, how many rows a tile of
// two vectors may have so that accumulators, two vectors of B and two of A fit
// its registers.
type set struct {
	name   string
	title  string
	bytes  int // of a vector
	rows   int
	unroll int
	// winograd: the transforms fit the registers and edges move under masks.
	winograd bool
	vector   []reg.VecPhysical
}

var sets = []set{
	{name: "avx512", title: "AVX512", bytes: 64, rows: 14, unroll: 2, winograd: true, vector: []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10,
		reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15, reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21,
		reg.Z22, reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31}},
	{name: "avx2", title: "AVX2", bytes: 32, rows: 6, unroll: 4, vector: []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10,
		reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15}},
}

// suffix ends the names of a set's functions for one element type.
func (s set) suffix(e element) string { return s.title + e.short }

func (s set) lanes(e element) int { return s.bytes / e.size }

// element is an element type and the instructions that differ by it.
type element struct {
	short, goType      string
	size               int
	fma, load          func(f *file, ops ...operand.Op)
	add, spread        func(f *file, ops ...operand.Op)
	maskedMove         func(f *file, a, b, c operand.Op) // AVX2
	zeroingLoad        func(f *file, m, k, v operand.Op)
	subtract, multiply func(f *file, ops ...operand.Op)
	storeLow           func(f *file, v, m operand.Op) // one element
}

var elements = []element{
	{
		short: "F32", goType: "float32", size: 4,
		fma:         func(f *file, ops ...operand.Op) { f.ctx.VFMADD231PS(ops...) },
		load:        func(f *file, ops ...operand.Op) { f.ctx.VMOVUPS(ops...) },
		add:         func(f *file, ops ...operand.Op) { f.ctx.VADDPS(ops...) },
		spread:      func(f *file, ops ...operand.Op) { f.ctx.VBROADCASTSS(ops...) },
		maskedMove:  func(f *file, a, b, c operand.Op) { f.ctx.VMASKMOVPS(a, b, c) },
		zeroingLoad: func(f *file, m, k, v operand.Op) { f.ctx.VMOVUPS_Z(m, k, v) },
		storeLow:    func(f *file, v, m operand.Op) { f.ctx.VMOVSS(v, m) },
		subtract:    func(f *file, ops ...operand.Op) { f.ctx.VSUBPS(ops...) },
		multiply:    func(f *file, ops ...operand.Op) { f.ctx.VMULPS(ops...) },
	},
	{
		short: "F64", goType: "float64", size: 8,
		fma:         func(f *file, ops ...operand.Op) { f.ctx.VFMADD231PD(ops...) },
		load:        func(f *file, ops ...operand.Op) { f.ctx.VMOVUPD(ops...) },
		add:         func(f *file, ops ...operand.Op) { f.ctx.VADDPD(ops...) },
		spread:      func(f *file, ops ...operand.Op) { f.ctx.VBROADCASTSD(ops...) },
		maskedMove:  func(f *file, a, b, c operand.Op) { f.ctx.VMASKMOVPD(a, b, c) },
		zeroingLoad: func(f *file, m, k, v operand.Op) { f.ctx.VMOVUPD_Z(m, k, v) },
		storeLow:    func(f *file, v, m operand.Op) { f.ctx.VMOVSD(v, m) },
		subtract:    func(f *file, ops ...operand.Op) { f.ctx.VSUBPD(ops...) },
		multiply:    func(f *file, ops ...operand.Op) { f.ctx.VMULPD(ops...) },
	},
}
