package curvature

import (
	"fmt"
	"math/rand/v2"
)

// Diagonal estimates the diagonal of op as the mean of z_i (A z)_i over vectors
// z of random signs, writes it into dst and, unless stdErr is nil, the standard
// error of each component into stdErr. One sample of component i has variance
// sum_{j != i} a_ij^2. Their sum is the estimate of [Trace] with the same
// settings, up to rounding. It returns the number of products; wrong lengths
// are an error. nil settings mean the zero value.
//
// Source: C. Bekas, E. Kokiopoulou, Y. Saad, Appl. Numer. Math. 57 (2007) 1214.
func Diagonal(dst, stdErr []float64, op Operator, settings *ProbeSettings) (products int, err error) {
	n := op.Dim()
	s, err := settings.resolved(n)
	if err != nil {
		return 0, err
	}
	if len(dst) != n || (stdErr != nil && len(stdErr) != n) {
		return 0, fmt.Errorf("curvature: diagonal of dimension %d: lengths of dst and stdErr are %d and %d. Try: both of length %d, or a nil stdErr", n, len(dst), len(stdErr), n)
	}
	rng := rand.New(rand.NewPCG(s.Seed, stream))
	z, w, sums := make([]float64, n), make([]float64, n), make([]running, n)
	for k := range s.Probes {
		signs(rng, z)
		if err := multiply(op, w, z, "diagonal", k+1); err != nil {
			return k, err
		}
		for i := range sums {
			sums[i].add(z[i] * w[i])
		}
	}
	for i, r := range sums {
		dst[i] = r.mean
		if stdErr != nil {
			stdErr[i] = r.stdErr()
		}
	}
	return s.Probes, nil
}
