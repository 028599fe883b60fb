package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"leeway/objective"
)

// The truth is central differences of the loss and of the gradient, which use
// neither the rules of differentiation nor the second transformation. The ReLU
// network has kinks, but none within the differences' reach of its point.
func TestDerivativesAgainstCentralDifferences(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	worst := objective.Report{}
	for _, p := range problems() {
		o := p.objective(t)
		r, err := objective.Check(o, start(o), normal(rng, o.Dim()), 0)
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		t.Logf("%-24s %4d parameters, %d directions: gradient %.1e, product %.1e", p.name, o.Dim(), r.Directions, r.GradientError, r.HVPError)
		if !(r.GradientError < 1e-7 && r.HVPError < 1e-7) {
			t.Errorf("%s: %+v", p.name, r)
		}
		worst.GradientError, worst.HVPError = max(worst.GradientError, r.GradientError), max(worst.HVPError, r.HVPError)
	}
	t.Logf("largest relative errors: gradient %.1e, product %.1e", worst.GradientError, worst.HVPError)
}

// A Hessian is symmetric, whatever rules it was made by: u . H v = v . H u.
func TestHVPSymmetric(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, p := range problems() {
		o := p.objective(t)
		n := o.Dim()
		theta, u, v, hu, hv := start(o), normal(rng, n), normal(rng, n), make([]float64, n), make([]float64, n)
		if err := o.HVP(hu, theta, u, 0); err != nil {
			t.Fatal(err)
		}
		if err := o.HVP(hv, theta, v, 0); err != nil {
			t.Fatal(err)
		}
		size := floats.Norm(u, 2)*floats.Norm(hv, 2) + floats.Norm(v, 2)*floats.Norm(hu, 2)
		if gap := math.Abs(floats.Dot(u, hv) - floats.Dot(v, hu)); !(gap <= 1e-12*size) || floats.Norm(hu, 2) == 0 {
			t.Errorf("%s: u.Hv - v.Hu = %g of %g", p.name, gap, size)
		}
	}
}

// The truth is the dense Hessian of central differences of the gradient, one column
// a parameter, to fourth order, with steps so short that they meet no kink. Products
// with the unit vectors must give every element of it, and be symmetric without
// being made so.
func TestDenseHessianOfEveryArchitecture(t *testing.T) {
	for _, p := range problems() {
		p.settings.Threads = 1 // nothing here is large enough for more
		o := p.objective(t)
		n := o.Dim()
		if testing.Short() && n > 300 {
			continue
		}
		theta := start(o)
		got := dense(t, o, theta)
		want := mat.NewDense(n, n, nil)
		at, up, down, column := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		for j := range n {
			clear(column)
			for i, h := range []float64{2e-5, 1e-5} {
				copy(at, theta)
				at[j] = theta[j] + h
				must(o.Gradient(up, at, 0))
				at[j] = theta[j] - h
				must(o.Gradient(down, at, 0))
				weight := []float64{-1. / 3, 4. / 3}[i] / (2 * h)
				floats.AddScaled(column, weight, up)
				floats.AddScaled(column, -weight, down)
			}
			want.SetCol(j, column)
		}
		size := mat.Norm(want, 2)
		var gap, skew mat.Dense
		gap.Sub(got, want)
		skew.Sub(got, got.T())
		far, asymmetry := mat.Norm(&gap, 2)/size, mat.Norm(&skew, 2)/size
		t.Logf("%-24s %4d x %d: differs by %.1e, asymmetric by %.1e", p.name, n, n, far, asymmetry)
		if !(far < 1e-7 && asymmetry < 1e-12) {
			t.Errorf("%s: Hessian differs by %.1e, is asymmetric by %.1e", p.name, far, asymmetry)
		}
	}
}
