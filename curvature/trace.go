package curvature

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
)

// Trace estimates the trace of op as the mean of z . A z over vectors z of
// random signs. One sample has variance 2 sum_{i != j} a_ij^2, so a diagonal A
// is exact with any z. One product a probe. nil settings mean the zero value.
//
// Source: M. F. Hutchinson, Commun. Stat. Simul. Comput. 18 (1989) 1059.
func Trace(op Operator, settings *ProbeSettings) (Estimate, error) {
	n := op.Dim()
	s, err := settings.resolved(n)
	if err != nil {
		return Estimate{}, err
	}
	rng := rand.New(rand.NewPCG(s.Seed, stream))
	z, w := make([]float64, n), make([]float64, n)
	var r running
	for i := range s.Probes {
		signs(rng, z)
		if err := multiply(op, w, z, "trace", i+1); err != nil {
			return Estimate{}, err
		}
		r.add(floats.Dot(z, w))
	}
	return Estimate{Value: r.mean, StdErr: r.stdErr(), Samples: s.Probes, Products: s.Probes}, nil
}

// TracePlusPlus estimates the trace of op by Hutch++: exactly on the space that
// A makes of Probes random vectors, where the large eigenvalues live, and as
// [Trace] does on the rest. It takes three products a probe and keeps Probes
// vectors in memory. Against Trace with as many products it gains where few
// eigenvalues carry most of the Frobenius norm, as in the Hessian of a network,
// and loses a factor of about sqrt(3) where none do. Where the space they make
// is everything, the trace is exact. nil settings mean the zero value.
//
// Source: R. A. Meyer, C. Musco, C. Musco, D. P. Woodruff, "Hutch++: Optimal
// Stochastic Trace Estimation", arXiv 2010.09649.
func TracePlusPlus(op Operator, settings *ProbeSettings) (Estimate, error) {
	const method = "trace++"
	n := op.Dim()
	s, err := settings.resolved(n)
	if err != nil {
		return Estimate{}, err
	}
	rng := rand.New(rand.NewPCG(s.Seed, stream))
	z, w := make([]float64, n), make([]float64, n)
	e := Estimate{Samples: s.Probes}
	product := func() error {
		e.Products++
		return multiply(op, w, z, method, e.Products)
	}

	q := newKrylov(n, min(s.Probes, n), 1) // for its orthonormal basis only
	for i := 0; i < s.Probes && q.q < n; i++ {
		signs(rng, z)
		if err := product(); err != nil {
			return Estimate{}, err
		}
		q.start(w)
	}
	large := 0.0
	for _, v := range q.v[:q.q] {
		copy(z, v)
		if err := product(); err != nil {
			return Estimate{}, err
		}
		large += floats.Dot(z, w)
	}
	if q.q == n { // nothing is left to estimate
		e.Value = large
		return e, nil
	}
	var rest running
	for range s.Probes {
		signs(rng, z)
		q.orthogonalise(q.coef[:q.q], z)
		if err := product(); err != nil {
			return Estimate{}, err
		}
		rest.add(floats.Dot(z, w))
	}
	e.Value, e.StdErr = large+rest.mean, rest.stdErr()
	return e, nil
}
