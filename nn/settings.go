package nn

import (
	"fmt"
	"math"

	"leeway/autodiff"
)

// Settings choose a network and how it is computed. The zero value is softmax
// regression (an [MLP] without hidden layers) with the cross-entropy loss, in
// float32, full batch.
type Settings struct {
	// Architecture of the network, by default MLP{}.
	Architecture Architecture
	// Loss is one of [Losses], by default cross-entropy.
	Loss string
	// DType is the type that the network computes in, Float32 or Float64.
	// Parameters, gradients and products are float64 outside in both cases.
	DType autodiff.DType
	// Batches is the number of batches of consecutive examples, whose sizes
	// differ by at most one, or BatchSize the size of each but the last. Both
	// zero: one batch of all.
	Batches, BatchSize int
	// PhysicalBatch is the largest number of examples computed at once; a
	// larger batch is worked off in equal pieces, if its size has a divisor
	// between this number and four fifths of it, and otherwise in pieces of two
	// sizes that differ by one example. Two sizes are two programs and take
	// twice the memory. Zero: [DefaultPhysicalBatch] of the architecture.
	PhysicalBatch int
	// Threads that a computation runs on. Zero: GOMAXPROCS. The number changes
	// no bit of a result.
	Threads int
	// Seed of the initial parameters.
	Seed uint64
	// Init replaces the initial distribution of all weights, that is of
	// parameters with at least two axes. The zero value leaves every layer its
	// own.
	Init Init
	// InitBias does so for all biases except those of norms.
	InitBias Init
	// InitScale multiplies what is drawn, weights and biases; the constants with which
	// norms begin stay. Zero: 1.
	InitScale float64
	// LinearizeMemory bounds, in bytes, what [Objective.Linearize] may keep; a
	// linearization that needs more is recomputed for every product. Zero:
	// 4 GiB.
	LinearizeMemory int
	// Profile measures the time of every kernel; see [Objective.Profiles].
	Profile bool
}

// DefaultPhysicalBatch is the PhysicalBatch that zero stands for: 2048 examples
// for an [MLP], 256 for a [CNN] and a [LeNet], 128 for a ResNet-18, 64 for a [Transformer] and
// 32 for deeper ResNets, a [SimpleViT] and anything else. On 32x32 images in
// float32 a gradient with a product then takes less than 6 GiB.
func DefaultPhysicalBatch(a Architecture) int {
	switch a := a.(type) {
	case nil, MLP:
		return 2048
	case CNN, LeNet:
		return 256
	case ResNet:
		if a.Depth == 0 || a.Depth == 18 {
			return 128
		}
	case Transformer:
		return 64
	}
	return 32
}

// resolve writes out the defaults and checks.
func (s *Settings) resolve() error {
	if s.Architecture == nil {
		s.Architecture = MLP{}
	}
	if s.Loss == "" {
		s.Loss = CrossEntropy
	}
	if s.PhysicalBatch == 0 {
		s.PhysicalBatch = DefaultPhysicalBatch(s.Architecture)
	}
	if s.LinearizeMemory == 0 {
		s.LinearizeMemory = 4 << 30
	}
	if s.InitScale == 0 {
		s.InitScale = 1
	}
	switch {
	case !s.DType.IsFloat():
		return fmt.Errorf("nn: a network of %v. Try: float32 or float64", s.DType)
	case s.PhysicalBatch < 0 || s.Threads < 0 || s.LinearizeMemory < 0:
		return fmt.Errorf("nn: a physical batch of %d, %d threads and %d bytes to linearize. Try: positive numbers, or 0 for the defaults", s.PhysicalBatch, s.Threads, s.LinearizeMemory)
	}
	if err := s.Init.check(); err != nil {
		return err
	}
	if !(s.InitScale > 0) || math.IsInf(s.InitScale, 0) {
		return fmt.Errorf("nn: initial parameters times %v. Try: a finite number > 0", s.InitScale)
	}
	return s.InitBias.check()
}

// initOf is the distribution of a parameter: its layer's, unless replaced. Biases
// are the vectors that start uniformly; those of norms start at constants.
func (s *Settings) initOf(p Parameter) Init {
	switch {
	case len(p.Shape) > 1 && s.Init.Kind != "":
		return s.Init
	case len(p.Shape) == 1 && p.init.Kind == Uniform && s.InitBias.Kind != "":
		return s.InitBias
	}
	return p.init
}

// edges cuts n examples into batches; batch k holds edges[k] to edges[k+1].
func (s *Settings) edges(n int) ([]int, error) {
	batches, size := s.Batches, s.BatchSize
	switch {
	case batches < 0 || size < 0:
		return nil, fmt.Errorf("nn: %d batches of size %d. Try: positive numbers, or 0 for the full batch", batches, size)
	case batches > 0 && size > 0:
		return nil, fmt.Errorf("nn: both a number of batches (%d) and a batch size (%d) are given. Try: one of them", batches, size)
	case batches > n:
		return nil, fmt.Errorf("nn: %d batches of %d examples would leave some empty. Try: at most %d batches", batches, n, n)
	case size > n:
		return nil, fmt.Errorf("nn: batch size %d exceeds the %d examples. Try: a size of at most %d, or the full batch", size, n, n)
	case size > 0:
		batches = (n + size - 1) / size
	}
	edges := []int{0}
	for k := 1; k <= max(batches, 1); k++ {
		end := k * n / max(batches, 1)
		if size > 0 {
			end = min(k*size, n)
		}
		edges = append(edges, end)
	}
	return edges, nil
}

// cut divides the examples [lo, hi) into physical batches and returns the edges
// between them. Sizes are equal if a divisor of their number is near, since every
// size has a program with memory of its own; else they differ by one.
func (s *Settings) cut(lo, hi int) []int {
	n := hi - lo
	most := min(n, s.PhysicalBatch)
	count := (n + most - 1) / most
	for rows := most; 5*rows >= 4*most; rows-- {
		if n%rows == 0 {
			count = n / rows
			break
		}
	}
	edges := make([]int, count+1)
	for i := range edges {
		edges[i] = lo + i*n/count
	}
	return edges
}
