package cpu

import (
	"testing"

	"leeway/autodiff"
)

func benchmark(b *testing.B, n *network) {
	b.Run("gradient", func(b *testing.B) { benchmarkProgram(b, n, n.outputs(false)) })
	b.Run("hvp", func(b *testing.B) { benchmarkProgram(b, n, n.outputs(true)) })
	b.Run("linearized", func(b *testing.B) {
		l, err := Linearize(n.product, n.outputs(false), n.v, Settings{Profile: testing.Verbose()})
		if err != nil {
			b.Fatal(err)
		}
		for v, a := range n.data {
			if err := l.Bind(v, a); err != nil {
				b.Fatal(err)
			}
		}
		if err := l.Base.Run(); err != nil {
			b.Fatal(err)
		}
		repeat(b, l.Product)
	})
}

func benchmarkProgram(b *testing.B, n *network, outputs []*autodiff.Value) {
	p, err := Compile(outputs, Settings{Profile: testing.Verbose()})
	if err != nil {
		b.Fatal(err)
	}
	runProgram(b, p, n.data)
	repeat(b, p)
}

func repeat(b *testing.B, p *Program) {
	if err := p.Run(); err != nil {
		b.Fatal(err)
	}
	if p.profile != nil {
		p.profile = newProfile(p.plan)
	}
	for b.Loop() {
		if err := p.Run(); err != nil {
			b.Fatal(err)
		}
	}
	s := p.Stats()
	b.ReportMetric((s.ProductFLOP)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	b.ReportMetric(float64(s.PeakBytes)/1e6, "MB")
	if testing.Verbose() {
		b.Log("\n" + p.Profile().String())
	}
}

// The network of peer_torch.py: 784-128-128-10, tanh, 2000 rows.
func BenchmarkMLP(b *testing.B) {
	for _, d := range floats {
		b.Run(d.String(), func(b *testing.B) { benchmark(b, mlp(d, 2000, 784, 128, 128, 10)) })
	}
}

// The convolutional network of peer_torch.py: 32x32x3, 32 32 64 64 128 128
// channels, dense 512, ReLU, 256 images.
func BenchmarkCNN(b *testing.B) {
	for _, d := range floats {
		b.Run(d.String(), func(b *testing.B) { benchmark(b, convNet(d, 256, 32, 512, 32, 64, 128)) })
	}
}
