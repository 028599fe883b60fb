package curvature_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"leeway/curvature"
	"leeway/objective"
)

// The full Hessian is objective.FullHVP to the bit; a part of the batches is
// their mean, weighted by size.
func TestHessianIsTheWeightedMean(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 15))
	sines := must(objective.NewSines(6, 4, 1)) // weights 1/4
	model := softmax(rng, 21, 3, 3)            // batches of 11 and 10
	for _, obj := range []objective.TwiceDifferentiable{sines, model, objective.CubicNet{}} {
		n := obj.Dim()
		theta, v, got, want := normal(rng, n), normal(rng, n), make([]float64, n), make([]float64, n)
		h := must(curvature.NewHessian(obj, make([]float64, n)))
		if err := h.SetTheta(theta); err != nil {
			t.Fatal(err)
		}
		kept := slices.Clone(theta)
		for range 2 {
			if err := h.Apply(got, v); err != nil {
				t.Fatal(err)
			}
			if err := objective.FullHVP(want, obj, kept, v); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%T: %v, want %v", obj, got, want)
			}
			theta[0]++ // theta was copied
		}
	}
	n := sines.Dim()
	theta, v, got := normal(rng, n), normal(rng, n), make([]float64, n)
	if err := must(curvature.NewHessian(sines, theta, 3, 1)).Apply(got, v); err != nil {
		t.Fatal(err)
	}
	one, three := make([]float64, n), make([]float64, n)
	_, _ = sines.HVP(one, theta, v, 1), sines.HVP(three, theta, v, 3)
	floats.Add(one, three)
	floats.Scale(0.5, one)
	if floats.Distance(got, one, 2) > 1e-14*floats.Norm(one, 2) {
		t.Errorf("batches 1 and 3: %v, want %v", got, one)
	}
	theta, v, got, one = normal(rng, model.Dim()), normal(rng, model.Dim()), make([]float64, model.Dim()), make([]float64, model.Dim())
	if err := must(curvature.NewHessian(model, theta, 1)).Apply(got, v); err != nil {
		t.Fatal(err)
	}
	if _ = model.HVP(one, theta, v, 1); !slices.Equal(got, one) {
		t.Error("one batch is not that batch")
	}
}

// weightless has batches that weigh nothing, failing has no products.
type (
	weightless struct{ *objective.Sines }
	failing    struct{ *objective.Sines }
	none       struct{ *objective.Sines }
)

var errBroken = errors.New("broken")

func (weightless) Weight(int) float64              { return 0 }
func (failing) HVP(_, _, _ []float64, _ int) error { return errBroken }
func (none) Dim() int                              { return 0 }

func TestHessianErrors(t *testing.T) {
	sines := must(objective.NewSines(3, 2, 1))
	theta := make([]float64, 3)
	h := must(curvature.NewHessian(sines, theta))
	for name, err := range map[string]error{
		"theta":       second(curvature.NewHessian(sines, theta[:2])),
		"set theta":   h.SetTheta(theta[:1]),
		"batch":       second(curvature.NewHessian(sines, theta, 2)),
		"negative":    second(curvature.NewHessian(sines, theta, -1)),
		"twice":       second(curvature.NewHessian(sines, theta, 1, 1)),
		"weights":     second(curvature.NewHessian(weightless{sines}, theta)),
		"lengths":     h.Apply(theta, theta[:2]),
		"empty":       second(curvature.NewHessian(none{sines}, nil)),
		"diagonal":    second(curvature.NewPreconditioned(h, theta[:2])),
		"zero":        second(curvature.NewPreconditioned(h, theta)),
		"NaN":         second(curvature.NewPreconditioned(h, []float64{1, math.NaN(), 1})),
		"infinite":    second(curvature.NewPreconditioned(h, []float64{1, 1, math.Inf(1)})),
		"precond len": must(curvature.NewPreconditioned(h, []float64{1, 1, 1})).Apply(theta[:1], theta),
	} {
		if err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	for _, op := range []curvature.Operator{
		must(curvature.NewHessian(failing{sines}, theta)),
		must(curvature.NewHessian(failing{sines}, theta, 1)),
		curvature.NewAffine(must(curvature.NewHessian(failing{sines}, theta)), 1, 1),
		must(curvature.NewPreconditioned(must(curvature.NewHessian(failing{sines}, theta)), []float64{1, 1, 1})),
	} {
		if _, err := curvature.Lanczos(op, nil); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "batch ") {
			t.Errorf("%T: error %v", op, err)
		}
	}
}

// The assembled matrix is that of FullHVP, and the counter counts.
func TestAssembleAndCount(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 16))
	obj := softmax(rng, 30, 3, 3)
	theta := normal(rng, obj.Dim())
	want, _ := dense(t, obj, theta)
	c := curvature.Counting(must(curvature.NewHessian(obj, theta)))
	got, asymmetry, err := curvature.Assemble(c)
	if err != nil || !mat.EqualApprox(got, want, 1e-14) || asymmetry > 1e-14 {
		t.Errorf("asymmetry %g, error %v", asymmetry, err)
	}
	if c.Products() != obj.Dim() {
		t.Errorf("%d products", c.Products())
	}
	e := must(curvature.Lanczos(c, nil))
	if c.Products() != obj.Dim()+e.Products {
		t.Errorf("Lanczos counts %d products, %d were made", e.Products, c.Products()-obj.Dim())
	}
	crooked := curvature.Func(2, func(dst, v []float64) error { dst[0], dst[1] = v[1], 0; return nil })
	if a, gap, _ := curvature.Assemble(crooked); gap != 1 || a.At(0, 1) != 0.5 {
		t.Errorf("asymmetry %g of %v", gap, mat.Formatted(a))
	}
}
