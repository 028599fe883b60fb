// Gen writes the assembly of package vec, its Go declarations and the tables of
// functions: run by go generate in the package's folder.
package main

import (
	"flag"
	"io"
	"log"
	"os"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

const (
	noPointers = attr.RODATA | attr.NOPTR
	noSplit    = attr.NOSPLIT

	// mantissa asks for a significand in [3/4, 3/2) without sign.
	mantissa = operand.U8(0b0111)

	constraint = "amd64 && !noasm"
)

func main() {
	log.SetFlags(0)
	verbose := flag.Bool("v", false, "say how far each function is unrolled and how many constants stay in registers")
	flag.Parse()
	if !*verbose {
		report = io.Discard
	}
	for _, t := range []target{{false, false}, {false, true}, {true, false}, {true, true}} {
		if err := writeTarget(t); err != nil {
			log.Fatalf("%v: %v", t, err)
		}
	}
	if err := writeTables("../tables_amd64.go"); err != nil {
		log.Fatal(err)
	}
}

// writeTarget writes the assembly and the declarations of a target.
func writeTarget(t target) error {
	c, constants := build.NewContext(), newPool(t)
	c.ConstraintExpr("amd64,!noasm")
	list := functions()
	if t.double {
		list = append(list, conversions()...)
	}
	for _, f := range list {
		if err := place(c, t, constants, f); err != nil {
			return err
		}
	}
	constants.write(c)
	file, err := c.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	config := printer.Config{Argv: []string{"go", "generate"}, Name: "avo", Pkg: "vec"}
	for name, p := range map[string]printer.Printer{
		fileName(t) + ".s": printer.NewGoAsm(config), fileName(t) + ".go": printer.NewStubs(config),
	} {
		text, err := p.Print(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile("../"+name, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func fileName(t target) string {
	return map[bool]string{true: "float64", false: "float32"}[t.double] + map[bool]string{true: "_avx512", false: "_avx2"}[t.avx512] + "_amd64"
}
