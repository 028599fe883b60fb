package curvature

import (
	"fmt"
	"math"
)

// Smooth writes the density, each node widened to a normal distribution of
// standard deviation sigma > 0, at the points of grid into dst (of the same
// length). Its integral over the real line is 1. Other lengths and a sigma that
// is not positive and finite are errors.
func (d *Density) Smooth(dst, grid []float64, sigma float64) error {
	if len(dst) != len(grid) {
		return fmt.Errorf("curvature: density at %d points into %d values. Try: equal lengths", len(grid), len(dst))
	}
	if !(sigma > 0) || math.IsInf(sigma, 1) {
		return fmt.Errorf("curvature: density smoothed with sigma %g. Try: a positive width, such as a hundredth of the range", sigma)
	}
	norm := 1 / (sigma * math.Sqrt(2*math.Pi) * float64(len(d.Rules)))
	for j, x := range grid {
		sum := 0.0
		for _, q := range d.Rules {
			for i, node := range q.Nodes {
				u := (x - node) / sigma
				sum += q.Weights[i] * math.Exp(-u*u/2)
			}
		}
		dst[j] = norm * sum
	}
	return nil
}

// Grid fills dst with equally spaced points that cover all nodes and four sigma
// more on each side, so that a density smoothed with sigma is seen whole. To
// resolve it, take steps of at most sigma.
func (d *Density) Grid(dst []float64, sigma float64) {
	low, high := d.Range()
	low, high = low-4*sigma, high+4*sigma
	for i := range dst {
		at := 0.5
		if len(dst) > 1 {
			at = float64(i) / float64(len(dst)-1)
		}
		dst[i] = low + at*(high-low)
	}
}
