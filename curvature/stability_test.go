package curvature_test

import (
	"math"
	"testing"

	"leeway/curvature"
	"leeway/optim"
)

// grows runs a rule on E = sharpness theta^2 / 2 and tells whether the later
// half is larger than the earlier one.
func grows(step func(theta, g float64) float64, sharpness float64) bool {
	theta, early, late := 1.0, 0.0, 0.0
	for n := range 4000 {
		theta = step(theta, sharpness*theta)
		if n < 2000 {
			early = max(early, math.Abs(theta))
		} else {
			late = max(late, math.Abs(theta))
		}
		if math.Abs(theta) > 1e6 {
			return true
		}
	}
	return late > early
}

// The truth is the method at work, one in a hundred below its line and above
// it. Those that package optim has are optim's; the adaptive ones are written
// out with P frozen at 1, as the line assumes.
func TestStabilityLines(t *testing.T) {
	const h, decay = 0.07, 0.9
	rule := func(def optim.Definition) func() func(theta, g float64) float64 {
		return func() func(theta, g float64) float64 {
			state := optim.NewState(must(optim.New(def, h, optim.Schedule{})), 1)
			return func(theta, g float64) float64 {
				x := []float64{theta}
				state.Step(x, []float64{g})
				return x[0]
			}
		}
	}
	frozen := func(update func(theta, m, g float64) float64, beta float64) func() func(theta, g float64) float64 {
		return func() func(theta, g float64) float64 {
			m := 0.0
			return func(theta, g float64) float64 {
				m = beta*m + (1-beta)*g
				return update(theta, m, g)
			}
		}
	}
	for _, beta := range []float64{0, 0.3, 0.9} {
		for name, c := range map[string]struct {
			line float64
			make func() func(theta, g float64) float64
		}{
			"gd":       {curvature.GradientDescentLine(h), rule(optim.GD{})},
			"heavy":    {curvature.HeavyBallLine(h, beta), rule(optim.HeavyBall{Beta: beta})},
			"polyak":   {curvature.PolyakLine(h, beta), rule(optim.HeavyBall{Beta: beta, Form: optim.PolyakForm})},
			"nesterov": {curvature.NesterovLine(h, beta), rule(optim.Nesterov{Beta: beta})},
			"adam":     {curvature.AdamLine(h, beta), frozen(func(theta, m, _ float64) float64 { return theta - h*m }, beta)},
			"nadam":    {curvature.NAdamLine(h, beta), frozen(func(theta, m, g float64) float64 { return theta - h*(beta*m+(1-beta)*g) }, beta)},
			"adamw":    {curvature.AdamWLine(h, beta, decay), frozen(func(theta, m, _ float64) float64 { return theta - h*(m+decay*theta) }, beta)},
		} {
			if grows(c.make(), 0.99*c.line) || !grows(c.make(), 1.01*c.line) {
				t.Errorf("%s, beta %g: the line is not at %g", name, beta, c.line)
			}
		}
	}
	// Published: 38/h for beta1 = 0.9 (arXiv 2207.14484).
	if line := curvature.AdamLine(1e-3, 0.9); math.Abs(line-38000) > 1e-9 {
		t.Errorf("Adam: %v", line)
	}
	// Without momentum or decay all are gradient descent.
	for _, line := range []float64{curvature.HeavyBallLine(h, 0), curvature.NAdamLine(h, 0), curvature.AdamWLine(h, 0, 0)} {
		if math.Abs(line-2/h) > 1e-13 {
			t.Errorf("%v, want %v", line, 2/h)
		}
	}
}
