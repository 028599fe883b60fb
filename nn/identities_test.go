package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"leeway/autodiff"
	"leeway/objective"
)

// dense collects the products with the unit vectors.
func dense(t *testing.T, o objective.TwiceDifferentiable, theta []float64) *mat.Dense {
	n := o.Dim()
	h, unit, col := mat.NewDense(n, n, nil), make([]float64, n), make([]float64, n)
	for j := range n {
		clear(unit)
		unit[j] = 1
		if err := o.HVP(col, theta, unit, 0); err != nil {
			t.Fatal(err)
		}
		h.SetCol(j, col)
	}
	return h
}

// The truth is package objective's softmax regression, which is derived and
// written by hand: loss, gradient and the dense Hessian, batch by batch. The tables
// of parameters agree: class by class, then the intercepts.
func TestWithoutHiddenLayersIsSoftmaxRegression(t *testing.T) {
	d := randomData(23, 4, 5)
	want := must(objective.NewSoftmax(d.X, d.Y, 5, 4, objective.SoftmaxSettings{Intercept: true, BatchSize: 8}))
	got := must(New(d, Settings{DType: autodiff.Float64, BatchSize: 8, PhysicalBatch: 3}))
	if got.Dim() != want.Dim() || got.Batches() != want.Batches() {
		t.Fatalf("%d parameters, %d batches; want %d and %d", got.Dim(), got.Batches(), want.Dim(), want.Batches())
	}
	theta := start(got)
	g, h := make([]float64, got.Dim()), make([]float64, got.Dim())
	for k := range got.Batches() {
		a, b := must(got.Gradient(g, theta, k)), must(want.Gradient(h, theta, k))
		if !(math.Abs(a-b) <= 1e-13*b) || !(floats.Distance(g, h, 2) <= 1e-13*floats.Norm(h, 2)) || got.Weight(k) != want.Weight(k) {
			t.Errorf("batch %d: loss %v, want %v; gradient off by %g; weight %v, want %v", k, a, b, floats.Distance(g, h, 2), got.Weight(k), want.Weight(k))
		}
	}
	a, b := dense(t, got, theta), dense(t, want, theta)
	if !mat.EqualApprox(a, b, 1e-13*mat.Norm(b, 2)) {
		t.Errorf("Hessian\n%v\nwant\n%v", mat.Formatted(a), mat.Formatted(b))
	}
	if a, b := must(got.Accuracy(theta, d.X, d.Y)), must(want.Accuracy(theta, d.X, d.Y)); a != b {
		t.Errorf("accuracy %v, want %v", a, b)
	}
}

// The truth is the Hessian of log(1 + exp(-s u tanh(w x + c) - s b)) in (w, c, u,
// b), differentiated by hand.
func TestDenseHessianByHand(t *testing.T) {
	d := Data{X: []float64{0.7}, Shape: []int{1}, Y: []int{0}, Classes: 2}
	o := must(New(d, Settings{Architecture: MLP{Hidden: []int{1}, Activation: Tanh}, Loss: Logistic, DType: autodiff.Float64}))
	w, c, u, b, x := 0.3, -0.2, 1.1, 0.4, 0.7
	a := math.Tanh(w*x + c)
	// The margin is m = -(u a + b); loss l(m) has l' = -q, l'' = q (1 - q).
	q := 1 / (1 + math.Exp(-(u*a + b)))
	da, dda := 1-a*a, -2*a*(1-a*a)
	slope := []float64{-u * da * x, -u * da, -a, -1} // of m
	bend := mat.NewDense(4, 4, nil)                  // of m
	bend.Set(0, 0, -u*dda*x*x)
	bend.Set(0, 1, -u*dda*x)
	bend.Set(1, 1, -u*dda)
	bend.Set(0, 2, -da*x)
	bend.Set(1, 2, -da)
	want := mat.NewDense(4, 4, nil)
	for i := range 4 {
		for j := range 4 {
			want.Set(i, j, q*(1-q)*slope[i]*slope[j]-q*bend.At(min(i, j), max(i, j)))
		}
	}
	got := dense(t, o, []float64{w, c, u, b})
	if !mat.EqualApprox(got, want, 1e-14) {
		t.Errorf("Hessian\n%v\nwant\n%v", mat.Formatted(got), mat.Formatted(want))
	}
}

