package curvature_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"

	"leeway/curvature"
)

// With too few steps the result says so, in the error and in its flags, and the
// residuals still bound the error.
func TestTooFewProducts(t *testing.T) {
	spectrum := filled(200, func(i int) float64 { return float64(i) / 200 })
	op := curvature.NewDense(planted(rand.New(rand.NewPCG(7, 7)), spectrum))
	e, err := curvature.Lanczos(op, &curvature.LanczosSettings{Top: 2, Bottom: 1, MaxProducts: 20})
	var short *curvature.ConvergenceError
	if !errors.As(err, &short) || short.Products != 20 || e.Products != 20 || e.Converged() {
		t.Fatalf("error %v, result %+v", err, e)
	}
	if !(short.Residual > short.Limit) || short.Limit != e.Limit || short.Exhausted {
		t.Errorf("%+v", short)
	}
	for _, part := range []string{"Lanczos not converged after 20 products", "est eigenvalue ", " of ", "Try: MaxProducts 40"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in %q", part, err)
		}
	}
	checkPairs(t, op, spectrum, append(e.Top, e.Bottom...), 0, 1)
	if off := math.Abs(e.Top[0].Value - spectrum[199]); off > e.Top[0].Residual || off < 1e-9 {
		t.Errorf("off by %g, residual %g", off, e.Top[0].Residual)
	}
}

// A product that is NaN, infinite, too large to work with, or an error is
// reported by every algorithm with its number and place.
func TestBadProducts(t *testing.T) {
	broken := errors.New("broken")
	good := curvature.NewDense(planted(rand.New(rand.NewPCG(8, 8)), filled(30, func(i int) float64 { return float64(i) })))
	for name, ask := range map[string]func(curvature.Operator) error{
		"Lanczos": func(op curvature.Operator) error {
			e, err := curvature.Lanczos(op, nil)
			if e != nil && err != nil {
				t.Error("Lanczos gives a result")
			}
			return err
		},
		"power iteration": func(op curvature.Operator) error { _, _, err := curvature.PowerIteration(op, nil); return err },
		"trace":           func(op curvature.Operator) error { _, err := curvature.Trace(op, nil); return err },
		"trace++":         func(op curvature.Operator) error { _, err := curvature.TracePlusPlus(op, nil); return err },
		"diagonal": func(op curvature.Operator) error {
			_, err := curvature.Diagonal(make([]float64, 30), nil, op, nil)
			return err
		},
		"spectral density": func(op curvature.Operator) error { _, err := curvature.SpectralDensity(op, nil); return err },
		"matrix":           func(op curvature.Operator) error { _, _, err := curvature.Assemble(op); return err },
		"check":            func(op curvature.Operator) error { _, err := curvature.Check(op, 0); return err },
	} {
		for _, at := range []int{1, 3, 35, 65} {
			for _, bad := range []float64{math.NaN(), math.Inf(-1), math.MaxFloat64, 0} {
				count := 0
				err := ask(curvature.Func(30, func(dst, v []float64) error {
					if count++; count != at {
						return good.Apply(dst, v)
					}
					if bad == 0 {
						return broken
					}
					dst[3], dst[5], dst[6] = 1, bad, bad
					return nil
				}))
				if count < at {
					continue // the algorithm needs fewer products
				}
				if bad == 0 {
					if !errors.Is(err, broken) || !strings.Contains(err.Error(), name) {
						t.Errorf("%s: error %v", name, err)
					}
					continue
				}
				var e *curvature.NonFiniteError
				if !errors.As(err, &e) {
					t.Errorf("%s, product %d, %g: error %v", name, at, bad, err)
					continue
				}
				if e.Method != name || e.Product != at || e.Component != 5 || !strings.Contains(err.Error(), "Try: ") {
					t.Errorf("%s, product %d: %v", name, at, err)
				}
			}
		}
	}
}

