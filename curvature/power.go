package curvature

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
)

// DefaultPowerProducts is the limit of products of [PowerIteration], which is a
// slow method.
const DefaultPowerProducts = 1000

// PowerSettings control [PowerIteration]. The zero value works.
type PowerSettings struct {
	// Tolerance is what the residual |A x - lambda x|_2 must come down to,
	// relative to |lambda|; zero means DefaultTolerance. It is not the change
	// of lambda from one product to the next, which other programs look at: a
	// slow iteration changes little and may still be far away.
	Tolerance float64
	// MaxProducts limits the products; zero means DefaultPowerProducts.
	MaxProducts int
	// Seed makes the random starting vector.
	Seed uint64
}

// PowerIteration finds the eigenvalue of largest modulus, which may be
// negative, in the memory of two vectors, and returns it with the number of
// products. It converges as the ratio of the two largest moduli to the power of
// the products, so where these are close, and never where they are equal with
// opposite signs; see [Affine] for shifting the spectrum, and [Lanczos] for a
// method that needs far fewer products. nil settings mean the zero value.
//
// At the limit of products the pair is returned together with a
// [*ConvergenceError]; a product that is not finite is a [*NonFiniteError].
func PowerIteration(op Operator, settings *PowerSettings) (pair Pair, products int, err error) {
	var s PowerSettings
	if settings != nil {
		s = *settings
	}
	n := op.Dim()
	switch {
	case n < 1:
		return Pair{}, 0, errNoDimension
	case !(s.Tolerance >= 0) || math.IsInf(s.Tolerance, 1):
		return Pair{}, 0, badSetting("PowerSettings", "Tolerance", s.Tolerance, "a positive finite value, or 0 for the default")
	case s.MaxProducts < 0:
		return Pair{}, 0, badSetting("PowerSettings", "MaxProducts", s.MaxProducts, "a positive value, or 0 for the default")
	}
	setDefault(&s.Tolerance, DefaultTolerance)
	setDefault(&s.MaxProducts, DefaultPowerProducts)

	rng := rand.New(rand.NewPCG(s.Seed, stream))
	x, w, r := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	normalize(x)
	for {
		if err := multiply(op, w, x, "power iteration", products+1); err != nil {
			return Pair{}, products, err
		}
		products++
		value := floats.Dot(x, w)
		floats.AddScaledTo(r, w, -value, x)
		pair = Pair{Value: value, Vector: x, Residual: floats.Norm(r, 2)}
		limit := s.Tolerance * math.Abs(value)
		if pair.Converged = pair.Residual <= limit; pair.Converged {
			orient(x)
			return pair, products, nil
		}
		if products == s.MaxProducts {
			orient(x)
			return pair, products, &ConvergenceError{
				Method: "power iteration", Products: products, Pair: "eigenvalue of largest modulus",
				Value: value, Residual: pair.Residual, Limit: limit,
			}
		}
		copy(x, w)
		normalize(x)
	}
}
