package curvature

import (
	"math"
	"math/rand/v2"
)

// DefaultProbes is the number of random vectors of [Trace], [TracePlusPlus] and
// [Diagonal].
const DefaultProbes = 32

// ProbeSettings control the estimates from random signs. The zero value works.
type ProbeSettings struct {
	// Probes is the number of random vectors, at least 2 so that the error can
	// be told; zero means DefaultProbes.
	Probes int
	// Seed makes them.
	Seed uint64
}

// resolved returns settings with defaults filled in.
func (s *ProbeSettings) resolved(n int) (ProbeSettings, error) {
	var r ProbeSettings
	if s != nil {
		r = *s
	}
	if n < 1 {
		return r, errNoDimension
	}
	setDefault(&r.Probes, DefaultProbes)
	if r.Probes < 2 {
		return r, badSetting("ProbeSettings", "Probes", r.Probes, "at least 2, or 0 for the default")
	}
	return r, nil
}

// Estimate is a random estimate without bias.
type Estimate struct {
	Value float64
	// StdErr estimates its standard error, from the spread of the samples: the
	// truth is within two of them in about 9 of 10 cases and more, if there are
	// enough samples (about 20). Where few eigenvalues dominate, samples are
	// skewed, and an estimate that is too low believes too much in itself.
	StdErr float64
	// Samples is the number of independent samples, Products that of the
	// products with the operator.
	Samples, Products int
}

// running adds up mean and variance of samples (B. P. Welford, Technometrics 4
// (1962) 419), so that a small spread about a large mean is not lost.
type running struct {
	count         int
	mean, squares float64
}

func (r *running) add(x float64) {
	r.count++
	d := x - r.mean
	r.mean += d / float64(r.count)
	r.squares += d * (x - r.mean)
}

// stdErr is the standard error of the mean of at least two samples.
func (r *running) stdErr() float64 {
	n := float64(r.count)
	return math.Sqrt(r.squares / (n - 1) / n)
}

// signs fills z with independent -1 and +1 of equal probability.
func signs(rng *rand.Rand, z []float64) {
	for i := range z {
		z[i] = 1 - 2*float64(rng.Uint64()>>63)
	}
}
