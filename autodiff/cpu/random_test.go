package cpu

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"leeway/autodiff"
	"leeway/autodiff/internal/random"
)

// Random graphs of all operations with their gradients and Hessian-vector
// products, cut into tiny blocks, agree with the reference evaluator.
func TestRandomGraphs(t *testing.T) {
	for _, block := range []int{8192, 64} {
		for _, d := range floats {
			t.Run(d.String(), func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					b, m, s := blockBytes, maxRow, serialBelow
					defer func() { blockBytes, maxRow, serialBelow = b, m, s }()
					if blockBytes = block; block < 8192 {
						maxRow, serialBelow = 4, 0
					}
					seed := rapid.Uint64().Draw(t, "seed")
					src := rand.New(rand.NewPCG(seed, 1))
					p := random.New(src, random.Settings{DType: d})
					outputs := append([]*autodiff.Value{p.Loss}, p.Outputs...)
					gradient := autodiff.Gradient(p.Loss, p.Wrt...)
					outputs = append(outputs, gradient...)
					data := p.Data(src)
					if rapid.Bool().Draw(t, "hvp") {
						var directions []*autodiff.Value
						for i, w := range p.Wrt {
							v := p.Graph.Input("direction "+string(rune('a'+i)), d, w.Shape()...)
							directions = append(directions, v)
							data[v] = normal(src, 1, d, w.Shape()...)
						}
						outputs = append(outputs, autodiff.Tangent(gradient, p.Wrt, directions)...)
					}
					if err := p.Graph.Err(); err != nil {
						t.Fatal(err)
					}
					matchReference(t, outputs, data, Settings{Threads: 2})
				})
			})
		}
	}
}
