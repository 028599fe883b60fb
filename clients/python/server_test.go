package python_test

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/clients/python"
	"leeway/external"
)

// quadratic serves at the address in its argument.
const quadratic = `
import leeway, sys, numpy as np
leeway.serve(leeway.Objective(np.ones(100), lambda t, k: (t @ t / 2, t), product=lambda t, v, k: v), sys.argv[1])
`

// served starts the server and waits until it says that it serves.
func served(t *testing.T, dir, address string) {
	t.Helper()
	for name, text := range map[string][]byte{"leeway.py": python.Client, "model.py": []byte(quadratic)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(interpreter(t, "numpy"), "-B", "model.py", address)
	cmd.Dir = dir
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "serving at") {
			go func() {
				for lines.Scan() { // what breaks is said there, and must not block
				}
			}()
			return
		}
		t.Log(lines.Text())
	}
	t.Fatalf("%s is not served", address)
}

// free is a port of the loopback interface that nobody listens at.
func free(t *testing.T, host string) string {
	l, err := net.Listen("tcp", host+":0")
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// The server has one asker after the other, also after one that broke off in the middle,
// over all its kinds of sockets, and answers at once: an answer that waits for an
// acknowledgement takes 40 ms, so that the calls here would take a minute.
func TestServer(t *testing.T) {
	dir := t.TempDir()
	for _, address := range []string{"unix:" + filepath.Join(dir, "socket"), "tcp:" + free(t, "127.0.0.1"), "tcp:" + free(t, "[::1]")} {
		served(t, dir, address)
		network, where, _ := strings.Cut(address, ":")
		rude, err := net.Dial(network, where)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rude.Write([]byte("LWY1\x01\x00half a question")); err != nil {
			t.Fatal(err)
		}
		rude.Close()
		for range 2 {
			o, err := external.Open(external.Settings{Address: address, Timeout: time.Minute})
			if err != nil {
				t.Fatalf("%s: %v", address, err)
			}
			theta, g := make([]float64, 100), make([]float64, 100)
			theta[7] = 3
			for range 1500 {
				if loss, err := o.Gradient(g, theta, 0); err != nil || loss != 4.5 || g[7] != 3 {
					t.Fatalf("%s: loss %v, error %v", address, loss, err)
				}
			}
			if err := o.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// A file in the way is no socket and stays; and an address that others could reach is
// refused.
func TestServerRefuses(t *testing.T) {
	python3, dir := interpreter(t, "numpy"), t.TempDir()
	file := filepath.Join(dir, "precious")
	for name, text := range map[string][]byte{"leeway.py": python.Client, "model.py": []byte(quadratic), "precious": []byte("precious")} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for address, want := range map[string]string{"unix:" + file: "Address already in use", "tcp:0.0.0.0:0": "is not this machine"} {
		cmd := exec.Command(python3, "-B", "model.py", address)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v, %s", address, err, out)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "precious" {
		t.Errorf("the file is now %q (%v)", text, err)
	}
	// By a command leeway talks over the pipe: a script that serves an address says so.
	_, err := external.Open(external.Settings{Command: []string{python3, "-B", "model.py", "unix:" + filepath.Join(dir, "s")}, Directory: dir})
	if err == nil || !strings.Contains(err.Error(), "takes no address here") {
		t.Errorf("error %v of a command that serves an address", err)
	}
}

// The adapter for PyTorch. Truth: the derivatives of a softmax regression by hand.
func TestTorch(t *testing.T) {
	python3 := interpreter(t, "numpy, torch")
	const head = `
import torch, leeway
torch.manual_seed(0)
x, y = torch.randn(5, 3).double(), torch.tensor([0, 1, 1, 0, 1])
model = torch.nn.Linear(3, 2).double()
def loss(model, batch):
    return torch.nn.functional.cross_entropy(model(batch[0]), batch[1])
`
	o := serving(t, python3, head+"leeway.serve(leeway.from_torch(model, loss, [(x[:4], y[:4]), (x[4:], y[4:])], test=(5, lambda m: (loss(m, (x, y)), 0.5))))", external.Settings{})
	if o.Dim() != 8 || o.Weight(0) != 0.8 || o.Weight(1) != 0.2 {
		t.Fatalf("%d parameters, weights %v and %v: batches weigh by their rows", o.Dim(), o.Weight(0), o.Weight(1))
	}
	theta, err := o.Start()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Examine(theta); err != nil { // gradients are those of the loss, products theirs
		t.Fatal(err)
	}
	g, zero := make([]float64, 8), make([]float64, 8)
	if loss, err := o.Gradient(g, zero, 1); err != nil || loss < 0.693147 || loss > 0.693148 || g[7] != -0.5 || g[6] != 0.5 {
		t.Errorf("at zero the loss is %v, its gradient by the biases %v: want ln 2 and a half either way (%v)", loss, g[6:], err)
	}
	// Products at a point whose graph is kept, with a judgement at another in between.
	v, before, after := []float64{1, 2, 3, 4, 5, 6, 7, 8}, make([]float64, 8), make([]float64, 8)
	measure, _ := o.Judge("test")
	if err := o.HVP(before, theta, v, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := measure(zero); err != nil {
		t.Fatal(err)
	}
	if err := o.HVP(after, theta, v, 0); err != nil || !slices.Equal(before, after) {
		t.Errorf("%v, and after a judgement elsewhere %v (%v)", before, after, err)
	}
	// Kinks are seen whether a module or a function makes them, and a network of them is no
	// fault of its products; the network is smooth without.
	for hidden, kinks := range map[string]bool{"torch.relu(h)": true, "torch.nn.functional.leaky_relu(h)": true, "h.abs()": true, "h.clamp(0, 1)": true, "torch.tanh(h)": false, "torch.nn.functional.gelu(h)": false} {
		o := serving(t, python3, `
import torch, leeway
torch.manual_seed(0)
x, y = torch.randn(200, 20), torch.randint(0, 10, (200,))
layers = torch.nn.ModuleList([torch.nn.Linear(a, b) for a, b in ((20, 100), (100, 100), (100, 10))])
def loss(model, batch):
    h = batch[0]
    for layer in model[:-1]:
        h = layer(h)
        h = `+hidden+`
    return torch.nn.functional.cross_entropy(model[-1](h), batch[1])
leeway.serve(leeway.from_torch(layers, loss, [(x, y)]))`, external.Settings{})
		theta, err := o.Start()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Examine(theta); err != nil || o.Description().Kinks != kinks {
			t.Errorf("%s: kinks %v, error %v", hidden, o.Description().Kinks, err)
		}
	}
	for _, c := range [][2]string{
		{"model.half()", "should all be float32 or all float64"},
		{"model.bias.data = model.bias.data.float()", "should all be float32 or all float64"},
		{"model.requires_grad_(False)", "no parameter of the model requires a gradient"},
	} {
		if err := broken(t, python3, head+c[0]+"\nleeway.serve(leeway.from_torch(model, loss, [(x, y)]))"); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: %v", c[0], err)
		}
	}
	for _, c := range []string{"1.5", "model(b[0])", "model(b[0]).sum().detach()"} {
		if err := broken(t, python3, head+"leeway.serve(leeway.from_torch(model, lambda m, b: "+c+", [(x, y)]))"); err == nil || !strings.Contains(err.Error(), "should return one number with a gradient") {
			t.Errorf("loss %s: %v", c, err)
		}
	}
}

// broken is what is wrong with a model at its first questions.
func broken(t *testing.T, python3, model string) error {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string][]byte{"leeway.py": python.Client, "model.py": []byte(model)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	o, err := external.Open(external.Settings{Command: []string{python3, "-B", "model.py"}, Directory: dir})
	if err != nil {
		return err
	}
	defer o.Close()
	theta, err := o.Start()
	if err != nil {
		return err
	}
	_, err = o.Gradient(make([]float64, o.Dim()), theta, 0)
	return err
}

// What a run relies on is asked for first: one answer to one question, numbers, and
// products that are derivatives of the gradients.
func TestExamine(t *testing.T) {
	python3 := interpreter(t, "numpy")
	for model, want := range map[string]string{
		"leeway.Objective([1.0, 2.0], lambda t, k: (t @ t, 2 * t), product=lambda t, v, k: 2 * v)":                                                                                                       "",
		"leeway.Objective([1.0, 2.0], lambda t, k: (t @ t, 2 * t), product=lambda t, v, k: 0 * v)":                                                                                                       "it is not the derivative of the process's own gradients",
		"leeway.Objective([1.0, 2.0], lambda t, k: (t @ t, 2 * t), product=lambda t, v, k: 0 * v, kinks=True)":                                                                                           "differences of them say otherwise by 100 %",
		"leeway.Objective([1.0, 2.0], lambda t, k: (abs(t).sum() + 2, np.sign(t)), product=lambda t, v, k: 0 * v)":                                                                                       "",
		"leeway.Objective([1.0, 2.0], lambda t, k: (t @ t, 2 * t + np.random.randn(2)))":                                                                                                                 "the answers differ",
		"leeway.Objective([1.0, 2.0], lambda t, k: (np.nan, 2 * t))":                                                                                                                                     "the loss is NaN",
		"leeway.Objective([1.0, 2.0], lambda t, k: (np.nan if k else t @ t, 2 * t), batches=2)":                                                                                                          "the gradient of batch 1 at the start: the loss is NaN",
		"leeway.Objective([999.0, 1000.0], lambda t, k: (5 + (1 - np.cos(10 * (t - 999.9))).sum() * 1e-3, 1e-2 * np.sin(10 * (t - 999.9))), product=lambda t, v, k: 0.1 * np.cos(10 * (t - 999.9)) * v)": "", // faster than the steps of differences
		"leeway.Objective([1.0, 2.0], lambda t, k: (1.0, t / 0))":                                                                                                                                        "the norm of the gradient +Inf",
		"leeway.Objective([1.0, 2.0], lambda t, k: (t @ t, 2 * t), batches=3, product=lambda t, v, k: 2 * v, dtype='float32')":                                                                           "",
		"leeway.Objective([1.0, 2.0], lambda t, k: (float(t @ t), (2 * t)[::-1] if k else 2 * t), batches=2, product=lambda t, v, k: 2 * v)":                                                             "",
		"leeway.Objective([1.0, 2.0], lambda t, k: 1 / 0 if k else (t @ t, 2 * t), batches=2, product=lambda t, v, k: 2 * v)":                                                                            "division by zero",
		"leeway.Objective([1.0, 2.0], lambda t, k: (t @ t, 2 * t), product=lambda t, v, k: [1, 2, 3])":                                                                                                   "the answer has 3 numbers, the model 2 parameters",
	} {
		o := serving(t, python3, "import leeway, numpy as np\nleeway.serve("+model+")", external.Settings{})
		theta, err := o.Start()
		if err != nil {
			t.Fatal(err)
		}
		signs, err := o.Examine(theta)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: error %v, want %q", model, err, want)
		}
		if want == "" && (signs.Dim != 2 || signs.Loss < 5 || signs.Loss > 5.01) {
			t.Errorf("%s: signs %+v", model, signs)
		}
	}
}
