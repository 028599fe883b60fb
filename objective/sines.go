package objective

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Sines is a seeded family of smooth losses in p parameters, one a batch,
//
//	E_k(theta) = 1/2 sum_j a_kj (theta_j - c_kj)^2 + sum_m s_km sin(w_km . theta + f_km)
//
// with p sines a batch. All derivatives are bounded and cheap, no batch is
// like another, and nothing is symmetric or separable: made for fitting
// convergence orders of flows under mini-batches.
type Sines struct {
	p, batches                  int
	stiff, centre, size, offset []float64 // a, c, s, f: batches x p
	wave                        []float64 // w: batches x p sines x p
}

var (
	_ TwiceDifferentiable = (*Sines)(nil)
	_ Cloner              = (*Sines)(nil)
)

// NewSines draws the coefficients for p parameters and the given number of
// batches from seed: a in [1/2, 3/2], c normal, s in [-1/2, 1/2], w normal
// with variance 1/p, f in [0, 2 pi).
func NewSines(p, batches int, seed uint64) (*Sines, error) {
	if p < 1 || batches < 1 {
		return nil, fmt.Errorf("sines: %d parameters and %d batches. Try: at least one of each", p, batches)
	}
	rng := rand.New(rand.NewPCG(seed, 0x73696e6573)) // stream "sines"
	draw := func(n int, next func() float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = next()
		}
		return x
	}
	return &Sines{
		p: p, batches: batches,
		stiff:  draw(batches*p, func() float64 { return 0.5 + rng.Float64() }),
		centre: draw(batches*p, rng.NormFloat64),
		size:   draw(batches*p, func() float64 { return rng.Float64() - 0.5 }),
		offset: draw(batches*p, func() float64 { return 2 * math.Pi * rng.Float64() }),
		wave:   draw(batches*p*p, func() float64 { return rng.NormFloat64() / math.Sqrt(float64(p)) }),
	}, nil
}

// Dim is p.
func (s *Sines) Dim() int { return s.p }

// Batches is the number of losses in the family.
func (s *Sines) Batches() int { return s.batches }

// Gradient writes the gradient of E_k.
func (s *Sines) Gradient(dst, theta []float64, k int) (float64, error) {
	if err := ask("sines", s.p, s.batches, k, dst, theta); err != nil {
		return 0, err
	}
	base, loss := k*s.p, 0.0
	for j, t := range theta {
		a, away := s.stiff[base+j], t-s.centre[base+j]
		dst[j] = a * away
		loss += a * away * away / 2
	}
	for m := base; m < base+s.p; m++ {
		w := s.wave[m*s.p:][:s.p]
		sin, cos := math.Sincos(inner(w, theta) + s.offset[m])
		loss += s.size[m] * sin
		axpy(dst, s.size[m]*cos, w)
	}
	return loss, nil
}

// HVP multiplies with diag(a_k) - sum_m s_km sin(...) w_km w_km^T.
func (s *Sines) HVP(dst, theta, v []float64, k int) error {
	if err := ask("sines", s.p, s.batches, k, dst, theta, v); err != nil {
		return err
	}
	base := k * s.p
	for j, x := range v {
		dst[j] = s.stiff[base+j] * x
	}
	for m := base; m < base+s.p; m++ {
		w := s.wave[m*s.p:][:s.p]
		axpy(dst, -s.size[m]*math.Sin(inner(w, theta)+s.offset[m])*inner(w, v), w)
	}
	return nil
}

// Clone returns the objective itself, which has no scratch memory.
func (s *Sines) Clone() TwiceDifferentiable { return s }
