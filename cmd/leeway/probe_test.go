package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/config"
	"leeway/objective"
)

// spoilt is an objective whose derivatives are off in one coordinate.
type spoilt struct {
	objective.TwiceDifferentiable
	coordinate        int
	gradient, product float64 // what they are off by
}

func (s spoilt) Gradient(dst, theta []float64, k int) (float64, error) {
	loss, err := s.TwiceDifferentiable.Gradient(dst, theta, k)
	dst[s.coordinate] += s.gradient
	return loss, err
}

func (s spoilt) HVP(dst, theta, v []float64, k int) error {
	err := s.TwiceDifferentiable.HVP(dst, theta, v, k)
	dst[s.coordinate] += s.product
	return err
}

// The truth is known: Rosenbrock's derivatives are exact polynomials, and what
// is added to one of their coordinates is the error that must be found.
func TestProberFindsErrors(t *testing.T) {
	const n = 40
	exact, err := objective.NewRosenbrock(n)
	if err != nil {
		t.Fatal(err)
	}
	theta := exact.Start()
	gradient := make([]float64, n)
	if _, err := exact.Gradient(gradient, theta, 0); err != nil {
		t.Fatal(err)
	}
	norm := math.Sqrt(inner(gradient, gradient))
	for _, c := range []struct{ gradient, product float64 }{{0, 0}, {1e-3 * norm, 0}, {0, 1}} {
		p, err := newProber(spoilt{exact, 17, c.gradient, c.product}, exact, theta, 0, true)
		if err != nil {
			t.Fatal(err)
		}
		found, err := p.all(200, 0, rand.New(rand.NewPCG(1, 2)))
		if err != nil {
			t.Fatal(err)
		}
		// 200 directions estimate the size of the error to about a tenth.
		if want := c.gradient / norm; math.Abs(found.gradient.error-want) > 1e-9+0.3*want {
			t.Errorf("%+v: gradient off by %v, found %v", c, want, found.gradient.error)
		}
		if (c.product > 0) != (found.product.error > 1e-6) || found.product.resolution > 1e-8 {
			t.Errorf("%+v: product %+v", c, found.product)
		}
	}
	// Along a coordinate the error is relative to that coordinate.
	p, err := newProber(spoilt{exact, 17, 1e-3, 0}, exact, theta, 0, true)
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float64, n)
	v[17] = 1
	slope, _, err := p.along(v, math.Abs(gradient[17]), 0)
	if want := 1e-3 / math.Abs(gradient[17]); err != nil || math.Abs(slope.error-want) > 1e-3*want {
		t.Errorf("error %v, want %v (%v)", slope.error, want, err)
	}
}

func inner(a, b []float64) (sum float64) {
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// crooked is a mean of |x . theta - c| over many rows: its Hessian is zero
// between its kinks, which are everywhere.
type crooked struct {
	rows    [][]float64
	offsets []float64
}

func (c crooked) Dim() int     { return len(c.rows[0]) }
func (c crooked) Batches() int { return 1 }
func (c crooked) Gradient(dst, theta []float64, _ int) (loss float64, err error) {
	for j := range dst {
		dst[j] = 0
	}
	for i, x := range c.rows {
		r := inner(x, theta) - c.offsets[i]
		loss += math.Abs(r) / float64(len(c.rows))
		for j := range dst {
			dst[j] += math.Copysign(x[j], r*x[j]) / float64(len(c.rows))
		}
	}
	return loss, nil
}
func (c crooked) HVP(dst, _, _ []float64, _ int) error {
	for j := range dst {
		dst[j] = 0
	}
	return nil
}

// Where every step meets a kink, the differences say nothing, and that is what
// is reported: neither that the derivatives agree nor that they differ.
func TestKinksAreUndecided(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	kinks := crooked{}
	for i := range 400 {
		kinks.rows = append(kinks.rows, []float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()})
		// Kinks at all distances from theta = 0, down to 1e-14.
		kinks.offsets = append(kinks.offsets, math.Pow(10, -float64(i)/28))
	}
	p, err := newProber(kinks, kinks, []float64{0, 0, 0}, 0, false)
	if err != nil {
		t.Fatal(err)
	}
	found, err := p.all(3, 3, rng)
	if err != nil {
		t.Fatal(err)
	}
	r := &checked{}
	bound := derivativeBound
	if !r.judge("product", found.product, &bound) || !slices.Equal(r.Undecided, []string{"product"}) {
		t.Errorf("%+v is decided", found.product)
	}
	if !(found.product.resolution > undecidable) {
		t.Errorf("resolution %v", found.product.resolution)
	}
	// What is decided is judged by the bound, or by what the differences know.
	for _, c := range []struct {
		d    deviation
		want bool
	}{{deviation{1e-7, 0}, true}, {deviation{2e-6, 0}, false}, {deviation{2e-6, 1e-6}, true}, {deviation{2e-4, 1e-6}, false}} {
		bound := derivativeBound
		if got := new(checked).judge("x", c.d, &bound); got != c.want {
			t.Errorf("%+v passes: %t", c.d, got)
		}
	}
}

// A network whose differences disagree with it fails with code 1.
func TestCheckFailsANetwork(t *testing.T) {
	c, err := config.Load("", []string{"objective.data.train=20"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	p.Objective = spoilt{p.Objective, 2000, 1e-3, 0}
	r, err := checkProbed(c, p)
	if err != nil {
		t.Fatal(err)
	}
	if r.Passed || !(r.GradientError > 1e-4) || r.HVPError > 1e-6 {
		t.Errorf("%+v", r)
	}
	var b strings.Builder
	a := &app{out: newScreen(&b), err: newScreen(&b)}
	if code := a.finish(a.checked(r, c, p, false)); code != exitFailed || !strings.Contains(b.String(), "differs") {
		t.Errorf("code %d\n%s", code, b.String())
	}
	r.Undecided = []string{"gradient"}
	b.Reset()
	r.Passed = true
	if code := a.finish(a.checked(r, c, p, false)); code != 0 || !strings.Contains(b.String(), "Undecided: ") {
		t.Errorf("code %d\n%s", code, b.String())
	}
}
