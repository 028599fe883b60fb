package main

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// torch is a Python with PyTorch, the one of Debian's package if there is one.
const torch = "/usr/bin/python3"

// The truth is PyTorch: the same networks written there by hand, in another
// language and by other people's derivatives, from the parameters, rows and
// direction of the file alone. All in float64, where both round to about 1e-15.
func TestNetworksAgainstPyTorch(t *testing.T) {
	if os.Getenv("LEEWAY_SLOW") == "" || exec.Command(torch, "-c", "import torch, numpy").Run() != nil {
		t.Skip("needs LEEWAY_SLOW=1 and python3-torch")
	}
	const images = "data: {kind: gaussian, shape: [8, 8, 3], classes: 4, train: 6}"
	for _, c := range []struct {
		name, objective string
		peer            []string // function of torch_models.py, loss, settings
	}{
		{"mlp", "{model: {kind: mlp}, data: {kind: digits, train: 40, test: 0}}", []string{"mlp", "activation=tanh"}},
		{"mlp of images", "{model: {kind: mlp, hidden: [7], activation: softplus}, " + images + ", loss: mse}", []string{"mlp", "mse", "activation=softplus"}},
		{"mlp of two classes", "{model: {kind: mlp, hidden: [5, 4], activation: gelu}, data: {kind: breast-cancer, train: 30}, loss: logistic}", []string{"mlp", "logistic", "activation=gelu"}},
		{"exponential", "{model: {kind: mlp, hidden: [5], activation: sigmoid}, data: {kind: breast-cancer, train: 30}, loss: exponential}", []string{"mlp", "exponential", "activation=sigmoid"}},
		{"mlp in parts", "{model: {kind: mlp}, data: {kind: digits, train: 40, test: 0}, batch: {size: 16}, physical_batch: 7}", []string{"mlp", "activation=tanh"}},
		{"cnn", "{model: {kind: cnn, channels: [4, 5], dense: 6}, " + images + "}", []string{"cnn"}},
		{"cnn of tanh", "{model: {kind: cnn, channels: [4, 5, 3], dense: 6, activation: tanh}, data: {kind: digits, train: 10}}", []string{"cnn", "activation=tanh"}},
		{"resnet-18", "{model: {kind: resnet, depth: 18, width: 4}, " + images + "}", []string{"resnet"}},
		{"resnet-50", "{model: {kind: resnet, depth: 50, width: 2, activation: softplus}, " + images + "}", []string{"resnet", "activation=softplus"}},
		{"vit", "{model: {kind: vit, patch: 4, dim: 16, depth: 2, heads: 3, head_dim: 4, mlp_dim: 10}, " + images + "}", []string{"simple_vit", "heads=3"}},
		{"transformer", "{model: {kind: transformer, dim: 12, depth: 2, heads: 3, mlp_dim: 10}, data: {kind: markov, vocab: 9, length: 7, train: 5}}", []string{"transformer", "heads=3"}},
		{"tied transformer", "{model: {kind: transformer, dim: 12, depth: 2, heads: 3, mlp_dim: 10, tied: true}, data: {kind: markov, vocab: 9, length: 7, train: 5}}", []string{"transformer", "heads=3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.npz")
			if code := execute([]string{"check", "objective=" + c.objective, "--npz", path, "--json"}, io.Discard, testWriter{t}); code != 0 {
				t.Fatalf("exit code %d", code)
			}
			run := exec.Command(torch, append([]string{"../../bench/check_torch.py", path}, c.peer...)...)
			run.Stderr = testWriter{t}
			out, err := run.Output()
			if err != nil {
				t.Fatal(err)
			}
			var r struct {
				Parameters    int     `json:"parameters"`
				LossError     float64 `json:"loss_error"`
				GradientError float64 `json:"gradient_error"`
				HVPError      float64 `json:"hvp_error"`
				HVPNorm       float64 `json:"hvp_norm"`
			}
			if err := json.Unmarshal(out, &r); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			t.Logf("%d parameters: loss %.1e, gradient %.1e, product %.1e", r.Parameters, r.LossError, r.GradientError, r.HVPError)
			if !(max(r.LossError, r.GradientError, r.HVPError) <= 1e-9) || !(r.HVPNorm > 1e-3) || r.Parameters < 50 {
				t.Errorf("PyTorch differs: %s", out)
			}
		})
	}
}
