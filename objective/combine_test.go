package objective_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/floats"

	"leeway/objective"
)

// lone is an objective without HVP, weights or clones.
type lone struct{ objective.Differentiable }

// faulty has a wrong derivative where told to, and fails where told to.
type faulty struct {
	objective.TwiceDifferentiable
	gradient, hvp       float64 // added to the last entry
	failGradient, noHVP error
}

func (f faulty) Gradient(dst, theta []float64, k int) (float64, error) {
	loss, err := f.TwiceDifferentiable.Gradient(dst, theta, k)
	dst[len(dst)-1] += f.gradient
	return loss, errors.Join(err, f.failGradient)
}

func (f faulty) HVP(dst, theta, v []float64, k int) error {
	err := f.TwiceDifferentiable.HVP(dst, theta, v, k)
	dst[len(dst)-1] += f.hvp
	return errors.Join(err, f.noHVP)
}

// The negative half of every derivative test: Check reports an error that is
// put in, at its size, by coordinates and by random directions.
func TestCheckSeesErrors(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 3))
	for _, n := range []int{5, 2000} {
		q := must(objective.NewDiagonal(objective.LogSpectrum(make([]float64, n), 1, 10), nil))
		theta, v := normal(rng, n), normal(rng, n)
		g, hv := make([]float64, n), make([]float64, n)
		must(q.Gradient(g, theta, 0))
		if err := q.HVP(hv, theta, v, 0); err != nil {
			t.Fatal(err)
		}

		r := must(objective.Check(q, theta, v, 0))
		if r.GradientError > 1e-10 || r.HVPError > 1e-11 {
			t.Errorf("n = %d, no fault: %+v", n, r)
		}
		if want := min(n, 512); r.Directions != n && (n <= want || r.Directions >= n) {
			t.Errorf("n = %d: %d directions", n, r.Directions)
		}
		const fault = 1e-4
		r = must(objective.Check(faulty{TwiceDifferentiable: q, gradient: fault}, theta, v, 0))
		if want := fault / floats.Norm(g, 2); math.Abs(r.GradientError/want-1) > 0.5 {
			t.Errorf("n = %d: gradient error %g, put in %g", n, r.GradientError, want)
		}
		r = must(objective.Check(faulty{TwiceDifferentiable: q, hvp: fault}, theta, v, 0))
		if want := fault / floats.Norm(hv, 2); math.Abs(r.HVPError/want-1) > 0.01 {
			t.Errorf("n = %d: product error %g, put in %g", n, r.HVPError, want)
		}
	}
}

func TestCheckEdges(t *testing.T) {
	flat := must(objective.NewDiagonal(make([]float64, 3), nil))
	large := must(objective.NewDiagonal(make([]float64, 600), nil))
	one := []float64{1, 1, 1}
	if r := must(objective.Check(flat, one, one, 0)); r != (objective.Report{Directions: 3}) {
		t.Errorf("flat: %+v", r)
	}
	many := slices.Repeat(one, 200)
	if r := must(objective.Check(large, many, many, 0)); r.GradientError != 0 {
		t.Errorf("flat and large: %+v", r)
	}
	for _, v := range [][]float64{{0, 0, 0}, {math.NaN(), 0, 0}, {math.Inf(1), 0, 0}} {
		if _, err := objective.Check(flat, one, v, 0); err == nil || !strings.Contains(err.Error(), "direction") {
			t.Errorf("direction %v: error %v", v, err)
		}
	}
	broken := errors.New("broken")
	for _, obj := range []objective.TwiceDifferentiable{
		faulty{TwiceDifferentiable: flat, failGradient: broken},
		faulty{TwiceDifferentiable: flat, noHVP: broken},
	} {
		if _, err := objective.Check(obj, one, one, 0); !errors.Is(err, broken) {
			t.Errorf("error %v is lost", err)
		}
	}
	dst := []float64{1, 1, 1}
	if err := objective.CentralHVP(dst, flat, one, []float64{0, 0, 0}, 0); err != nil || dst[0] != 0 {
		t.Errorf("zero direction: %v, error %v", dst, err)
	}
	if r := must(objective.Check(flat, []float64{math.NaN(), 0, 0}, one, 0)); !math.IsNaN(r.GradientError) {
		t.Errorf("at NaN: %+v", r)
	}
}

// Badly scaled features make the useful step sizes differ by 1e6 between
// coordinates; the truth is the exact gradient.
func TestCheckChoosesItsStep(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	x, y := table(rng, 40, 3, 2)
	for i := range x {
		x[i] *= []float64{1e-3, 1, 2e3}[i%3]
	}
	obj := must(objective.NewLinear(x, y, 3, objective.LinearSettings{}))
	r := must(objective.Check(obj, []float64{0.1, 0.1, 1e-4}, []float64{1, 1, 1e-3}, 0))
	if r.GradientError > 1e-8 || r.HVPError > 1e-8 {
		t.Errorf("%+v", r)
	}
}

