package curvature_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
)

// Random signs weigh every axis equally, so of a diagonal matrix with enough
// steps the density is exact, multiplicities included, and no more products are
// spent than there are different eigenvalues. The truth is counting.
func TestDensityOfADiagonal(t *testing.T) {
	spectrum := []float64{-1, 0, 0, 0, 0, 2, 2, 5, 5, 5}
	d := must(curvature.SpectralDensity(curvature.NewDense(mat.NewDiagDense(10, spectrum)), nil))
	if d.Dim != 10 || len(d.Rules) != curvature.DefaultDensityProbes || d.Products != 4*len(d.Rules) {
		t.Errorf("%d products, %d rules", d.Products, len(d.Rules))
	}
	for _, c := range []struct{ low, high, share float64 }{{-2, -0.5, 0.1}, {-0.5, 1, 0.4}, {1, 3, 0.2}, {4, 6, 0.3}, {6, 9, 0}} {
		if e := d.Share(c.low, c.high); math.Abs(e.Value-c.share) > 1e-13 || e.StdErr > 1e-13 {
			t.Errorf("%v to %v: %+v", c.low, c.high, e)
		}
	}
	if low, high := d.Range(); math.Abs(low+1) > 1e-13 || math.Abs(high-5) > 1e-13 {
		t.Errorf("from %v to %v", low, high)
	}
	if e := d.Mean(math.Exp); math.Abs(e.Value-(math.Exp(-1)+4+2*math.Exp(2)+3*math.Exp(5))/10) > 1e-11 {
		t.Errorf("mean of exp: %v", e.Value)
	}
}

// The truth is sums of powers of the planted spectrum and the planted spectrum
// itself, smoothed; neither knows of Lanczos.
func TestDensityWithinItsError(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 23))
	n := 150
	spectrum := append([]float64{6, 5, -3}, normal(rng, n-3)...)
	op := curvature.NewDense(planted(rng, spectrum))
	for p := range 5 {
		truth := 0.0
		for _, x := range spectrum {
			truth += math.Pow(x, float64(p)) / float64(n)
		}
		// Three steps are exact to degree 5.
		e := must(curvature.SpectralDensity(op, &curvature.DensitySettings{Probes: 40, Steps: 3})).Moment(p)
		if math.Abs(e.Value-truth) > 3.5*e.StdErr+1e-13 {
			t.Errorf("moment %d: %v +- %v, want %v", p, e.Value, e.StdErr, truth)
		}
	}

	const sigma = 0.3
	d := must(curvature.SpectralDensity(op, &curvature.DensitySettings{Probes: 40, Steps: 50}))
	grid, got := make([]float64, 200), make([]float64, 200)
	d.Grid(grid, sigma)
	if err := d.Smooth(got, grid, sigma); err != nil {
		t.Fatal(err)
	}
	gap, mass, step := 0.0, 0.0, grid[1]-grid[0]
	for j, x := range grid {
		truth := 0.0
		for _, y := range spectrum {
			truth += math.Exp(-(x-y)*(x-y)/(2*sigma*sigma)) / (sigma * math.Sqrt(2*math.Pi) * float64(n))
		}
		gap += step * math.Abs(got[j]-truth)
		mass += step * got[j]
	}
	// 40 probes of dimension 150 have about sqrt(2/6000) = 2 % of noise.
	if gap > 0.06 || math.Abs(mass-1) > 1e-4 {
		t.Errorf("densities differ by %.3f, the mass is %v", gap, mass)
	}
	t.Logf("densities differ by %.3f", gap)
	// The negative half: another spectrum's density is far away.
	other := must(curvature.SpectralDensity(curvature.NewAffine(op, 1, 0.5), &curvature.DensitySettings{Probes: 40, Steps: 50}))
	far, shifted := 0.0, make([]float64, 200)
	if err := other.Smooth(shifted, grid, sigma); err != nil {
		t.Fatal(err)
	}
	for j := range grid {
		far += step * math.Abs(got[j]-shifted[j])
	}
	if far < 0.2 {
		t.Errorf("the density of another operator is only %.3f away", far)
	}
}

func TestSmoothErrors(t *testing.T) {
	d := must(curvature.SpectralDensity(curvature.NewDense(mat.NewDiagDense(2, []float64{1, 3})), nil))
	for _, err := range []error{d.Smooth(make([]float64, 2), make([]float64, 3), 1), d.Smooth(nil, nil, 0), d.Smooth(nil, nil, math.Inf(1))} {
		if err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("error %v", err)
		}
	}
	one := make([]float64, 1)
	if d.Grid(one, 0.1); math.Abs(one[0]-2) > 1e-13 {
		t.Errorf("a grid of one point: %v", one)
	}
}

func TestEstimatesAreDeterministic(t *testing.T) {
	op := curvature.NewDense(planted(rand.New(rand.NewPCG(24, 24)), filled(50, func(i int) float64 { return float64(i) })))
	for name, ask := range map[string]func(seed uint64) curvature.Estimate{
		"trace": func(s uint64) curvature.Estimate { return must(curvature.Trace(op, &curvature.ProbeSettings{Seed: s})) },
		"trace++": func(s uint64) curvature.Estimate {
			return must(curvature.TracePlusPlus(op, &curvature.ProbeSettings{Seed: s, Probes: 5}))
		},
		"density": func(s uint64) curvature.Estimate {
			return must(curvature.SpectralDensity(op, &curvature.DensitySettings{Seed: s})).Moment(3)
		},
	} {
		if ask(1) != ask(1) || ask(1) == ask(2) {
			t.Errorf("%s: %v, %v, another seed %v", name, ask(1), ask(1), ask(2))
		}
	}
}
