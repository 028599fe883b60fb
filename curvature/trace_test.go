package curvature_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
)

// calibrated holds an estimate against the truth over many seeds: their mean is
// the truth within its own error, and their spread is what StdErr says. (The
// mean of the scores (estimate - truth) / StdErr would be no test: where large
// samples are rare, low estimates come with small errors.)
func calibrated(t *testing.T, name string, truth float64, seeds int, ask func(seed uint64) curvature.Estimate) {
	t.Helper()
	var sum, squares, claimed float64
	within := 0
	for seed := range seeds {
		e := ask(uint64(seed))
		d := e.Value - truth
		sum += d
		squares += d * d
		claimed += e.StdErr * e.StdErr
		if math.Abs(d) < 2*e.StdErr {
			within++
		}
	}
	bias := sum / math.Sqrt(squares)
	spread, share := math.Sqrt(squares/claimed), float64(within)/float64(seeds)
	if math.Abs(bias) > 3.5 || math.Abs(spread-1) > 0.15 || share < 0.87 {
		t.Errorf("%s: mean %.2f standard errors from the truth, spread %.2f of what is claimed, %.1f %% within two", name, bias, spread, 100*share)
	}
	t.Logf("%s: mean %.2f standard errors from the truth, spread %.2f of what is claimed, %.1f %% within two", name, bias, spread, 100*share)
}

// The truth is the sum of the planted spectrum.
func TestTraceIsWithinItsError(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 19))
	spectrum := append([]float64{20, 10, -5}, normal(rng, 50)...)
	op, truth := curvature.NewDense(planted(rng, spectrum)), floats.Sum(spectrum)
	calibrated(t, "trace", truth, 300, func(seed uint64) curvature.Estimate {
		return must(curvature.Trace(op, &curvature.ProbeSettings{Seed: seed}))
	})
	calibrated(t, "trace++", truth, 300, func(seed uint64) curvature.Estimate {
		return must(curvature.TracePlusPlus(op, &curvature.ProbeSettings{Seed: seed, Probes: 20}))
	})
	calibrated(t, "trace by quadrature", truth/53, 100, func(seed uint64) curvature.Estimate {
		return must(curvature.SpectralDensity(op, &curvature.DensitySettings{Seed: seed, Probes: 20, Steps: 3})).Moment(1)
	})
}

// The variance of a sample is 2 sum_{i != j} a_ij^2, from the entries.
func TestTraceVariance(t *testing.T) {
	a := planted(rand.New(rand.NewPCG(20, 20)), filled(40, func(i int) float64 { return float64(i) / 10 }))
	want := 0.0
	for i := range 40 {
		for j := range 40 {
			if i != j {
				want += 2 * a.At(i, j) * a.At(i, j)
			}
		}
	}
	const probes = 4000
	e := must(curvature.Trace(curvature.NewDense(a), &curvature.ProbeSettings{Probes: probes}))
	if got := e.StdErr * e.StdErr * probes; math.Abs(got-want) > 0.1*want {
		t.Errorf("variance %g, want %g", got, want)
	}
	if e.Products != probes || e.Samples != probes {
		t.Errorf("%+v", e)
	}
}

// Exact cases: a diagonal matrix for Hutchinson, a matrix of a rank up to the
// number of probes for Hutch++; and on a fast decay Hutch++ is the better for
// the same products.
func TestTraceWhereItIsExact(t *testing.T) {
	diagonal := curvature.NewDense(mat.NewDiagDense(4, []float64{1, 2, 3, 4}))
	if e := must(curvature.Trace(diagonal, nil)); math.Abs(e.Value-10) > 1e-14 || e.StdErr > 1e-15 {
		t.Errorf("diagonal: %+v", e)
	}
	rng := rand.New(rand.NewPCG(21, 21))
	low := curvature.NewDense(planted(rng, append([]float64{5, -3, 2, 1}, make([]float64, 60)...)))
	if e := must(curvature.TracePlusPlus(low, &curvature.ProbeSettings{Probes: 6})); math.Abs(e.Value-5) > 1e-12 || e.StdErr > 1e-12 || e.Products != 6+4+6 {
		t.Errorf("rank 4: %+v", e)
	}
	if e := must(curvature.TracePlusPlus(diagonal, nil)); math.Abs(e.Value-10) > 1e-13 || e.StdErr != 0 || e.Products > 36 {
		t.Errorf("more probes than dimensions: %+v", e)
	}
	decaying := curvature.NewDense(planted(rng, filled(200, func(i int) float64 { return math.Pow(0.7, float64(i)) })))
	plain := must(curvature.Trace(decaying, &curvature.ProbeSettings{Probes: 60}))
	plus := must(curvature.TracePlusPlus(decaying, &curvature.ProbeSettings{Probes: 20}))
	if plus.Products != 60 || plus.StdErr > plain.StdErr/20 {
		t.Errorf("%+v, Hutchinson %+v", plus, plain)
	}
}

// The truth is the diagonal of the matrix; its sum is Trace's number.
func TestDiagonal(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 22))
	a := planted(rng, normal(rng, 30))
	op := curvature.NewDense(a)
	d, e := make([]float64, 30), make([]float64, 30)
	s := &curvature.ProbeSettings{Probes: 400, Seed: 1}
	if products, err := curvature.Diagonal(d, e, op, s); err != nil || products != 400 {
		t.Fatal(products, err)
	}
	squares := 0.0
	for i := range d {
		z := (d[i] - a.At(i, i)) / e[i]
		squares += z * z
	}
	// A mean of 30 squares of normal variables: 1 with a spread of 0.26.
	if squares /= 30; squares < 0.3 || squares > 2 {
		t.Errorf("mean square of the errors in standard errors: %.2f", squares)
	}
	if trace := must(curvature.Trace(op, s)).Value; math.Abs(floats.Sum(d)-trace) > 1e-12 {
		t.Errorf("the diagonal sums to %v, the trace is %v", floats.Sum(d), trace)
	}
	only := make([]float64, 30)
	if _, err := curvature.Diagonal(only, nil, op, s); err != nil || !floats.Equal(only, d) {
		t.Errorf("without errors: %v, error %v", only, err)
	}
}