func TestJoin(t *testing.T) {
	d := must(objective.NewDiagonal([]float64{1, 2}, nil))
	j := must(objective.Join(objective.Bilinear{}, d))
	g := make([]float64, 2)
	if loss := must(j.Gradient(g, []float64{1, 1}, 1)); loss != 1.5 || g[1] != 2 {
		t.Errorf("batch 1: loss %v, gradient %v", loss, g)
	}
	if objective.WeightOf(j, 0) != 0.5 {
		t.Error("parts do not weigh the same")
	}
	for _, parts := range [][]objective.TwiceDifferentiable{{}, {d, must(objective.NewDiagonal([]float64{1}, nil))}, {j, d}} {
		if _, err := objective.Join(parts...); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%d parts: error %v", len(parts), err)
		}
	}
}

// By hand: 1/2 theta^2 + 3/2 theta^2.
func TestRidge(t *testing.T) {
	r := objective.Ridge(must(objective.NewDiagonal([]float64{1}, nil)), 3)
	g := make([]float64, 1)
	if loss := must(r.Gradient(g, []float64{2}, 0)); loss != 8 || g[0] != 8 {
		t.Errorf("loss %v, gradient %v", loss, g)
	}
	if err := r.HVP(g, []float64{2}, []float64{5}, 0); err != nil || g[0] != 20 {
		t.Errorf("product %v, error %v", g, err)
	}
}

func TestCounting(t *testing.T) {
	c := objective.Counting(must(objective.NewSines(2, 3, 1)))
	g, theta := make([]float64, 2), []float64{1, 2}
	must(c.Gradient(g, theta, 1))
	var wg sync.WaitGroup
	for range 4 {
		clone := must(objective.Clone(c))
		wg.Go(func() {
			dst := make([]float64, 2)
			_, _ = clone.Gradient(dst, theta, 2)
			_ = clone.HVP(dst, theta, theta, 0)
		})
	}
	wg.Wait()
	if !slices.Equal(c.Gradients(), []int{0, 1, 4}) || !slices.Equal(c.HVPs(), []int{4, 0, 0}) {
		t.Errorf("gradients %v, products %v", c.Gradients(), c.HVPs())
	}
	if c.Reset(); slices.Max(c.Gradients())+slices.Max(c.HVPs()) != 0 {
		t.Error("counts survive a reset")
	}
	// The full loss costs one gradient a batch, and one product a batch.
	must(objective.Full(g, c, theta))
	if err := objective.FullHVP(g, c, theta, theta); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Gradients(), []int{1, 1, 1}) || !slices.Equal(c.HVPs(), []int{1, 1, 1}) {
		t.Errorf("full loss: gradients %v, products %v", c.Gradients(), c.HVPs())
	}
}

func TestWrappersPassOnWhatIsInside(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 5))
	x, y := table(rng, 10, 2, 3)
	s := must(objective.NewSoftmax(x, y, 2, 3, objective.SoftmaxSettings{BatchSize: 4}))
	wrapped := objective.Counting(objective.Ridge(s, 1))
	if objective.WeightOf(wrapped, 2) != 0.2 {
		t.Errorf("the last batch of 4, 4, 2 weighs %v", objective.WeightOf(wrapped, 2))
	}
	theta := normal(rng, 6)
	c, ok := objective.AsClassifier(objective.NewFullBatch(wrapped))
	if !ok || must(c.Accuracy(theta, x, y)) != must(s.Accuracy(theta, x, y)) {
		t.Error("the classifier inside is not found")
	}
	for _, obj := range []objective.Differentiable{objective.Bilinear{}, objective.Ridge(objective.Bilinear{}, 1), objective.NewFullBatch(lone{s}), nil} {
		if _, ok := objective.AsClassifier(obj); ok {
			t.Errorf("%T classifies", obj)
		}
	}
	// What cannot be cloned says so through every wrapper.
	stuck := faulty{TwiceDifferentiable: objective.Bilinear{}}
	for _, obj := range []objective.Differentiable{
		lone{s}, stuck, objective.Ridge(stuck, 1), objective.Counting(stuck), objective.NewFullBatch(stuck), must(objective.Join(stuck, stuck)),
	} {
		if _, err := objective.Clone(obj); err == nil || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%T is cloned, error %v", obj, err)
		}
	}
}

func TestFullBatchPassesOnErrors(t *testing.T) {
	broken := errors.New("broken")
	s := must(objective.NewSines(2, 2, 1))
	g := make([]float64, 2)
	if err := objective.NewFullBatch(lone{s}).HVP(g, g, g, 0); err == nil || !strings.Contains(err.Error(), "CentralHVP") {
		t.Errorf("no product: error %v", err)
	}
	bad := faulty{TwiceDifferentiable: s, failGradient: broken, noHVP: broken}
	if _, err := objective.Full(g, bad, make([]float64, 2)); !errors.Is(err, broken) {
		t.Errorf("gradient: error %v", err)
	}
	if err := objective.FullHVP(g, bad, make([]float64, 2), make([]float64, 2)); !errors.Is(err, broken) {
		t.Errorf("product: error %v", err)
	}
	r := objective.Ridge(bad, 1)
	if _, err := r.Gradient(g, make([]float64, 2), 0); !errors.Is(err, broken) {
		t.Errorf("ridge gradient: error %v", err)
	}
	if err := r.HVP(g, make([]float64, 2), make([]float64, 2), 0); !errors.Is(err, broken) {
		t.Errorf("ridge product: error %v", err)
	}
}
