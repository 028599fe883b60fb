package main

import (
	"io"
	"math"
	"path/filepath"
	"testing"

	"leeway/config"
)

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