// Three ways lead to a product: alone, with the gradient, and linearized (kept, or
// recomputed). The truth is that they are the same sums; each is another program.
func TestThreeWaysToAProduct(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, p := range problems() {
		p.settings.PhysicalBatch = (p.data.Len() + 1) / 2
		o := p.objective(t)
		n := o.Dim()
		theta, v := start(o), normal(rng, n)
		g, hv := make([]float64, n), make([]float64, n)
		loss := must(o.Gradient(g, theta, 0))
		if err := o.HVP(hv, theta, v, 0); err != nil {
			t.Fatal(err)
		}
		check := func(what string, gotLoss float64, gotG, gotHV []float64) {
			t.Helper()
			if !(math.Abs(gotLoss-loss) <= 1e-14*loss) || !(far(gotG, g) <= 1e-13) || !(far(gotHV, hv) <= 1e-13) {
				t.Errorf("%s: %s: loss %v, want %v; gradient off by %.1e, product by %.1e", p.name, what, gotLoss, loss, far(gotG, g), far(gotHV, hv))
			}
		}
		g2, hv2 := make([]float64, n), make([]float64, n)
		loss2 := must(o.GradientHVP(g2, hv2, theta, v, 0))
		check("with the gradient", loss2, g2, hv2)
		for _, memory := range []int{0, 1} {
			p.settings.LinearizeMemory = memory
			o := p.objective(t)
			l := must(o.Linearize(normal(rng, n), 0)) // elsewhere first
			if err := l.Move(theta, 0); err != nil {
				t.Fatal(err)
			}
			if l.keep != (memory == 0) {
				t.Errorf("%s: %d bytes of memory, kept %v", p.name, memory, l.keep)
			}
			must(o.Gradient(make([]float64, n), normal(rng, n), 0)) // which must not disturb it
			for range 2 {
				clear(hv2)
				if err := l.HVP(hv2, v); err != nil {
					t.Fatal(err)
				}
				check("linearized", l.Loss(), l.Gradient(), hv2)
			}
		}
	}
}

// Without batch norm the pieces of a batch add up to the batch; with it they do
// not, since every piece is normalised by itself.
func TestPiecesAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, p := range problems() {
		whole := p.objective(t)
		p.settings.PhysicalBatch = 2
		parts := p.objective(t)
		n := whole.Dim()
		theta, v := start(whole), normal(rng, n)
		g, hv, g2, hv2 := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		a, b := must(whole.GradientHVP(g, hv, theta, v, 0)), must(parts.GradientHVP(g2, hv2, theta, v, 0))
		gap := max(math.Abs(a-b)/a, far(g2, g), far(hv2, hv))
		if norms := len(whole.norms) > 0; norms != (gap > 1e-3) || !norms && !(gap < 1e-12) {
			t.Errorf("%s: batch norm %v, pieces differ by %.1e", p.name, norms, gap)
		}
	}
}

// Float32 computes the same to its precision; its results are float64 outside.
func TestFloat32(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	for _, p := range problems() {
		fine := p.objective(t)
		p.settings.DType = autodiff.Float32
		coarse := p.objective(t)
		n := fine.Dim()
		theta, v := start(fine), normal(rng, n)
		g, hv, g2, hv2 := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		a, b := must(fine.GradientHVP(g, hv, theta, v, 0)), must(coarse.GradientHVP(g2, hv2, theta, v, 0))
		gap := max(math.Abs(a-b)/a, far(g2, g), far(hv2, hv))
		if !(gap < 1e-3 && gap > 1e-9) {
			t.Errorf("%s: float32 differs by %.1e", p.name, gap)
		}
	}
}
