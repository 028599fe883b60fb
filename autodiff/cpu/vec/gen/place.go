package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"
)

// report is where choices are told.
var report io.Writer = os.Stderr

// function is a function of the tables. Its write may be called several times.
type function struct {
	name   string
	unroll int
	write  func(m *machine)
}

// functions is everything that is written for each target.
func functions() []function {
	var all []function
	for _, e := range append(arithmetic(), exponentials()...) {
		all = append(all, function{e.name, e.unroll, e.write})
	}
	all = append(all, reductions()...)
	return append(all,
		function{"addRows", 1, (*machine).addRows}, function{"expand", 1, (*machine).expand},
		function{"transposeTiles", 1, (*machine).transposeTiles},
		function{"poolMax", 1, (*machine).poolMax}, function{"poolGather", 1, (*machine).poolGather}, function{"poolScatter", 1, (*machine).poolScatter})
}

// conversions is what is written for float64 alone.
func conversions() []function {
	return []function{{"toFloat64", 1, (*machine).toFloat64}, {"toFloat32", 1, (*machine).toFloat32}}
}

// place writes a function with as much unrolling as asked for and as many
// constants kept in registers as the registers allow, which is found by trying.
func place(c *build.Context, t target, constants *pool, f function) error {
	var failure error
	for unroll := f.unroll; unroll > 0; unroll /= 2 {
		constants.begin()
		scratch := &pool{name: constants.name, double: t.double, counts: map[uint64]int{}}
		if failure = try(t, scratch, f, unroll, 0); failure != nil {
			continue
		}
		hoist := len(scratch.seen)
		for try(t, scratch, f, unroll, hoist) != nil {
			hoist--
		}
		constants.seen, constants.counts = scratch.seen, scratch.counts
		f.write(&machine{Context: c, target: t, unroll: unroll, hoist: hoist, pool: constants})
		fmt.Fprintf(report, "%-24s %-16s unrolled %d, %d of %d constants in registers\n", f.name, t, unroll, hoist, len(scratch.seen))
		return nil
	}
	return fmt.Errorf("%s: %w", f.name, failure)
}

// try compiles a function by itself and says whether it fits the registers.
func try(t target, constants *pool, f function, unroll, hoist int) error {
	c := build.NewContext()
	f.write(&machine{Context: c, target: t, unroll: unroll, hoist: hoist, pool: constants})
	file, err := c.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	if t.avx512 {
		return nil
	}
	for _, fn := range file.Functions() {
		for _, i := range fn.Instructions() {
			for _, r := range i.Registers() {
				if p := reg.ToPhysical(r); p != nil && r.Kind() == reg.KindVector && p.PhysicalIndex() > 15 {
					return fmt.Errorf("more than 16 registers: %s", strings.ToLower(p.Asm()))
				}
			}
		}
	}
	return nil
}
