package bea_test

import (
	"fmt"
	"testing"

	"leeway/bea"
	"leeway/objective"
	"leeway/optim"
)

// BenchmarkFlow is one evaluation of the corrected field on 640 parameters: in
// full batch, and in five batches while the past is replayed (cyclic order
// before the averages have settled, any other order) and when it is not.
func BenchmarkFlow(b *testing.B) {
	const dim = 640
	opt := must[optim.Optimizer](b)(optim.New(optim.Adam{Beta1: 0.9, Beta2: 0.95, Eps: 1e-4, BiasCorrection: true}, 1e-4, optim.Schedule{}))
	for _, c := range []struct{ batches, n int }{{1, 500}, {5, 500}, {5, 2000}} {
		b.Run(fmt.Sprintf("batches=%d/step=%d", c.batches, c.n), func(b *testing.B) {
			flow := must[*bea.Flow](b)(bea.NewFlow(2, opt, flat{dim, c.batches}, nil))
			flow.SetStep(c.n)
			theta, dst := make([]float64, dim), make([]float64, dim)
			for j := range theta {
				theta[j] = float64(j%7) - 3
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := flow.Derivative(dst, 0, theta); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// flat costs nothing to ask, so that a benchmark times the expansion alone.
type flat struct{ dim, batches int }

var _ objective.TwiceDifferentiable = flat{}

func (f flat) Dim() int     { return f.dim }
func (f flat) Batches() int { return f.batches }

func (f flat) Gradient(dst, theta []float64, k int) (float64, error) {
	for j, x := range theta {
		dst[j] = x + float64(k)/8
	}
	return 0, nil
}

func (f flat) HVP(dst, _, v []float64, _ int) error {
	copy(dst, v)
	return nil
}
