package optim_test

import (
	"math/rand/v2"
	"testing"

	"leeway/optim"
)

// BenchmarkAdamToy is 5,000 steps on the two-parameter bilinear loss
// 1/2 (3/2 - 2 t1 t2)^2, where the cost per step and not per parameter counts.
func BenchmarkAdamToy(b *testing.B) {
	const steps = 5000
	opt := mustNew(b, optim.Adam{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, BiasCorrection: true}, 1e-3)
	gradient := make([]float64, 2)
	b.ReportAllocs()
	for b.Loop() {
		theta, state := []float64{2.8, 3.5}, optim.NewState(opt, 2)
		for range steps {
			r := 2*theta[0]*theta[1] - 1.5
			gradient[0], gradient[1] = 2*r*theta[1], 2*r*theta[0]
			state.Step(theta, gradient)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/steps, "ns/step")
}

// BenchmarkMillion is one step of a million parameters, for each kind with its
// customary hyperparameters.
func BenchmarkMillion(b *testing.B) {
	const dim = 1_000_000
	rng := rand.New(rand.NewPCG(1, 2))
	theta, gradient := make([]float64, dim), make([]float64, dim)
	for j := range theta {
		theta[j], gradient[j] = rng.NormFloat64(), rng.NormFloat64()
	}
	for _, kind := range optim.Kinds() {
		b.Run(kind, func(b *testing.B) {
			def, err := optim.Default(kind)
			if err != nil {
				b.Fatal(err)
			}
			state := optim.NewState(mustNew(b, def, 1e-6), dim)
			b.ReportAllocs()
			for b.Loop() {
				state.Step(theta, gradient)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/dim, "ns/param")
		})
	}
}
