package curvature_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
	"leeway/optim"
)

// The truth is the eigensystem of the matrix P^-1 H itself, by LAPACK's QR
// algorithm for matrices without symmetry: it never sees a root of P.
func TestPreconditionedIsTheGeneralizedProblem(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 17))
	obj := softmax(rng, 60, 6, 4)
	theta := normal(rng, obj.Dim())
	h, _ := dense(t, obj, theta)
	n := obj.Dim()
	p := make([]float64, n)
	for i := range p {
		p[i] = math.Exp(3 * rng.NormFloat64())
	}
	var ratio mat.Dense
	ratio.Apply(func(i, _ int, v float64) float64 { return v / p[i] }, h)
	var eigen mat.Eigen
	if !eigen.Factorize(&ratio, mat.EigenRight) {
		t.Fatal("no eigenvalues")
	}
	want := eigen.Values(nil)
	slices.SortFunc(want, func(a, b complex128) int { return cmp.Compare(real(b), real(a)) })

	c := must(curvature.NewPreconditioned(must(curvature.NewHessian(obj, theta)), p))
	e := must(curvature.Lanczos(c, &curvature.LanczosSettings{Top: 4, Tolerance: 1e-10}))
	x, back, r := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, pair := range e.Top {
		if math.Abs(pair.Value-real(want[i])) > 1e-9*real(want[0]) {
			t.Errorf("eigenvalue %d: %v, want %v", i, pair.Value, want[i])
		}
		// The recovered vector solves H x = lambda P x.
		c.Recover(x, pair.Vector)
		for j := range r {
			r[j] = floats.Dot(mat.Row(nil, j, h), x) - pair.Value*p[j]*x[j]
		}
		if floats.Norm(r, 2) > 1e-8*pair.Value || math.Abs(floats.Norm(x, 2)-1) > 1e-14 {
			t.Errorf("vector %d: residual %g, norm %g", i, floats.Norm(r, 2), floats.Norm(x, 2))
		}
		c.Symmetrize(back, x)
		if floats.Distance(back, pair.Vector, 2) > 1e-12 {
			t.Errorf("vector %d does not come back", i)
		}
	}
	// The negative half: without P the eigenvalues are others.
	if raw := must(curvature.Lanczos(must(curvature.NewHessian(obj, theta)), nil)); math.Abs(raw.Top[0].Value-e.Top[0].Value) < 0.1*raw.Top[0].Value {
		t.Errorf("P makes no difference: %v", raw.Top[0].Value)
	}
}

// SetDiagonal moves to another P, and a bad one changes nothing.
func TestSetDiagonal(t *testing.T) {
	op := curvature.NewDense(mat.NewDiagDense(2, []float64{6, 1}))
	c := must(curvature.NewPreconditioned(op, []float64{1, 1}))
	if err := c.SetDiagonal([]float64{3, -1}); err == nil || !strings.Contains(err.Error(), "component 1") {
		t.Errorf("error %v", err)
	}
	for _, want := range []float64{6, 2} {
		if got := must(curvature.Lanczos(c, nil)).Top[0].Value; math.Abs(got-want) > 1e-14 {
			t.Errorf("%v, want %v", got, want)
		}
		if err := c.SetDiagonal([]float64{3, 1}); err != nil {
			t.Fatal(err)
		}
	}
	zero := make([]float64, 2)
	if c.Recover(zero, zero); zero[0] != 0 || zero[1] != 0 {
		t.Errorf("zero becomes %v", zero)
	}
}

// The truth is the optimizer itself: its direction F is m_hat / P, and with the
// first moment's correction in P it is m / P.
func TestSecondMomentIsWhatTheOptimizerDividesBy(t *testing.T) {
	const n, beta1, beta2, eps = 5, 0.8, 0.95, 0.3
	for mode := curvature.Inside; mode <= curvature.OutsideUncorrected; mode++ {
		for _, corrected := range []bool{false, true} {
			rng := rand.New(rand.NewPCG(18, 18))
			opt := must(optim.New(optim.Adam{Beta1: beta1, Beta2: beta2, Eps: eps, EpsMode: optim.EpsMode(mode), BiasCorrection: corrected}, 0.1, optim.Schedule{}))
			state := optim.NewState(opt, n)
			theta, f, p := normal(rng, n), make([]float64, n), make([]float64, n)
			for step := 1; step <= 4; step++ {
				state.StepDirection(f, theta, normal(rng, n))
				m, v := state.Memory(0), state.Memory(1)
				s := curvature.SecondMoment{Eps: eps, Placement: mode, Beta2: beta2}
				if corrected {
					s.Steps = step
				}
				for _, s.Beta1 = range []float64{0, beta1} {
					if err := s.Diagonal(p, v); err != nil {
						t.Fatal(err)
					}
					for j := range f {
						first := m[j]
						if corrected && s.Beta1 == 0 {
							first /= 1 - math.Pow(beta1, float64(step))
						}
						if math.Abs(first/p[j]-f[j]) > 1e-14*math.Abs(f[j]) {
							t.Errorf("placement %d, corrected %v, step %d: P divides to %v, the optimizer to %v", mode, corrected, step, first/p[j], f[j])
						}
					}
				}
			}
		}
	}
}

func TestSecondMomentErrors(t *testing.T) {
	one := []float64{1}
	for name, c := range map[string]struct {
		s curvature.SecondMoment
		v []float64
	}{
		"length":    {v: []float64{1, 2}},
		"negative":  {v: []float64{-1}},
		"NaN":       {v: []float64{math.NaN()}},
		"eps":       {curvature.SecondMoment{Eps: -1}, one},
		"eps inf":   {curvature.SecondMoment{Eps: math.Inf(1)}, one},
		"placement": {curvature.SecondMoment{Placement: 3}, one},
		"steps":     {curvature.SecondMoment{Steps: -1}, one},
		"beta1":     {curvature.SecondMoment{Beta1: 1}, one},
		"beta2":     {curvature.SecondMoment{Beta2: math.NaN()}, one},
	} {
		if err := c.s.Diagonal(make([]float64, 1), c.v); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	p := []float64{4, 0.25}
	if err := (curvature.SecondMoment{}).Diagonal(p, p); err != nil || p[0] != 2 || p[1] != 0.5 {
		t.Errorf("in place, zero value: %v, error %v", p, err)
	}
}
