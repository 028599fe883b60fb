package nn

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"leeway/autodiff"
)

// The two networks whose speed is compared with PyTorch's: an MLP on 2,000 rows of
// 784 and the CNN on 256 images of 32x32x3.
func benchmarks() []problem {
	return []problem{
		{name: "mlp", data: randomData(2000, 10, 784), settings: Settings{Architecture: MLP{Hidden: []int{128, 128}, Activation: Tanh}}},
		{name: "cnn", data: randomData(256, 10, 32, 32, 3), settings: Settings{Architecture: CNN{}}},
	}
}

func BenchmarkNetworks(b *testing.B) {
	for _, p := range benchmarks() {
		for _, dtype := range []autodiff.DType{autodiff.Float32, autodiff.Float64} {
			p.settings.DType = dtype
			o := p.objective(b)
			n := o.Dim()
			theta, v := o.Start(), normal(rand.New(rand.NewPCG(1, 1)), n)
			g, hv := make([]float64, n), make([]float64, n)
			l := must(o.Linearize(theta, 0))
			stats := must(o.Stats())
			for _, task := range []struct {
				name string
				work Work
				run  func() error
			}{
				{"gradient", stats.Gradient, func() error { _, err := o.Gradient(g, theta, 0); return err }},
				{"gradient+hvp", stats.HVP, func() error { _, err := o.GradientHVP(g, hv, theta, v, 0); return err }},
				{"hvp", Work{}, func() error { return o.HVP(hv, theta, v, 0) }},
				{"linearized", stats.LinearizedHVP, func() error { return l.HVP(hv, v) }},
			} {
				b.Run(fmt.Sprintf("%s/%v/%s", p.name, dtype, task.name), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if err := task.run(); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(task.work.ProductFLOP*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
					b.ReportMetric(float64(task.work.PeakBytes)/1e6, "MB")
				})
			}
		}
	}
}

// How many rows at once are best: 2,000 rows or images in pieces of every size.
func BenchmarkPhysicalBatch(b *testing.B) {
	for _, p := range benchmarks() {
		for _, rows := range []int{64, 250, 500, 1000, 2048} {
			if p.name == "cnn" && rows > 256 {
				continue
			}
			p.settings.PhysicalBatch = rows
			o := p.objective(b)
			theta, g := o.Start(), make([]float64, o.Dim())
			b.Run(fmt.Sprintf("%s/%d", p.name, rows), func(b *testing.B) {
				for b.Loop() {
					must(o.Gradient(g, theta, 0))
				}
			})
		}
	}
}
