package main

import (
	"fmt"
	"math/rand/v2"

	"leeway/config"
	"leeway/objective"
)

// Bounds of a network's derivatives.
const (
	// singleBound is that of a network in float32, whose rounding errors are
	// what is left.
	singleBound = 1e-4
	// singleKinkedBound is the same where the loss has kinks: of millions of
	// activations, those within rounding of their kink lie on its other side
	// in float32, and each is a jump of the gradient.
	singleKinkedBound = 1e-2
	// resolved is how much larger than the disagreement of the differences
	// among themselves an error may be.
	resolved = 10
	// undecidable is a disagreement beyond which differences say nothing.
	undecidable = 1e-2
)

// Probes: random directions, and twice as many coordinates. They are few for a
// network whose gradient takes a large part of a second.
const (
	manyProbes, fewProbes = 4, 1
	largeGradient         = 2e9 // floating-point operations
)

// checkProbed compares the derivatives of a network, or of another process's model, along
// a few directions.
func checkProbed(c *config.Config, p *config.Problem) (*checked, error) {
	r := &checked{
		Parameters: len(p.Start), gradient: make([]float64, len(p.Start)),
		GradientBound: derivativeBound, HVPBound: derivativeBound,
	}
	var err error
	if r.Loss, err = objective.Full(r.gradient, p.Objective, p.Start); err != nil {
		return nil, err
	}
	truth, rounding := p.Objective, doubleRounding
	if p.Single() {
		r.GradientBound, r.HVPBound = singleBound, singleBound
		if !p.Smooth {
			r.GradientBound, r.HVPBound = singleKinkedBound, singleKinkedBound
		}
		if p.Signs != nil {
			rounding = singleRounding // there is no other truth than the process's own
		} else if truth, err = inDouble(c); err != nil {
			return nil, err
		}
	}
	batches := []int{0}
	if last := p.Objective.Batches() - 1; last > 0 {
		batches = append(batches, last)
	}
	r.Batches = len(batches)
	directions := manyProbes
	if p.Network != nil {
		stats, err := p.Network.Stats()
		if err != nil {
			return nil, err
		}
		if stats.Gradient.ProductFLOP*c.Objective.GradientCost() > largeGradient {
			directions = fewProbes
		}
	}
	rng := rand.New(rand.NewPCG(c.Seed, checkStream))
	var gradient, product deviation
	for _, k := range batches {
		prober, err := newProber(p.Objective, truth, p.Start, k, p.Smooth)
		if err != nil {
			return nil, err
		}
		prober.rounding = rounding
		found, err := prober.all(directions, 2*directions, rng)
		if err != nil {
			return nil, err
		}
		gradient, product = gradient.worse(found.gradient), product.worse(found.product)
		r.Compared = plural(found.directions, "random direction") + " and " + plural(found.coordinates, "random coordinate")
	}
	r.GradientError, r.HVPError = gradient.error, product.error
	if err := r.finite(); err != nil {
		return nil, err
	}
	gradientDecided := r.judge("gradient", gradient, &r.GradientBound)
	productDecided := r.judge("Hessian-vector product", product, &r.HVPBound)
	r.Passed = gradientDecided && productDecided
	return r, nil
}

// judge raises a bound to what the differences resolve, and reports whether the
// error is no reason to fail.
func (r *checked) judge(name string, d deviation, bound *float64) bool {
	*bound = max(*bound, resolved*d.resolution)
	if d.resolution > undecidable {
		r.Undecided = append(r.Undecided, name)
		return true
	}
	return d.error <= *bound
}

// inDouble is the config's network in float64.
func inDouble(c *config.Config) (objective.TwiceDifferentiable, error) {
	double, err := c.With("objective.dtype=float64")
	if err != nil {
		return nil, err
	}
	p, err := double.Build()
	if err != nil {
		return nil, err
	}
	return p.Objective, nil
}

// words say what was compared.
func (r *checked) words(batches int) string {
	switch {
	case batches == 1:
		return r.Compared
	case r.Batches == batches:
		return fmt.Sprintf("%s, in each of %d batches", r.Compared, batches)
	}
	return fmt.Sprintf("%s, in the first and the last of %d batches", r.Compared, batches)
}
