package nn

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// torchProblem is a problem as testdata/torch_golden.py reads it.
type torchProblem struct {
	Name       string    `json:"name"`
	Forward    string    `json:"forward"`
	Loss       string    `json:"loss"`
	Parameters [][2]any  `json:"parameters"`
	Theta      []float64 `json:"theta"`
	Direction  []float64 `json:"direction"`
	X          []float64 `json:"x"`
	Shape      []int     `json:"shape"`
	Tokens     bool      `json:"tokens"`
	Y          []int     `json:"y"`
	Test       []float64 `json:"test"`
	Pieces     []int     `json:"pieces"`
}

// torchAnswer is what PyTorch finds, or what this package does.
type torchAnswer struct {
	Name     string    `json:"name"`
	Loss     float64   `json:"loss"`
	Gradient []float64 `json:"gradient"`
	Product  []float64 `json:"product"`
	Logits   []float64 `json:"logits"`
}

// golden is PyTorch's answer in short: a vector is told by its products with a
// fixed wave, one for every parameter, so that a mistake is seen where it is.
type golden struct {
	Name     string    `json:"name"`
	Loss     float64   `json:"loss"`
	Gradient []float64 `json:"gradient"`
	Product  []float64 `json:"product"`
	Logits   float64   `json:"logits"`
}

const goldenFile = "testdata/torch_golden.json"

// torchCase is a problem for PyTorch and this package's answer to it.
func torchCase(t *testing.T, p problem) (torchProblem, torchAnswer, []Parameter) {
	p.settings.PhysicalBatch = (p.data.Len() + 1) / 2 // two pieces
	o := p.objective(t)
	rng := rand.New(rand.NewPCG(3, 3))
	q := torchProblem{
		Name: p.name, Forward: p.forward, Loss: o.Settings().Loss, Theta: start(o), Direction: normal(rng, o.Dim()),
		X: p.data.X, Shape: p.data.Shape, Tokens: p.data.Tokens != nil, Y: p.data.Y,
	}
	for _, token := range p.data.Tokens {
		q.X = append(q.X, float64(token))
	}
	q.Test = q.X[:len(q.X)/p.data.Len()*2]
	for _, part := range o.Parameters() {
		q.Parameters = append(q.Parameters, [2]any{part.Name, part.Shape})
	}
	q.Pieces = o.Pieces(0)
	a := torchAnswer{Name: p.name, Gradient: make([]float64, o.Dim()), Product: make([]float64, o.Dim())}
	a.Loss = must(o.GradientHVP(a.Gradient, a.Product, q.Theta, q.Direction, 0))
	a.Logits = must(o.Logits(q.Theta, q.Test))
	return q, a, o.Parameters()
}

func shorten(a torchAnswer, table []Parameter) golden {
	g := golden{Name: a.Name, Loss: a.Loss, Logits: wave(a.Logits)}
	for _, p := range table {
		g.Gradient = append(g.Gradient, wave(a.Gradient[p.Offset:p.Offset+p.Size()]))
		g.Product = append(g.Product, wave(a.Product[p.Offset:p.Offset+p.Size()]))
	}
	return g
}

func wave(x []float64) (sum float64) {
	for i, v := range x {
		sum += v * math.Cos(1.7*float64(i)+0.3)
	}
	return sum
}

// far is the largest difference of two vectors relative to the second's largest
// element.
func far(a, b []float64) float64 {
	gap, size := 0., 0.
	for i := range b {
		gap, size = max(gap, math.Abs(a[i]-b[i])), max(size, math.Abs(b[i]))
	}
	if len(a) != len(b) || math.IsNaN(gap) {
		return math.Inf(1)
	}
	return gap / size
}

// The truth is PyTorch 1.13's autograd in float64 on networks written in its own
// functions (testdata/torch_models.py), kept in a file by TestAgainstPyTorch.
func TestGoldenOfPyTorch(t *testing.T) {
	var want []golden
	if err := json.Unmarshal(must(os.ReadFile(goldenFile)), &want); err != nil {
		t.Fatal(err)
	}
	for i, p := range problems() {
		_, answer, table := torchCase(t, p)
		got, w := shorten(answer, table), want[i]
		if got.Name != w.Name || !(math.Abs(got.Loss-w.Loss) <= 1e-9*w.Loss) || !(math.Abs(got.Logits-w.Logits) < 1e-9) {
			t.Errorf("%s: loss %v, logits %v; want %s: %v, %v", got.Name, got.Loss, got.Logits, w.Name, w.Loss, w.Logits)
		}
		for name, x := range map[string][2][]float64{"gradient": {got.Gradient, w.Gradient}, "product": {got.Product, w.Product}} {
			if e := far(x[0], x[1]); !(e < 1e-9) {
				t.Errorf("%s: %s is off by %.1e\n%v\nwant\n%v", p.name, name, e, x[0], x[1])
			}
		}
	}
}

// The same against PyTorch itself, element by element, where it is installed; with
// LEEWAY_GOLDEN=1 its answers are kept.
func TestAgainstPyTorch(t *testing.T) {
	if os.Getenv("LEEWAY_SLOW") == "" {
		t.Skip("LEEWAY_SLOW is not set")
	}
	var ask []torchProblem
	var answers []torchAnswer
	var tables [][]Parameter
	for _, p := range problems() {
		q, a, table := torchCase(t, p)
		ask, answers, tables = append(ask, q), append(answers, a), append(tables, table)
	}
	python := "/usr/bin/python3" // Debian's, which has Debian's PyTorch
	if err := exec.Command(python, "-c", "import torch").Run(); err != nil {
		t.Skipf("%s has no PyTorch", python)
	}
	cmd := exec.Command(python, filepath.Join("testdata", "torch_golden.py"))
	cmd.Stdin, cmd.Stderr = bytes.NewReader(must(json.Marshal(ask))), os.Stderr
	var torch []torchAnswer
	if err := json.Unmarshal(must(cmd.Output()), &torch); err != nil {
		t.Fatal(err)
	}
	var keep []golden
	for i, want := range torch {
		got := answers[i]
		loss := math.Abs(got.Loss-want.Loss) / want.Loss
		gradient, product, logits := far(got.Gradient, want.Gradient), far(got.Product, want.Product), far(got.Logits, want.Logits)
		t.Logf("%-24s loss %.1e, gradient %.1e, product %.1e, logits %.1e", want.Name, loss, gradient, product, logits)
		if !(max(loss, gradient, product, logits) < 1e-9) {
			t.Errorf("%s is not PyTorch's", want.Name)
		}
		keep = append(keep, shorten(want, tables[i]))
	}
	if os.Getenv("LEEWAY_GOLDEN") != "" {
		if err := os.WriteFile(goldenFile, append(must(json.MarshalIndent(keep, "", " ")), '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
