package main

import (
	"slices"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// pool is the table of constants of one file, each stored once, from where they
// are broadcast.
type pool struct {
	name   string
	double bool
	order  []uint64
	counts map[uint64]int // uses by the function at hand
	seen   []uint64       // constants of the function at hand, in order of first use
}

func newPool(t target) *pool {
	return &pool{name: "constants" + t.String(), double: t.double, counts: map[uint64]int{}}
}

// begin forgets the uses of the last function.
func (p *pool) begin() { p.counts, p.seen = map[uint64]int{}, nil }

func (p *pool) use(bits uint64) {
	if p.counts[bits] == 0 {
		p.seen = append(p.seen, bits)
	}
	p.counts[bits]++
}

// frequent is the n constants that the function uses most.
func (p *pool) frequent(n int) []uint64 {
	all := slices.Clone(p.seen)
	slices.SortStableFunc(all, func(a, b uint64) int { return p.counts[b] - p.counts[a] })
	return all[:min(n, len(all))]
}

func (p *pool) size() int {
	if p.double {
		return 8
	}
	return 4
}

// address is where a constant lies.
func (p *pool) address(bits uint64) operand.Mem {
	i := slices.Index(p.order, bits)
	if i < 0 {
		i = len(p.order)
		p.order = append(p.order, bits)
	}
	return operand.NewDataAddr(operand.NewStaticSymbol(p.name), i*p.size())
}

// write puts the table and the tables of tail masks into the file.
func (p *pool) write(c *build.Context) {
	table(c, p.name, p.double, p.order)
	ones := map[bool]uint64{true: 1<<64 - 1, false: 1<<32 - 1}
	width := 32 / p.size()
	masks := append(slices.Repeat([]uint64{ones[p.double]}, width), make([]uint64, width)...)
	table(c, p.name+"Tail", p.double, masks)
	table(c, p.name+"IndexTail", false, append(slices.Repeat([]uint64{ones[false]}, width), make([]uint64, width)...))
}

func table(c *build.Context, name string, double bool, values []uint64) {
	c.StaticGlobal(name)
	c.DataAttributes(noPointers)
	for _, v := range values {
		if double {
			c.AppendDatum(operand.U64(v))
		} else {
			c.AppendDatum(operand.U32(v))
		}
	}
}
