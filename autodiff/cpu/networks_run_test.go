package cpu

import (
	"runtime"
	"testing"

	"leeway/autodiff"
)

var tinyNetworks = []struct {
	name  string
	build func(autodiff.DType) *network
}{
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

// A linearized computation is the whole one cut in two: the bits are the same.
func TestLinearize(t *testing.T) {
	for _, net := range tinyNetworks {
		for _, d := range floats {
			n := net.build(d)
			whole := run(t, n.outputs(true), n.data, Settings{})
			l, err := Linearize(n.product, n.outputs(false), n.v, Settings{})
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range []*Linearized{l, l.Clone()} {
				for v, a := range n.data {
					if err := l.Bind(v, a); err != nil {
						t.Fatal(err)
					}
				}
				if err := l.Base.Run(); err != nil {
					t.Fatal(err)
				}
				if err := l.Product.Run(); err != nil {
					t.Fatal(err)
				}
				for i, w := range whole {
					var got autodiff.Array
					if k := 1 + len(n.gradient); i < k {
						got = l.Base.Output(i)
					} else {
						got = l.Product.Output(i - k)
					}
					if !sameBits(got, w) {
						t.Errorf("%s %v: output %d differs: %v and %v", net.name, d, i, head(got), head(w))
					}
				}
			}
		}
	}
}

// Base keeps what Product needs and no more: of a perceptron with two hidden
// layers of tanh their activations (2), the softmax's exponentials, sums and
// scaled inverse sums (3), the cotangents of logits, of both activations and of
// the second layer before its activation (4), but no derivative 1 - h^2.
func TestLinearizeKeepsLittle(t *testing.T) {
	n := mlp(autodiff.Float64, 7, 5, 4, 6, 3)
	l, err := Linearize(n.product, nil, n.v, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range l.Product.links {
		if v := l.Base.plan.outputs[k.output].value; v.Op() == autodiff.OpSub {
			t.Errorf("%v is kept", v)
		}
	}
	if len(l.Product.links) != 9 {
		t.Errorf("%d arrays are kept, not 9", len(l.Product.links))
	}
}

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