func TestSettingsOutOfRange(t *testing.T) {
	op := curvature.NewDense(planted(rand.New(rand.NewPCG(9, 9)), filled(10, func(i int) float64 { return float64(i) })))
	empty := curvature.Func(0, nil)
	lanczos := func(s curvature.LanczosSettings) error { _, err := curvature.Lanczos(op, &s); return err }
	power := func(op curvature.Operator, s curvature.PowerSettings) error {
		_, _, err := curvature.PowerIteration(op, &s)
		return err
	}
	density := func(op curvature.Operator, s curvature.DensitySettings) error {
		_, err := curvature.SpectralDensity(op, &s)
		return err
	}
	one := &curvature.ProbeSettings{Probes: 1}
	for name, err := range map[string]error{
		"top":             lanczos(curvature.LanczosSettings{Top: -1}),
		"top of n":        lanczos(curvature.LanczosSettings{Top: 11}),
		"bottom":          lanczos(curvature.LanczosSettings{Bottom: 11}),
		"block":           lanczos(curvature.LanczosSettings{Block: 11}),
		"tolerance":       lanczos(curvature.LanczosSettings{Tolerance: -1}),
		"small tolerance": lanczos(curvature.LanczosSettings{Tolerance: 1e-16}),
		"tolerance NaN":   lanczos(curvature.LanczosSettings{Tolerance: math.NaN()}),
		"basis":           lanczos(curvature.LanczosSettings{Top: 2, Basis: 3}),
		"products":        lanczos(curvature.LanczosSettings{Top: 4, MaxProducts: 3}),
		"start":           lanczos(curvature.LanczosSettings{Start: [][]float64{{1}}}),
		"start NaN":       lanczos(curvature.LanczosSettings{Start: [][]float64{append(make([]float64, 9), math.NaN())}}),
		"power tolerance": power(op, curvature.PowerSettings{Tolerance: -1}),
		"power products":  power(op, curvature.PowerSettings{MaxProducts: -1}),
		"power empty":     power(empty, curvature.PowerSettings{}),
		"probes":          second(curvature.Trace(op, one)),
		"probes ++":       second(curvature.TracePlusPlus(op, one)),
		"probes diagonal": second(curvature.Diagonal(make([]float64, 10), nil, op, one)),
		"trace empty":     second(curvature.Trace(empty, nil)),
		"diagonal dst":    second(curvature.Diagonal(make([]float64, 9), nil, op, nil)),
		"diagonal error":  second(curvature.Diagonal(make([]float64, 10), make([]float64, 9), op, nil)),
		"density probes":  density(op, curvature.DensitySettings{Probes: 1}),
		"density steps":   density(op, curvature.DensitySettings{Steps: -1}),
		"density empty":   density(empty, curvature.DensitySettings{}),
		"lanczos empty":   second(curvature.Lanczos(empty, nil)),
		"check empty":     second(curvature.Check(empty, 0)),
		"matrix length":   op.Apply(make([]float64, 10), make([]float64, 3)),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "curvature: ") || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, _, err := curvature.Assemble(empty); err == nil {
		t.Error("an empty matrix")
	}
}

func second[T any](_ T, err error) error { return err }

// An operator that changes from product to product has no eigenvalues. Lanczos
// shows it in Asymmetry, and when nothing is left to search the hint says so.
func TestChangingOperator(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 10))
	a := curvature.NewDense(planted(rng, normal(rng, 12)))
	op := curvature.Func(12, func(dst, v []float64) error {
		err := a.Apply(dst, v)
		for i := range dst {
			dst[i] += 0.01 * rng.NormFloat64()
		}
		return err
	})
	e, err := curvature.Lanczos(op, &curvature.LanczosSettings{Top: 3})
	var stuck *curvature.ConvergenceError
	if !errors.As(err, &stuck) || !stuck.Exhausted || !strings.Contains(err.Error(), "symmetric") {
		t.Errorf("error %v", err)
	}
	if e.Asymmetry < 1e-3 {
		t.Errorf("asymmetry %g", e.Asymmetry)
	}
}

// With an operator that is only nearly symmetric, restarts lose parts of the
// products; the residuals know, and bound what multiplication finds. And they
// cannot come down to a tolerance that the operator does not allow.
func TestResidualsOfANearlySymmetricOperator(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 41))
	const n = 120
	a, noise := curvature.NewDense(planted(rng, normal(rng, n))), normal(rng, n*n)
	op := curvature.Func(n, func(dst, v []float64) error {
		err := a.Apply(dst, v)
		for i := range dst {
			dst[i] += 1e-6 * floats.Dot(noise[i*n:(i+1)*n], v)
		}
		return err
	})
	e, err := curvature.Lanczos(op, &curvature.LanczosSettings{Top: 3, Basis: 12, Tolerance: 1e-10, MaxProducts: 400})
	if err == nil || e.Restarts < 5 || e.Asymmetry < 1e-7 || e.Asymmetry > 1e-4 {
		t.Fatalf("%d restarts, asymmetry %g, error %v", e.Restarts, e.Asymmetry, err)
	}
	w := make([]float64, n)
	for i, p := range e.Top {
		if err := op.Apply(w, p.Vector); err != nil {
			t.Fatal(err)
		}
		floats.AddScaled(w, -p.Value, p.Vector)
		if r := floats.Norm(w, 2); r > p.Residual || p.Residual > 1e-3 {
			t.Errorf("pair %d: residual %g, claimed %g", i, r, p.Residual)
		}
	}
}

func TestCheck(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	a := curvature.NewDense(planted(rng, normal(rng, 40)))
	noise := func(size float64) curvature.Operator {
		return curvature.Func(40, func(dst, v []float64) error {
			err := a.Apply(dst, v)
			dst[rng.IntN(40)] += size
			return err
		})
	}
	crooked := curvature.Func(40, func(dst, v []float64) error {
		err := a.Apply(dst, v)
		dst[0] += v[1]
		return err
	})
	bent := curvature.Func(40, func(dst, v []float64) error {
		err := a.Apply(dst, v)
		dst[0] += math.Abs(v[0])
		return err
	})
	for name, c := range map[string]struct {
		op    curvature.Operator
		cause string
	}{
		"good": {a, ""}, "zero": {curvature.NewAffine(a, 0, 0), ""},
		"not fixed": {noise(0.1), "not fixed"}, "not symmetric": {crooked, "not symmetric"}, "not linear": {bent, "not linear"},
	} {
		r, err := curvature.Check(c.op, 1)
		if err != nil {
			t.Fatal(err)
		}
		switch err := r.Err(1e-12); {
		case c.cause == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.cause != "" && (err == nil || !strings.Contains(err.Error(), c.cause) || !strings.Contains(err.Error(), "Try: ")):
			t.Errorf("%s: error %v, %+v", name, err, r)
		}
	}
}
