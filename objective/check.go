package objective

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
)

const (
	// coordinateLimit is the largest Dim whose gradient Check compares
	// coordinate by coordinate.
	coordinateLimit = 512
	// probes is the number of random directions beyond that.
	probes = 32
)

// Report says how far the derivatives of one batch are from central
// differences.
type Report struct {
	// Loss is the loss at theta.
	Loss float64
	// GradientError is |g - g_fd|_2 / max(|g|_2, |g_fd|_2), 0 if both vanish.
	GradientError float64
	// HVPError is the same for the Hessian-vector product.
	HVPError float64
	// Directions is the number of directional derivatives behind
	// GradientError: Dim means every coordinate, less means random directions.
	Directions int
}

// Check compares gradient and Hessian-vector product of batch k at theta with
// central differences of loss and gradient.
//
// Up to 512 parameters the gradient is compared in every coordinate (20 losses
// each). Beyond that it is compared along 32 fixed random directions u with
// entries -1 and +1: the mean square of u . (g - g_fd) estimates
// |g - g_fd|_2^2, so that an error in any coordinate is seen, with a spread of
// about a quarter of its size.
//
// What a correct objective attains in float64: about 1e-11 for the product, and
// 1e-12 |loss| / |g|_2 times a modest factor (growing with the square root of
// Dim) for the gradient, because a difference of losses cannot see below the
// loss's own rounding. So near a minimum with a positive loss the gradient
// error is large without any fault. In float32 expect 1e-5 to 1e-4. A kink
// within 1e-5 of theta spoils both.
func Check(obj TwiceDifferentiable, theta, direction []float64, k int) (Report, error) {
	n := obj.Dim()
	if err := ask("check", n, obj.Batches(), k, theta, direction); err != nil {
		return Report{}, err
	}
	if length := peak(direction); !(length > 0) || math.IsInf(length, 0) {
		return Report{}, fmt.Errorf("check: the direction is zero or not finite. Try: a random direction")
	}
	g := make([]float64, n)
	loss, err := obj.Gradient(g, theta, k)
	if err != nil {
		return Report{}, fmt.Errorf("check: gradient: %w", err)
	}
	r := Report{Loss: loss, Directions: n}
	if n <= coordinateLimit {
		approx := make([]float64, n)
		if err := CentralGradient(approx, obj, theta, k); err != nil {
			return Report{}, fmt.Errorf("check: gradient: %w", err)
		}
		r.GradientError = relative(g, approx)
	} else {
		r.Directions = probes
		if r.GradientError, err = probe(obj, theta, g, k); err != nil {
			return Report{}, fmt.Errorf("check: gradient: %w", err)
		}
	}
	exact, approx := make([]float64, n), make([]float64, n)
	if err := obj.HVP(exact, theta, direction, k); err != nil {
		return Report{}, fmt.Errorf("check: Hessian-vector product: %w", err)
	}
	if err := CentralHVP(approx, obj, theta, direction, k); err != nil {
		return Report{}, fmt.Errorf("check: Hessian-vector product: %w", err)
	}
	r.HVPError = relative(exact, approx)
	return r, nil
}

// probe estimates the relative error of g from random directions.
func probe(obj Differentiable, theta, g []float64, k int) (float64, error) {
	rng := rand.New(rand.NewPCG(1, 2))
	u, slope := make([]float64, len(g)), newSlope(obj, theta, k)
	squares := 0.0
	for range probes {
		for j := range u {
			u[j] = float64(2*rng.IntN(2) - 1)
		}
		d, err := slope.along(u, max(1, peak(theta)))
		if err != nil {
			return 0, err
		}
		e := inner(u, g) - d
		squares += e * e
	}
	if squares == 0 {
		return 0, nil
	}
	return math.Sqrt(squares/probes) / floats.Norm(g, 2), nil
}

// relative is |a - b|_2 / max(|a|_2, |b|_2), and 0 for two zero vectors.
func relative(a, b []float64) float64 {
	d := floats.Distance(a, b, 2)
	if d == 0 {
		return 0
	}
	return d / max(floats.Norm(a, 2), floats.Norm(b, 2))
}
