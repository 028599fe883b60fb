package cpu

import (
	"runtime"
	"testing"

	"leeway/autodiff"
)

type tinyNetwork struct {
	name  string
	build func(autodiff.DType) *network
}

var tinyNetworks = []tinyNetwork{
	{"mlp", func(d autodiff.DType) *network { return mlp(d, 7, 5, 4, 6, 3) }},
	{"convnet", func(d autodiff.DType) *network { return convNet(d, 3, 8, 9, 2, 4) }},
	{"attention", func(d autodiff.DType) *network { return attention(d, 2, 5, 8, 2, 11) }},
}

// The reference evaluator is the truth for whole networks too: loss, gradient
// and Hessian-vector product, with blocks of the usual size and with tiny ones.
func TestNetworks(t *testing.T) {
	for _, net := range tinyNetworks {
		for _, d := range floats {
			for _, block := range []int{8192, 128} {
				t.Run(net.name+" "+d.String(), func(t *testing.T) {
					if block < 8192 {
						small(t, block, 16)
					}
					n := net.build(d)
					matchReference(t, n.outputs(true), n.data, Settings{})
				})
			}
		}
	}
}

// The number of threads changes no bit.
func TestThreadsGiveTheSameBits(t *testing.T) {
	small(t, 128, 16)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, net := range tinyNetworks {
		var first []autodiff.Array
		for _, threads := range []int{1, 2, 7} {
			runtime.GOMAXPROCS(threads)
			n := net.build(autodiff.Float32)
			got := run(t, n.outputs(true), n.data, Settings{})
			if first == nil {
				first = got
			}
			for i := range got {
				if !sameBits(got[i], first[i]) {
					t.Errorf("%s: output %d with %d threads differs from one thread", net.name, i, threads)
				}
			}
		}
	}
}
