package curvature

import (
	"math"
	"math/rand/v2"
)

// Defaults for the zero fields of [DensitySettings].
const (
	DefaultDensityProbes = 10
	DefaultDensitySteps  = 60
)

// DensitySettings control [SpectralDensity]. The zero value works.
type DensitySettings struct {
	// Probes is the number of random vectors, at least 2; zero means
	// DefaultDensityProbes.
	Probes int
	// Steps is the number of Lanczos steps from each, and so the number of
	// nodes and of vectors in memory (8 n bytes each); zero means
	// DefaultDensitySteps. A probe whose Krylov space is smaller needs fewer.
	Steps int
	// Seed makes the random vectors.
	Seed uint64
}

// Density is the distribution of the eigenvalues lambda_1 ... lambda_n of an
// operator, (1/n) sum_i delta(x - lambda_i), as estimated by stochastic Lanczos
// quadrature: for each probe a Gauss quadrature.
type Density struct {
	// Dim is n.
	Dim int
	// Rules holds one quadrature a probe.
	Rules []Quadrature
	// Products is the number of products spent.
	Products int
}

// Quadrature is the Gauss quadrature of the spectral measure of one unit vector
// z: z . f(A) z is about the sum of Weights[i] f(Nodes[i]), exact for
// polynomials f of degree up to twice the number of nodes less one.
type Quadrature struct {
	// Nodes are in ascending order; Weights are not negative and sum to 1.
	Nodes, Weights []float64
}

// SpectralDensity estimates the distribution of all eigenvalues of op. nil
// settings mean the zero value. Extreme nodes are accurate eigenvalues; inside
// a dense part the nodes show where the mass is, not single eigenvalues.
//
// Sources: G. H. Golub and G. Meurant, Matrices, Moments and Quadrature; B.
// Ghorbani, S. Krishnan, Y. Xiao, "An Investigation into Neural Net
// Optimization via Hessian Eigenvalue Density", arXiv 1901.10159.
func SpectralDensity(op Operator, settings *DensitySettings) (*Density, error) {
	var s DensitySettings
	if settings != nil {
		s = *settings
	}
	n := op.Dim()
	setDefault(&s.Probes, DefaultDensityProbes)
	setDefault(&s.Steps, DefaultDensitySteps)
	switch {
	case n < 1:
		return nil, errNoDimension
	case s.Probes < 2:
		return nil, badSetting("DensitySettings", "Probes", s.Probes, "at least 2, or 0 for the default")
	case s.Steps < 1:
		return nil, badSetting("DensitySettings", "Steps", s.Steps, "a positive value, or 0 for the default")
	}
	rng, k := rand.New(rand.NewPCG(s.Seed, stream)), newKrylov(n, s.Steps, 1)
	d := &Density{Dim: n}
	for range s.Probes {
		k.reset()
		signs(rng, k.work)
		k.start(k.work)
		for k.m < k.limit && !k.ended() {
			if err := k.expand(op, "spectral density", d.Products+1); err != nil {
				return nil, err
			}
			d.Products++
		}
		r, err := k.rayleighRitz()
		if err != nil {
			return nil, err
		}
		q := Quadrature{Nodes: r.values, Weights: make([]float64, k.m)}
		for i := range q.Weights {
			first := r.s.At(0, i)
			q.Weights[i] = first * first
		}
		d.Rules = append(d.Rules, q)
	}
	return d, nil
}

// Mean estimates the mean of f over the eigenvalues; n times it is the trace of
// f(A). The error is that of the probes; that of the quadrature is not in it
// (zero for polynomials of degree up to 2 Steps - 1, small for smooth f).
func (d *Density) Mean(f func(lambda float64) float64) Estimate {
	var r running
	for _, q := range d.Rules {
		sum := 0.0
		for i, x := range q.Nodes {
			sum += q.Weights[i] * f(x)
		}
		r.add(sum)
	}
	return Estimate{Value: r.mean, StdErr: r.stdErr(), Samples: r.count, Products: d.Products}
}

// Moment estimates the mean of lambda^p; the first times n is the trace, the
// second times n the squared Frobenius norm.
func (d *Density) Moment(p int) Estimate {
	return d.Mean(func(x float64) float64 { return math.Pow(x, float64(p)) })
}

// Share estimates the share of the eigenvalues in [low, high]. Next to a dense
// part of the spectrum it is uncertain by the weight of one node.
func (d *Density) Share(low, high float64) Estimate {
	return d.Mean(func(x float64) float64 {
		if x >= low && x <= high {
			return 1
		}
		return 0
	})
}

// Range is the smallest and the largest node.
func (d *Density) Range() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, q := range d.Rules {
		low, high = min(low, q.Nodes[0]), max(high, q.Nodes[len(q.Nodes)-1])
	}
	return low, high
}
