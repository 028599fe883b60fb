package cpu

import (
	"testing"
)

// After the first run nothing is allocated.
func TestRunAllocatesNothing(t *testing.T) {
	for _, net := range tinyNetworks {
		for _, d := range floats {
			n := net.build(d)
			p, err := Compile(n.outputs(true), Settings{Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			runProgram(t, p, n.data)
			if a := testing.AllocsPerRun(5, func() { _ = p.Run() }); a != 0 {
				t.Errorf("%s %v: %v allocations in a run", net.name, d, a)
			}
		}
	}
}
