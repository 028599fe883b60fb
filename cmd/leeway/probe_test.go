package main

import (
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
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

// The file of a network: the loss follows from parameters and rows by the
// formulas of an MLP written out here, images are turned to channels first, and
// the product is the change of the gradient (both are held against PyTorch in
// the slow suite).
func TestComparisonFileOfANetwork(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npz")
	const text = "{model: {kind: mlp, hidden: [3], activation: tanh}, data: {kind: gaussian, shape: [2, 3, 2], classes: 4, seed: 5, train: 6}, batch: {size: 4}}"
	if code := execute([]string{"check", "objective=" + text, "--npz", path}, io.Discard, testWriter{t}); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	v, shape := readNPZ(t, path)
	for name, want := range map[string]string{
		"x": "6,2,2,3,", "y": "6,", "loss": "", "param/0.weight": "3,12,", "param/0.bias": "3,", "param/2.weight": "4,3,", "param/2.bias": "4,",
		"grad/0.weight": "3,12,", "direction/0.weight": "3,12,", "hvp/2.bias": "4,",
	} {
		if got, ok := shape[name]; !ok || got != want {
			t.Errorf("%s has the shape (%s), want (%s)", name, got, want)
		}
	}
	loss := 0.0
	for i, y := range v["y"] {
		x := v["x"][12*i : 12*i+12]
		z, total := make([]float64, 4), 0.0
		copy(z, v["param/2.bias"])
		for h := range 3 {
			a := math.Tanh(inner(v["param/0.weight"][12*h:12*h+12], x) + v["param/0.bias"][h])
			for c := range z {
				z[c] += v["param/2.weight"][3*c+h] * a
			}
		}
		for _, s := range z {
			total += math.Exp(s)
		}
		loss += (math.Log(total) - z[int(y)]) / 6
	}
	if math.Abs(loss-v["loss"][0]) > 1e-12 {
		t.Errorf("loss %v, by hand %v", v["loss"][0], loss)
	}
	// The rows as they were drawn have their channels last.
	c, err := config.Load("", []string{"objective=" + text})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	for image := range 6 {
		for row := range 2 {
			for column := range 3 {
				for channel := range 2 {
					if got, want := v["x"][((image*2+channel)*2+row)*3+column], p.Train.X[((image*2+row)*3+column)*2+channel]; got != want {
						t.Fatalf("image %d, row %d, column %d, channel %d: %v, want %v", image, row, column, channel, got, want)
					}
				}
			}
		}
	}
}

// Text is written as whole numbers.
func TestComparisonFileOfText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npz")
	const text = "{model: {kind: transformer, dim: 4, depth: 1, heads: 1, mlp_dim: 3}, data: {kind: markov, vocab: 3, length: 5, train: 4}}"
	if code := execute([]string{"check", "objective=" + text, "--npz", path}, io.Discard, testWriter{t}); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	v, shape := readNPZ(t, path)
	if shape["x"] != "4,5," || shape["y"] != "4,5," || v["y"][3] != v["x"][4] {
		t.Errorf("x (%s), y (%s): %v %v", shape["x"], shape["y"], v["x"][:5], v["y"][:5])
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
	r, err := checkNetwork(c, p)
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
